package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.SignalMode;

/** Mode Offline: the signal cache is filled before the training, which then asks no teacher. */
public final class Offline {
  private Offline() {}

  /** Whether a job asks for it. */
  public static boolean is(DistillationJobSpec spec) {
    return spec.signal() != null && spec.signal().mode() == SignalMode.Offline;
  }
}
