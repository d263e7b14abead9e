package dev.alambic.operator.kueue;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** Nodes of one kind; of the whole cluster. */
@Group(Workload.GROUP)
@Version(Workload.VERSION)
@Plural("resourceflavors")
public class ResourceFlavor extends CustomResource<ResourceFlavorSpec, Void> {
  private static final long serialVersionUID = 1L;
}
