package dev.alambic.progress;

import dev.alambic.run.Progress;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** A run's numbers for Prometheus, read from its progress when scraped. */
public final class TrainerMetrics {
  private final MeterRegistry registry;
  private final Supplier<Progress> progress;

  private TrainerMetrics(MeterRegistry registry, Supplier<Progress> progress) {
    this.registry = registry;
    this.progress = progress;
  }

  /**
   * Registers the meters of a trainer.
   *
   * @param rollouts the student's answering of prompts
   * @param saving of checkpoints
   */
  public static void bind(
      MeterRegistry registry, Supplier<Progress> progress, TimeSpent rollouts, TimeSpent saving) {
    timer(registry, "alambic.trainer.rollout", "Answering prompts (PostTraining)", rollouts);
    timer(
        registry, "alambic.trainer.checkpoint", "Writing checkpoints, beside the training", saving);
    TrainerMetrics metrics = new TrainerMetrics(registry, progress);
    metrics.counter("alambic.trainer.tokens", "Tokens trained on", p -> p.position().tokens());
    metrics.counter("alambic.trainer.steps", "Optimizer steps", p -> p.position().step());
    metrics.counter(
        "alambic.trainer.bad.steps",
        "Steps skipped: loss or gradient not finite, or exploded",
        p -> p.learning().badSteps());
    metrics.counter(
        "alambic.trainer.rollbacks",
        "How often the weights went back to a checkpoint",
        p -> p.learning().rollbacks());
    metrics.gauge(
        "alambic.trainer.checkpoint.failing",
        "1 while the last checkpoint could not be written",
        p -> p.saved().failure() == null ? 0 : 1);
    metrics.gauge(
        "alambic.trainer.damaged.checkpoints",
        "Checkpoints skipped at the start because they are damaged",
        p -> p.saved().damaged().size());
    metrics.gauge(
        "alambic.trainer.budget.tokens", "Tokens to train on", p -> p.position().tokenBudget());
    metrics.gauge(
        "alambic.trainer.tokens.per.second",
        "Tokens trained on per second, over the last minute or so",
        p -> p.speed().tokensPerSecond());
    metrics.gauge(
        "alambic.trainer.teacher.wait.ratio",
        "Share of time waiting for a teacher",
        p -> p.speed().teacherWaitShare());
    metrics.gauge(
        "alambic.trainer.saved.tokens",
        "Tokens of the budget that ending early saves",
        p -> p.verdict().saturation() == null ? null : p.verdict().saturation().savedTokens());
    metrics.gauge(
        "alambic.trainer.evaluation.noise.nats",
        "Standard deviation of one evaluation, nats per token",
        p ->
            p.verdict().saturation() == null || p.verdict().saturation().fit() == null
                ? null
                : p.verdict().saturation().fit().noise());
    metrics.gauge(
        "alambic.trainer.checkpoint.timestamp.seconds",
        "When the newest good checkpoint was written, seconds since 1970",
        p ->
            p.saved().checkpoint() == null ? null : p.saved().checkpoint().time().getEpochSecond());
    metrics.gauge(
        "alambic.trainer.saturation.gain.nats",
        "What 10 % more tokens would still bring, nats per token",
        p -> p.verdict().saturation() == null ? null : p.verdict().saturation().gains().perTenth());
    metrics.gauge(
        "alambic.trainer.learning.rate", "Learning rate", p -> p.learning().learningRate());
    metrics.gauge(
        "alambic.trainer.loss.nats", "Objective, nats per token", p -> p.learning().trainLoss());
    metrics.gauge(
        "alambic.trainer.validation.loss.nats",
        "Held-out cross-entropy, nats per token",
        p -> last(p, Progress.CurvePoint::crossEntropy));
    metrics.gauge(
        "alambic.trainer.divergence.nats",
        "Held-out forward KL from the teacher, nats per token",
        p -> last(p, Progress.CurvePoint::divergence));
    metrics.mass(
        "alambic.trainer.teacher.mass.ratio",
        "Held-out: the teacher's probability on the ids of its signal",
        Progress.Masses::teacher);
    metrics.mass(
        "alambic.trainer.student.mass.ratio",
        "Held-out: the student's probability on the ids of the teacher's signal",
        Progress.Masses::student);
    metrics.mass(
        "alambic.trainer.shared.mass.ratio",
        "Held-out: the lesser of both, id by id",
        Progress.Masses::shared);
  }

  private static void timer(MeterRegistry registry, String name, String help, TimeSpent spent) {
    FunctionTimer.builder(
            name, spent, TimeSpent::count, t -> t.total().toNanos(), TimeUnit.NANOSECONDS)
        .description(help)
        .register(registry);
  }

  private void mass(String name, String help, Function<Progress.Masses, Double> of) {
    gauge(
        name,
        help,
        p -> last(p, point -> point.masses() == null ? null : of.apply(point.masses())));
  }

  private static Double last(Progress progress, Function<Progress.CurvePoint, Double> of) {
    int size = progress.learning().curve().size();
    return size == 0 ? null : of.apply(progress.learning().curve().get(size - 1));
  }

  private void counter(String name, String help, Function<Progress, Long> value) {
    FunctionCounter.builder(name, progress, p -> value.apply(p.get()).doubleValue())
        .description(help)
        .register(registry);
  }

  private void gauge(String name, String help, Function<Progress, ? extends Number> value) {
    Gauge.builder(name, () -> value.apply(progress.get())).description(help).register(registry);
  }
}
