package dev.alambic.operator.kueue;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** A request for the quota of some pods, admitted and evicted as a whole. */
@Group(Workload.GROUP)
@Version(Workload.VERSION)
@Plural("workloads")
public class Workload extends CustomResource<WorkloadSpec, WorkloadStatus> implements Namespaced {
  public static final String GROUP = "kueue.x-k8s.io";
  public static final String VERSION = "v1beta2";

  private static final long serialVersionUID = 1L;
}
