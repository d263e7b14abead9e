package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What to do when more tokens no longer help. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "double(self.minGain) > 0.0",
    message = "minGain: must be above 0, or the student would never saturate",
    fieldPath = ".minGain",
    reason = "FieldValueInvalid")
public record SaturationSpec(
    @JsonPropertyDescription(
            "What happens at saturation. Stop: the learning rate decays at once, the run ends"
                + " early and unspent tokens are reported. Continue: only report. Default Stop.")
        @Default("Stop")
        SaturationAction action,
    @JsonPropertyDescription(
            "The student is saturated when 10 % more tokens would lower the validation loss by"
                + " less than this, in nats per token. A decimal as text, above 0. Default"
                + " \"0.002\".")
        @Default("0.002")
        @Pattern(Patterns.DECIMAL)
        @Size(min = 1, max = 26)
        String minGain) {}
