package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** The trainer pods. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainerSpec(
    @JsonPropertyDescription(
            "Trainer pods that share each batch (data parallelism). A pod that asks for several"
                + " GPUs has a trainer process for each: pods x GPUs in a pod trainers, of which the"
                + " batch's sequences must be a multiple. In stage PostTraining 1, with one GPU at"
                + " most. Default 1.")
        @Min(1)
        @Max(4096)
        @Default("1")
        Integer replicas,
    @JsonPropertyDescription(
            "What is split over the trainers, of all pods and GPUs, instead of being held by each."
                + " None: nothing."
                + " Optimizer: the optimizer's state. Full: parameters, gradients and optimizer,"
                + " with activations recomputed. Default None.")
        @Default("None")
        Sharding sharding,
    @JsonPropertyDescription(
            "Image, resources, placement and environment of the trainer pods. Default: the"
                + " operator's trainer image, no resources asked for.")
        PodOverrides pod) {}
