package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.IntOrString;

/** What a user asks for: distil this teacher into a student of this size over this many tokens. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DistillationJobSpec(
    TeacherSpec teacher,
    StudentSpec student,
    IntOrString tokenBudget,
    Stage stage,
    DataSpec data,
    ObjectiveSpec objective,
    SignalSpec signal,
    TrainingSpec training,
    TrainerSpec trainer,
    RolloutSpec rollout,
    CheckpointSpec checkpoint,
    SaturationSpec saturation,
    Boolean suspend,
    String queueName,
    Long activeDeadlineSeconds,
    Integer backoffLimit,
    Long ttlSecondsAfterFinished) {}
