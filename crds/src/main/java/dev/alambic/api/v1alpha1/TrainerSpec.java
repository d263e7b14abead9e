package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** The trainer pods. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainerSpec(Integer replicas, Sharding sharding, PodOverrides pod) {}
