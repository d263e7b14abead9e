package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What is true of a job, as last seen. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DistillationJobStatus(
    Phase phase,
    List<Condition> conditions,
    Long observedGeneration,
    String startTime,
    String completionTime,
    ProgressStatus progress,
    LossStatus loss,
    SaturationStatus saturation,
    TeacherStatus teacher,
    CheckpointStatus checkpoint,
    ModelStatus model,
    List<String> advice) {}
