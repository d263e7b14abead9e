package dev.alambic.cli.local;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.Phase;
import dev.alambic.cli.text.RunDisplay;
import dev.alambic.operator.lifecycle.Decision;
import dev.alambic.operator.lifecycle.Event;
import dev.alambic.operator.lifecycle.Lifecycle;
import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.operator.lifecycle.Outcome;
import dev.alambic.operator.lifecycle.Report;
import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.run.Progress;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * A job carried out on this machine: observe, decide, act, again and again, until it has ended or
 * the user suspends it.
 */
public final class LocalRun {
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final DistillationJob job;
  private final RunPlan plan;
  private final LocalWorld world;
  private final StatusFile statusFile;
  private final InstantSource clock;
  private final Interrupt interrupt;
  private final PrintStream warnings;

  public LocalRun(
      DistillationJob job,
      RunPlan plan,
      LocalWorld world,
      StatusFile statusFile,
      InstantSource clock,
      Interrupt interrupt,
      PrintStream warnings) {
    this.job = job;
    this.plan = plan;
    this.world = world;
    this.statusFile = statusFile;
    this.clock = clock;
    this.interrupt = interrupt;
    this.warnings = warnings;
  }

  /**
   * Runs the job.
   *
   * @return its last phase: Complete, Failed or Suspended
   */
  public Phase run(RunDisplay display) throws IOException, InterruptedException {
    try {
      Phase phase = step(display);
      while (!isEnd(phase)) {
        boolean suspend = interrupt.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        if (suspend) {
          suspend();
        }
        phase = step(display);
      }
      return phase;
    } finally {
      world.stop();
    }
  }

  private Phase step(RunDisplay display) throws IOException, InterruptedException {
    ObservedState observed = world.observe();
    Decision decision =
        Lifecycle.decide(job, new PlanResult.Planned(plan), observed, clock.instant());
    world.carryOut(decision.desired(), observed, ObservedState.Order.of(plan));
    Report report = Lifecycle.report(decision, Outcome.done());
    if (!report.status().equals(job.getStatus())) {
      job.setStatus(report.status());
      statusFile.write(job);
    }
    report.events().stream()
        .filter(event -> event.type() == Event.Type.Warning)
        .forEach(event -> warnings.println(event.reason() + ": " + event.message()));
    Progress progress = world.progress();
    if (progress != null) {
      display.show(progress);
    }
    return report.status().phase();
  }

  private void suspend() {
    job.setSpec(job.getSpec().withSuspend(true));
  }

  private static boolean isEnd(Phase phase) {
    return phase == Phase.Complete || phase == Phase.Failed || phase == Phase.Suspended;
  }
}
