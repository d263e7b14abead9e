package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What the student minimises. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.beta) || self.divergence == 'JensenShannon'",
    message = "beta: only divergence JensenShannon has it: leave it out",
    fieldPath = ".beta",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "!has(self.beta) || (double(self.beta) > 0.0 && double(self.beta) < 1.0)",
    message = "beta: must lie between 0 and 1: at the ends write ForwardKL or ReverseKL",
    fieldPath = ".beta",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "double(self.temperature) > 0.0 && double(self.temperature) <= 100.0",
    message = "temperature: must be above 0 and at most 100",
    fieldPath = ".temperature",
    reason = "FieldValueInvalid")
public record ObjectiveSpec(
    @JsonPropertyDescription(
            "How the student's distribution is compared with the teacher's. ForwardKL,"
                + " KL(teacher || student): cover everything the teacher considers likely. ReverseKL,"
                + " KL(student || teacher): say nothing that the teacher would not. JensenShannon:"
                + " between the two, see beta. Default ForwardKL.")
        @Default("ForwardKL")
        Divergence divergence,
    @JsonPropertyDescription(
            "Divides the logits of teacher and student alike before the softmax; above 1 the"
                + " teacher's unlikely tokens weigh more. A decimal as text, above 0 and at most"
                + " 100. Default \"1.0\".")
        @Default("1.0")
        @Pattern(Patterns.DECIMAL)
        @Size(min = 1, max = 26)
        String temperature,
    @JsonPropertyDescription(
            "Share of the text's own next token in the loss, the rest is the divergence: \"0\" is"
                + " distillation alone, \"1\" is plain training without the teacher. A decimal as"
                + " text from 0 to 1. Default \"0\".")
        @Default("0")
        @Pattern(Patterns.FRACTION)
        @Size(min = 1, max = 14)
        String labelWeight,
    @JsonPropertyDescription(
            "Weight of the teacher in the mixture of the Jensen-Shannon divergence; only with"
                + " divergence JensenShannon. A decimal as text between 0 and 1. Default 0.5.")
        @Pattern(Patterns.FRACTION)
        @Size(min = 1, max = 14)
        String beta) {}
