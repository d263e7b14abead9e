package dev.alambic.operator.kueue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/** A priority of workloads; of the whole cluster. */
@JsonIgnoreProperties(ignoreUnknown = true)
@Group(Workload.GROUP)
@Version(Workload.VERSION)
@Plural("workloadpriorityclasses")
public class WorkloadPriorityClass extends CustomResource<Void, Void> {
  private static final long serialVersionUID = 1L;

  private int value;

  /** The higher, the sooner. */
  public int getValue() {
    return value;
  }

  /** As {@link #getValue}. */
  public void setValue(int value) {
    this.value = value;
  }
}
