package dev.alambic.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;

/** A persistent volume claim, made for the job or already there. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.claimName) || !has(self.size)",
    message = "size: claimName names a volume that exists: leave size out",
    fieldPath = ".size",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "!has(self.claimName) || !has(self.storageClassName)",
    message = "storageClassName: claimName names a volume that exists: leave storageClassName out",
    fieldPath = ".storageClassName",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "!has(self.claimName) || !has(self.accessMode)",
    message = "accessMode: claimName names a volume that exists: leave accessMode out",
    fieldPath = ".accessMode",
    reason = "FieldValueForbidden")
@ValidationRule(
    value = "!has(self.claimName) || self.retention == 'Retain'",
    message = "retention: a volume that the job did not make is never deleted: leave it out",
    fieldPath = ".retention",
    reason = "FieldValueForbidden")
public record VolumeSpec(
    @JsonPropertyDescription(
            "A persistent volume claim of the job's namespace that exists already. Default: one"
                + " is made for the job.")
        @Pattern(Patterns.NAME)
        @Size(min = 1, max = 253)
        String claimName,
    @JsonPropertyDescription(
            "Size of the claim that is made, in bytes: 200Gi, 1.5Ti. Default: what the plan estimates.")
        @Pattern(Patterns.VOLUME_SIZE)
        Quantity size,
    @JsonPropertyDescription(
            "Storage class of the claim that is made. Default: the cluster's default class.")
        @Pattern(Patterns.NAME)
        @Size(min = 1, max = 253)
        String storageClassName,
    @JsonPropertyDescription(
            "From where the claim that is made can be mounted. ReadWriteOnce: by the pods of one"
                + " node. ReadWriteMany: by pods of any nodes, which not every storage class can do."
                + " Default: ReadWriteMany if trainer.replicas is more than 1, else ReadWriteOnce.")
        AccessMode accessMode,
    @JsonPropertyDescription(
            "What happens to the claim that was made when the job is deleted. Retain: it stays."
                + " Delete: it is deleted with the job. Default Retain.")
        @Default("Retain")
        Retention retention) {}
