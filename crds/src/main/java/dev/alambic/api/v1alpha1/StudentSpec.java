package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The model that is made. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.size) || has(self.architecture)",
    message = "size: say how large the student is, such as 2.6B, or give its architecture",
    fieldPath = ".size",
    reason = "FieldValueRequired")
public record StudentSpec(
    @JsonPropertyDescription(
            "The student's parameters, embedding included: 2.6B, 9B and 27B are Gemma 2's shapes;"
                + " for any other size, such as 300M or a plain integer, a shape is derived."
                + " Required unless architecture is given. Immutable.")
        @Pattern(Patterns.COUNT)
        @Size(min = 1, max = 20)
        String size,
    @JsonPropertyDescription(
            "An explicit shape; what it leaves out is derived from size. Default: all derived from"
                + " size. Immutable.")
        ArchitectureSpec architecture,
    @JsonPropertyDescription(
            "Weights to start from; their shape must be the student's. Needed for stage"
                + " PostTraining. Default: random weights from training.seed. Immutable.")
        ModelSource initFrom) {}
