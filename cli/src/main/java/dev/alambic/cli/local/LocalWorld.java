package dev.alambic.cli.local;

import dev.alambic.failure.ExitCode;
import dev.alambic.operator.lifecycle.Children;
import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.operator.lifecycle.Problem;
import dev.alambic.run.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.OptionalInt;

/** The children of a job as processes of this machine: seen, and made what a decision asks for. */
public final class LocalWorld {
  private final TeacherProcesses teachers;
  private final TrainerProcesses trainer;
  private final FillProcesses fills;
  private final RunFolder folder;
  private final InstantSource clock;

  public LocalWorld(
      TeacherProcesses teachers,
      FillProcesses fills,
      TrainerProcesses trainer,
      RunFolder folder,
      InstantSource clock) {
    this.teachers = teachers;
    this.fills = fills;
    this.trainer = trainer;
    this.folder = folder;
    this.clock = clock;
  }

  /** What is there. */
  ObservedState observe() throws IOException, InterruptedException {
    ObservedState.Work seen = trainer.observe(clock.instant());
    boolean finished = Files.exists(folder.student().resolve("config.json"));
    return new ObservedState(
        teacher(),
        seen,
        trainer.progress(),
        finished ? "file://" + folder.student() : null,
        fills.observe(clock.instant()));
  }

  private ObservedState.Teacher teacher() throws IOException, InterruptedException {
    OptionalInt failure = teachers.firstFailure();
    Problem problem = failure.isEmpty() ? null : problem(failure.getAsInt());
    String endpoint = String.join(",", teachers.endpoints());
    return new ObservedState.Teacher(teachers.wanted(), teachers.ready(), problem, endpoint);
  }

  private Problem problem(int exitCode) throws IOException {
    String lastError = LastError.of("teacher", exitCode, folder.teacherLog(0));
    return ExitCode.of(exitCode).retriable()
        ? Problem.of("TeacherEnded", lastError)
        : Problem.fatal("TeacherEnded", lastError);
  }

  /** The newest progress of the trainer or of what fills its cache; null until there is one. */
  Progress progress() throws InterruptedException {
    Progress filling = fills.progress();
    return filling == null ? trainer.progress() : filling;
  }

  /**
   * Makes the children what is desired. The trainer stops before its teacher does, and starts
   * after.
   *
   * @param order that a trainer started now gets
   */
  void carryOut(Children desired, ObservedState observed, ObservedState.Order order)
      throws IOException, InterruptedException {
    if (desired.trainer() == Children.TrainerAction.None) {
      trainer.discard(clock.instant());
    }
    if (desired.fill() == Children.TrainerAction.None) {
      fills.stop();
    }
    teachers.scale(desired.teacherReplicas());
    if (starts(desired.fill(), observed.fill().work())) {
      fills.start(order);
    }
    if (starts(desired.trainer(), observed.trainer())) {
      trainer.start(order);
    }
  }

  private static boolean starts(Children.TrainerAction action, ObservedState.Work there) {
    return switch (action) {
      case Restart -> true;
      case Run -> there.state() == ObservedState.WorkState.Absent;
      case None, Keep -> false;
    };
  }

  /** Stops all children. */
  void stop() throws IOException, InterruptedException {
    trainer.stop();
    fills.stop();
    teachers.scale(0);
  }
}
