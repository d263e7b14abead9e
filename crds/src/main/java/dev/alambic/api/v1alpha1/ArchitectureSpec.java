package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** An explicit decoder shape; what is left out is derived from the size. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.heads) || !has(self.keyValueHeads) || self.heads % self.keyValueHeads == 0",
    message = "keyValueHeads: must divide heads, because each key-value head serves as many heads",
    fieldPath = ".keyValueHeads",
    reason = "FieldValueInvalid")
@ValidationRule(
    value = "!has(self.headSize) || self.headSize % 2 == 0",
    message = "headSize: must be even, because rotary positions turn pairs of numbers",
    fieldPath = ".headSize",
    reason = "FieldValueInvalid")
public record ArchitectureSpec(
    @JsonPropertyDescription("Width of the residual stream. Default: derived from size.")
        @Min(1)
        @Max(131072)
        Integer hiddenSize,
    @JsonPropertyDescription(
            "Number of layers. With initFrom at most its own; fewer are taken evenly spaced, the"
                + " first and the last among them. Default: derived from size, or initFrom's.")
        @Min(1)
        @Max(1024)
        Integer layers,
    @JsonPropertyDescription("Query heads per layer. Default: derived from size.")
        @Min(1)
        @Max(1024)
        Integer heads,
    @JsonPropertyDescription(
            "Key and value heads per layer; divides heads. Fewer make a smaller cache at"
                + " inference. Default: derived from size.")
        @Min(1)
        @Max(1024)
        Integer keyValueHeads,
    @JsonPropertyDescription("Width of one head; even. Default: derived from size.")
        @Min(2)
        @Max(1024)
        Integer headSize,
    @JsonPropertyDescription(
            "Width of the gated feed-forward block, per matrix. Default: derived from size.")
        @Min(1)
        @Max(1048576)
        Integer feedForwardSize,
    @JsonPropertyDescription(
            "Rows of the embedding, in tokens; must be the teacher's, because their probabilities"
                + " are compared. Default: the teacher's.")
        @Min(2)
        @Max(4194304)
        Integer vocabularySize,
    @JsonPropertyDescription(
            "Tokens that a sliding-window layer sees, itself included. Default: 4096, or"
                + " contextLength where that is less.")
        @Min(1)
        @Max(16777216)
        Integer slidingWindow,
    @JsonPropertyDescription(
            "The longest sequence the student reads, in tokens. Default: the longer of"
                + " training.sequenceLength and 8192.")
        @Min(1)
        @Max(16777216)
        Integer contextLength) {}
