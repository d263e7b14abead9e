package dev.alambic.bench.distil;

import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.run.RunSpec;
import java.util.List;

/** A run of this benchmark in the terms of the trainer. */
final class RunSpecs {
  static final RunSpec.Signal SIGNAL = new RunSpec.Signal(SignalEncoding.Sampled, 50, 11, null);
  private static final int WHOLE_HELD_OUT_TEXT = 1 << 20;
  private static final long CHECKPOINT_TOKENS = 1 << 20;

  private RunSpecs() {}

  static RunSpec of(Run run, WorkFolder work) {
    return new RunSpec(
        RunSpec.VERSION,
        run.name(),
        teacher(run, work),
        student(run, work),
        work.data(),
        new RunSpec.Objective(Divergence.ForwardKL, 1, 0, 0.5),
        signal(run),
        training(run),
        null,
        // Only the end counts: the first evaluation is the last.
        new RunSpec.Evaluation(WHOLE_HELD_OUT_TEXT, run.tokens(), 1, run.tokens()),
        new RunSpec.Checkpoint(
            work.of(run).resolve("checkpoints").toString(), CHECKPOINT_TOKENS, 1, false),
        new RunSpec.Saturation(SaturationAction.Continue, 0.002, false),
        RunSpec.Trainers.ONE,
        1);
  }

  private static RunSpec.Signal signal(Run run) {
    SignalForm said = run.said();
    if (said == null) {
      return SIGNAL;
    }
    int size = said.encoding() == SignalEncoding.Dense ? Models.VOCABULARY : said.size();
    return new RunSpec.Signal(said.encoding(), size, SIGNAL.seed(), null);
  }

  private static RunSpec.Teacher teacher(Run run, WorkFolder work) {
    return run.teacher() == null
        ? null
        : new RunSpec.Teacher(
            work.model(run.teacher()).toString(),
            List.of(),
            Models.SEQUENCE,
            TeacherRuntime.Builtin,
            null);
  }

  private static RunSpec.Student student(Run run, WorkFolder work) {
    return new RunSpec.Student(
        Models.shape(run.model()), null, work.tokenizer().toString(), work.model(run).toString());
  }

  private static RunSpec.Training training(Run run) {
    long steps = run.tokens() / (Design.BATCH * Models.SEQUENCE);
    return new Recipe(Models.SEQUENCE, Design.BATCH, Design.BATCH, steps)
        .training(
            run.tokens(),
            Math.max(1, steps / 20),
            Math.max(1, steps / 5),
            run.learningRate(),
            run.seed());
  }
}
