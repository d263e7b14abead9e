package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** When the trainer saves and where. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CheckpointSpec(
    @JsonPropertyDescription(
            "Tokens between two checkpoints, such as 500M: what a killed trainer may lose."
                + " Default: chosen from the budget.")
        @Pattern(Patterns.COUNT)
        @Size(min = 1, max = 20)
        String everyTokens,
    @JsonPropertyDescription("How many checkpoints stay; older ones are deleted. Default 3.")
        @Min(1)
        @Max(1000)
        @Default("3")
        Integer keep,
    @JsonPropertyDescription(
            "The volume of checkpoints and the finished student. Default: a claim made for the"
                + " job, as large as the plan estimates, that stays when the job is deleted.")
        VolumeSpec volume,
    @JsonPropertyDescription(
            "What to do with checkpoints that another spec, other data or another teacher left"
                + " under this job's name on the volume. false: the job fails and says what"
                + " differs. true: they are put aside, and the student starts from the beginning; checkpoints of"
                + " this spec are gone on from all the same, so that it may stay true."
                + " Default false.")
        @Default("false")
        Boolean restart) {}
