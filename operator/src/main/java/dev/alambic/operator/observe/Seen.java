package dev.alambic.operator.observe;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;

/**
 * The objects of a job that tell how it is.
 *
 * @param teacher its Deployment, or null
 * @param trainer its Job, or null
 * @param checkpoints its claim, or null if it has none or uses one that it did not make
 * @param fill the Job that fills the signal cache, or null
 */
public record Seen(
    Deployment teacher,
    Job trainer,
    List<Pod> teacherPods,
    List<Pod> trainerPods,
    PersistentVolumeClaim checkpoints,
    Job fill,
    List<Pod> fillPods) {}
