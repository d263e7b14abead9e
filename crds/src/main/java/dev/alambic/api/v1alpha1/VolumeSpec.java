package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;

/** A persistent volume claim, made for the job or already there. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VolumeSpec(
    String claimName, Quantity size, String storageClassName, Retention retention) {}
