package dev.alambic.operator.observe;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;

/**
 * The objects of a job that show its state.
 *
 * @param teacher its Deployment, or null
 * @param trainer its Job and pods
 * @param fill the Job that fills the signal cache, and its pods
 * @param checkpoints its claim, or null if it has none or uses one that it did not make
 */
public record ChildObjects(
    Deployment teacher,
    List<Pod> teacherPods,
    IndexedJob trainer,
    IndexedJob fill,
    PersistentVolumeClaim checkpoints) {}
