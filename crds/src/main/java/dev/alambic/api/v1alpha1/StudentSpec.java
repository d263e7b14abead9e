package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The model that is made. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.size) || has(self.architecture) || has(self.initFrom)",
    message =
        "size: say how large the student is, such as 2.6B, or give its architecture, or the weights"
            + " it starts from",
    fieldPath = ".size",
    reason = "FieldValueRequired")
public record StudentSpec(
    @JsonPropertyDescription(
            "The student's parameters, embedding included: 2.6B, 9B and 27B are Gemma 2's shapes;"
                + " for any other size, such as 300M or a plain integer, a shape is derived."
                + " With initFrom the weights decide, and the size is what memory is planned by"
                + " where the operator cannot read them. Required unless architecture or initFrom"
                + " is given. Immutable.")
        @Pattern(Patterns.COUNT)
        @Size(min = 1, max = 20)
        String size,
    @JsonPropertyDescription(
            "An explicit shape; what it leaves out is derived from size, or is initFrom's. Default:"
                + " all derived from size. Immutable.")
        ArchitectureSpec architecture,
    @JsonPropertyDescription(
            "Weights to start from; the student has their shape and must share the teacher's"
                + " vocabulary. With architecture.layers fewer than theirs, it takes evenly spaced"
                + " layers, the first and the last always among them; any other field of"
                + " architecture that differs is refused. Needed for stage PostTraining. Default:"
                + " random weights from training.seed. Immutable.")
        ModelSource initFrom) {}
