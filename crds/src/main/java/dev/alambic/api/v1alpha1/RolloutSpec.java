package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How the student answers prompts (PostTraining). */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "double(self.temperature) <= 100.0",
    message = "temperature: must be at most 100",
    fieldPath = ".temperature",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "double(self.topP) > 0.0",
    message = "topP: must be above 0: \"1.0\" keeps every token",
    fieldPath = ".topP",
    reason = "FieldValueInvalid")
public record RolloutSpec(
    @JsonPropertyDescription(
            "Temperature at which the student answers; \"0\" takes the most probable token. A"
                + " decimal as text from 0 to 100. Default \"1.0\".")
        @Default("1.0")
        @Pattern(Patterns.DECIMAL)
        @Size(min = 1, max = 26)
        String temperature,
    @JsonPropertyDescription(
            "The student draws from the fewest tokens whose probabilities reach this. A decimal"
                + " as text, above 0 and at most 1. Default \"1.0\": from all.")
        @Default("1.0")
        @Pattern(Patterns.FRACTION)
        @Size(min = 1, max = 14)
        String topP,
    @JsonPropertyDescription("The longest answer, in tokens. Default 512.")
        @Min(1)
        @Max(1048576)
        @Default("512")
        Integer maxNewTokens,
    @JsonPropertyDescription("Answers per prompt. Default 1.") @Min(1) @Max(1024) @Default("1")
        Integer samplesPerPrompt,
    @JsonPropertyDescription(
            "Share of the answers that the student writes itself; the others are the data's own,"
                + " its field completion or the last message of the assistant (generalised knowledge distillation, arXiv 2306.13649). A decimal as text from"
                + " 0 to 1. Default \"1.0\".")
        @Default("1.0")
        @Pattern(Patterns.FRACTION)
        @Size(min = 1, max = 14)
        String onPolicyFraction,
    @JsonPropertyDescription(
            "Decides the student's draws and which answers are its own. Default: training.seed.")
        @Min(0)
        Long seed) {}
