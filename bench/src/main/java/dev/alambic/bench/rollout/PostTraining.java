package dev.alambic.bench.rollout;

import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.checkpoint.Checkpoints;
import dev.alambic.checkpoint.StudentFingerprint;
import dev.alambic.feed.RolloutMaterial;
import dev.alambic.generate.Sampling;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.model.StartingPoint;
import dev.alambic.model.TensorKeeper;
import dev.alambic.progress.ProgressBoard;
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
import dev.alambic.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs of one setting, with the trainer that the pods run. */
final class PostTraining implements AutoCloseable {
  private static final long TEACHERS_SEED = 17;

  private final Setting setting;
  private final Tokenizer tokenizer;
  private final PromptForm form;
  private final Prompts prompts;

  private PostTraining(Setting setting, Tokenizer tokenizer, PromptForm form, Prompts prompts) {
    this.setting = setting;
    this.tokenizer = tokenizer;
    this.form = form;
    this.prompts = prompts;
  }

  /**
   * Reads the prompts, and lets the teacher answer those to learn from.
   *
   * @param most prompts to learn from
   */
  static PostTraining prepare(Setting setting, int most) throws InterruptedException {
    Tokenizer tokenizer = Tokenizer.load(setting.teacher());
    PromptForm form = PromptForm.of(setting.teacher(), setting.student(), tokenizer, false);
    RunSpec spec = setting.spec(Arm.ON_POLICY, 0, 0);
    int longest = setting.sequenceLength() - setting.maxNewTokens();
    Prompts all = Prompts.open(spec.data(), form, longest);
    List<Prompt> train = all.train().subList(0, Math.min(most, all.train().size()));
    List<Prompt> answered = new ArrayList<>();
    for (Answer answer : teachersAnswers(setting, train, form.end())) {
      answered.add(new Prompt(answer.prompt(), answer.tokens()));
    }
    Prompts taught = new Prompts(answered, all.heldOut(), all.digest());
    return new PostTraining(setting, tokenizer, form, taught);
  }

  private static List<Answer> teachersAnswers(
      Setting setting, List<Prompt> prompts, Set<Integer> end) throws InterruptedException {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      questions.add(new Question(i, i, prompts.get(i).tokens(), null));
    }
    ModelFolder model = ModelFolder.read(setting.teacher());
    try (Decoder teacher = Decoder.frozen(Torch.newManager(), model, Precision.FP32)) {
      return answering(setting, teacher, end, setting.slots()).all(questions.iterator());
    }
  }

  private static Answering answering(
      Setting setting, Decoder decoder, Set<Integer> end, int slots) {
    return new Answering(
        decoder,
        new Sampling(1, 1, TEACHERS_SEED),
        setting.maxNewTokens(),
        setting.sequenceLength(),
        end,
        slots);
  }

  /** How a run ended, and what its time went to. */
  record Outcome(double divergence, double seconds, double rollout, double scoring) {
    double learning() {
      return seconds - rollout - scoring;
    }
  }

  Outcome run(RunSpec spec) {
    ProgressBoard board = new ProgressBoard(spec, System::nanoTime);
    TimeSpent clock = new TimeSpent();
    try (TimedTeacher teacher = TimedTeacher.of(setting.teacher());
        Decoder student = student(spec)) {
      RolloutMaterial material =
          new RolloutMaterial(spec, prompts, form.end(), teacher, student, clock, true);
      Checkpoints checkpoints =
          new Checkpoints(spec, StudentFingerprint.of(spec, Map.of("data", prompts.digest())));
      long start = System.nanoTime();
      try (Trainer trainer =
          new Trainer(spec, student, material, checkpoints, board, () -> false)) {
        board.ended(trainer.run(), null);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      List<CurvePoint> curve = board.latest().learning().curve();
      // The teacher scores on the student's thread, while that answers.
      double wrote = clock.total().toNanos() / 1e9 - teacher.seconds();
      return new Outcome(curve.get(curve.size() - 1).loss(), seconds, wrote, teacher.seconds());
    }
  }

  /** Tokens a second, by the number of answers that are written at once. */
  double answersPerSecond(int slots, int count) throws InterruptedException {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Prompt prompt = prompts.train().get(i % prompts.train().size());
      questions.add(new Question(i, i, prompt.tokens(), null));
    }
    try (Decoder student = student(setting.spec(Arm.ON_POLICY, 0, 0))) {
      Answering answering = answering(setting, student, form.end(), slots);
      answering.all(questions.subList(0, Math.min(2, count)).iterator());
      long start = System.nanoTime();
      List<Answer> answers = answering.all(questions.iterator());
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
