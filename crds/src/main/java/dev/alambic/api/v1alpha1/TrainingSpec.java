package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** How the student is trained. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.peakLearningRate) || (double(self.peakLearningRate) > 0.0"
            + " && double(self.peakLearningRate) <= 1.0)",
    message = "peakLearningRate: must be above 0 and at most 1",
    fieldPath = ".peakLearningRate",
    reason = "FieldValueInvalid")
public record TrainingSpec(
    @JsonPropertyDescription(
            "Tokens in one sequence; at most the teacher's context. Default: chosen for the"
                + " student's size, at most the teacher's context.")
        @Min(2)
        @Max(16777216)
        Integer sequenceLength,
    @JsonPropertyDescription(
            "Tokens per optimizer step over all trainer pods, such as 1M; rounded to whole"
                + " sequences. In stage PostTraining tokens of answers. Default: chosen for the student's size and the budget.")
        @Pattern(Patterns.COUNT)
        @Size(min = 1, max = 20)
        String batchTokens,
    @JsonPropertyDescription(
            "The learning rate after warm-up. A decimal as text, above 0 and at most 1, such as"
                + " \"3e-4\". Default: chosen for the student's size; in stage PostTraining a tenth"
                + " of that.")
        @Pattern(Patterns.DECIMAL)
        @Size(min = 1, max = 26)
        String peakLearningRate,
    @JsonPropertyDescription(
            "The learning rate over the run. WarmupStableDecay: constant until a short decay at"
                + " the end, which may begin early at saturation (arXiv 2404.06395). Cosine: half"
                + " a cosine over the whole budget. Default WarmupStableDecay.")
        @Default("WarmupStableDecay")
        Schedule schedule,
    @JsonPropertyDescription(
            "Number format of the forward and backward pass; master weights are always fp32."
                + " Default BF16.")
        @Default("BF16")
        Precision precision,
    @JsonPropertyDescription(
            "Decides the student's first weights, the order of the data and the teacher's draws:"
                + " same seed, same data, same hardware, same student. Default 0.")
        @Min(0)
        @Default("0")
        Long seed) {}
