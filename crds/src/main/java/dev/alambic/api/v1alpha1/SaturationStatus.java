package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.soabase.recordbuilder.core.RecordBuilder;

/** Whether more tokens still help. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RecordBuilder
public record SaturationStatus(
    @JsonPropertyDescription(
            "Unknown: too few evaluations. Improving: more tokens help."
                + " NearSaturation: the estimated saturation point is within twice the"
                + " tokens so far. Saturated: more tokens bring less than"
                + " saturation.minGain. Indeterminate: evaluations are too noisy to tell."
                + " Regressing: the validation loss rises. TeacherBound: the gap to the"
                + " teacher is gone, a better teacher would help and tokens will not.")
        SaturationState state,
    @JsonPropertyDescription(
            "What 10 % more tokens would still bring, in nats per token, as a"
                + " decimal in text.")
        String gain,
    @JsonPropertyDescription(
            "What twice the tokens would still bring, in nats per token, as a"
                + " decimal in text.")
        String gainPerDoubling,
    @JsonPropertyDescription(
            "What ten times the tokens would still bring, in nats per token, as a"
                + " decimal in text.")
        String gainPerDecade,
    @JsonPropertyDescription(
            "The tokens at which the gain falls below saturation.minGain, by the" + " fit.")
        TokenRange saturationTokens,
    @JsonPropertyDescription(
            "The tokens at which a student of this size is expected to saturate,"
                + " from published runs (2.6B: 2T, 9B: 8T, 27B: 13T); known before the"
                + " job starts.")
        Long expectedTokens,
    @JsonPropertyDescription("The curve fitted to the evaluations.") FitStatus fit,
    @JsonPropertyDescription(
            "Tokens of the budget that are never trained on, because the run ends early;"
                + " absent unless it does.")
        Long savedTokens,
    @JsonPropertyDescription(
            "GPU-hours that those tokens would have taken at the last speed, over all"
                + " trainer and teacher GPUs, as a decimal in text; absent without GPUs.")
        String savedGpuHours,
    @JsonPropertyDescription(
            "Why the run ends early: Saturation, or Request where the annotation"
                + " alambic.dev/finish asked for it; absent unless it does.")
        StopCause stoppedBy)
    implements SaturationStatusBuilder.With {}
