package dev.alambic.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A teacher, a student size and a token budget: one run of distillation. */
@Group("alambic.dev")
@Version("v1alpha1")
@Plural("distillationjobs")
@ShortNames("dj")
public class DistillationJob extends CustomResource<DistillationJobSpec, DistillationJobStatus>
    implements Namespaced {}
