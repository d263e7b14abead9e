package dev.alambic.bench.speed;

import ai.djl.pytorch.jni.JniUtils;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.decoder.DecoderConfig;

/**
 * What was measured of one model with some threads.
 *
 * @param matmul GFLOP/s of a bare product, before and after the rest: the better one
 * @param step tokens per second of a training step
 */
record Measurement(
    ModelSize size,
    int threads,
    Precision precision,
    double matmul,
    double step,
    TeacherSpeed teacher) {

  /** Measures in this process, whose engine is started. */
  static Measurement of(ModelSize size, int threads, Precision precision, Pace pace) {
    JniUtils.setNumThreads(threads);
    double before = MatmulSpeed.best(size, precision, pace.brief());
    double step = StepSpeed.tokensPerSecond(size, threads, precision, pace);
    TeacherSpeed teacher = TeacherSpeed.measure(size, precision, pace);
    double after = MatmulSpeed.best(size, precision, pace.brief());
    return new Measurement(size, threads, precision, Math.max(before, after), step, teacher);
  }

  /** GFLOP/s of a training step, matrix products only. */
  double stepGigaflops() {
    return step * FlopCount.training(shape(), ModelSize.SEQUENCE) / 1e9;
  }

  /** GFLOP/s of scoring, matrix products only. */
  double scoringGigaflops() {
    return teacher.scoring() * FlopCount.forward(shape(), ModelSize.SEQUENCE) / 1e9;
  }

  private DecoderConfig shape() {
    return size.shape();
  }
}
