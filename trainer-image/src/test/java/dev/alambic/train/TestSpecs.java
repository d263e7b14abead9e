package dev.alambic.train;

import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.run.RunSpec;

/** Small settings for tests. */
final class TestSpecs {
  static final RunSpec.Objective FORWARD_KL = new RunSpec.Objective(Divergence.ForwardKL, 1, 0, 0.5);

  private TestSpecs() {}

  static RunSpec.Training training(
      long steps, long warmup, long decay, double peak, Schedule schedule) {
    int sequence = 16;
    int batch = 8;
    return new RunSpec.Training(
        steps * batch * sequence,
        sequence,
        batch,
        4,
        steps,
        warmup,
        decay,
        peak,
        0,
        0.9,
        0.95,
        1e-8,
        0.1,
        1,
        schedule,
        Precision.FP32,
        false,
        0);
  }
}
