package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The teacher as it runs. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TeacherStatus(
    @JsonPropertyDescription("Teacher pods that answer.") Integer readyReplicas,
    @JsonPropertyDescription("Where the trainer reaches the teacher.") String endpoint,
    @JsonPropertyDescription(
            "Share of the last minute or so that the trainer waited for the teacher, in steps of"
                + " 0.05, as a decimal in text; absent while it makes no steps.")
        String waitShare,
    @JsonPropertyDescription(
            "Replicas at which the trainer would hardly wait, by that share; absent while it hardly"
                + " does.")
        Integer neededReplicas) {}
