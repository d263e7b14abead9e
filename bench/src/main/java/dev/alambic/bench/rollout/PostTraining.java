package dev.alambic.bench.rollout;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.bench.recipe.LocalTeacher;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.bench.rollout.Setting.Arm;
import dev.alambic.feed.RolloutMaterial;
import dev.alambic.generate.Sampling;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.model.StartingPoint;
import dev.alambic.model.TensorKeeper;
import dev.alambic.progress.TimeSpent;
import dev.alambic.prompt.Prompt;
import dev.alambic.prompt.PromptForm;
import dev.alambic.prompt.Prompts;
import dev.alambic.rollout.Answer;
import dev.alambic.rollout.Answering;
import dev.alambic.rollout.Question;
import dev.alambic.run.Progress.CurvePoint;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.Tokenizer;
import dev.alambic.torch.Torch;
import java.util.List;
import java.util.stream.IntStream;

/** Runs of one setting, with the trainer that the pods run. */
final class PostTraining implements AutoCloseable {
  private static final long TEACHERS_SEED = 17;

  private final Setting setting;
  private final Tokenizer tokenizer;
  private final PromptForm form;
  private final Prompts prompts;

  /**
   * Reads the prompts, and lets the teacher answer those to learn from.
   *
   * @param most prompts to learn from
   */
  PostTraining(Setting setting, int most) throws InterruptedException {
    this.setting = setting;
    tokenizer = Tokenizer.load(setting.teacher);
    form = PromptForm.of(setting.teacher, setting.student, tokenizer, false);
    int longest = setting.sequenceLength - setting.maxNewTokens;
    Prompts all = Prompts.open(setting.spec(Arm.ON_POLICY, 0, 0).data(), form, longest);
    List<Prompt> train = all.train().subList(0, Math.min(most, all.train().size()));
    ModelFolder model = ModelFolder.read(setting.teacher);
    try (Decoder teacher = Decoder.frozen(Torch.newManager(), model, Precision.FP32)) {
      List<Prompt> answered =
          answers(teacher, questions(train, train.size()), setting.slots).stream()
              .map(answer -> new Prompt(answer.prompt(), answer.tokens()))
              .toList();
      prompts = new Prompts(answered, all.heldOut(), all.digest());
    }
  }

  /** This many questions; the prompts are repeated if they are fewer. */
  private static List<Question> questions(List<Prompt> prompts, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Question(i, i, prompts.get(i % prompts.size()).tokens(), null))
        .toList();
  }

  private List<Answer> answers(Decoder decoder, List<Question> questions, int slots)
      throws InterruptedException {
    return new Answering(
            decoder,
            new Sampling(1, 1, TEACHERS_SEED),
            setting.maxNewTokens,
            setting.sequenceLength,
            form.end(),
            slots)
        .all(questions.iterator());
  }

  /** How a run ended, and what its time went to: a loss in nats, and seconds. */
  record Outcome(double divergence, double seconds, double rollout, double scoring) {
    double learning() {
      return seconds - rollout - scoring;
    }
  }

  Outcome run(RunSpec spec) {
    TimeSpent clock = new TimeSpent();
    try (LocalTeacher teacher = new LocalTeacher(spec);
        Decoder student = student(spec)) {
      RolloutMaterial material =
          new RolloutMaterial(spec, prompts, form.end(), teacher, student, clock, true);
      long start = System.nanoTime();
      List<CurvePoint> curve =
          Recipe.train(spec, student, material, () -> false).learning().curve();
      double seconds = (System.nanoTime() - start) / 1e9;
      // The teacher scores on the student's thread, while that answers.
      double wrote = clock.total().toNanos() / 1e9 - teacher.seconds();
      return new Outcome(curve.get(curve.size() - 1).loss(), seconds, wrote, teacher.seconds());
    }
  }

  /** Tokens a second, by the number of answers that are written at once. */
  double answersPerSecond(int slots, int count) throws InterruptedException {
    List<Question> questions = questions(prompts.train(), count);
    try (Decoder student = student(setting.spec(Arm.ON_POLICY, 0, 0))) {
      answers(student, questions.subList(0, Math.min(2, count)), slots);
      long start = System.nanoTime();
      List<Answer> answers = answers(student, questions, slots);
      double seconds = (System.nanoTime() - start) / 1e9;
      return answers.stream().mapToInt(Answer::length).sum() / seconds;
    }
  }

  private static Decoder student(RunSpec spec) {
    StartingPoint start = StartingPoint.of(spec.student().initFrom());
    var manager = Torch.newManager();
    return new Decoder(
        manager,
        start.shape(),
        start.load(manager, TensorKeeper.NONE),
        spec.training().numerics().precision());
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
