package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;

/** The teacher as it runs. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TeacherStatus(Integer readyReplicas, String endpoint) {}
