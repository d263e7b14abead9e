package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.CheckpointSpec;
import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.DistillationJobSpec;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.ObjectiveSpec;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.SaturationSpec;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.SignalSpec;
import dev.alambic.api.v1alpha1.TrainingSpec;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.run.RunSpec;
import dev.alambic.run.SignalSize;
import java.util.Objects;

/** Makes a plan of a spec: every default is filled in, every contradiction is named. */
public final class Planner {
  private static final int SAMPLED_DRAWS = 50;
  private static final int TOP_IDS = 64;
  private static final int CHECKPOINTS_KEPT = 3;
  private static final double MIN_GAIN = 0.002;
  private static final String TEXT_FIELD = "text";
  private static final int GPU_TEACHER_TOKENS = 16_384;
  private static final int CPU_TEACHER_TOKENS = 2048;

  /** The one in use, and one that the teacher is asked about meanwhile. */
  private static final int BATCHES_IN_MEMORY = 2;

  private static final TrainingSpec NO_TRAINING =
      new TrainingSpec(null, null, null, null, null, null);
  private static final ObjectiveSpec NO_OBJECTIVE = new ObjectiveSpec(null, null, null, null);
  private static final SignalSpec NO_SIGNAL = new SignalSpec(null, null, null, null);
  private static final SaturationSpec NO_SATURATION = new SaturationSpec(null, null);
  private static final CheckpointSpec NO_CHECKPOINT = new CheckpointSpec(null, null, null, null);

  private final SpecReader reader = new SpecReader();
  private final DistillationJobSpec spec;
  private final Facts facts;

  private Planner(DistillationJobSpec spec, Facts facts) {
    this.spec = spec;
    this.facts = facts;
  }

  /**
   * The plan for a job.
   *
   * @param jobName the job's name
   * @throws PlanException with one line for each thing that is wrong
   */
  public static RunPlan plan(String jobName, DistillationJobSpec spec, Facts facts)
      throws PlanException {
    return new Planner(spec, facts).plan(jobName);
  }

  /** The plan for a job, or why there is none. */
  public static PlanResult tryPlan(String jobName, DistillationJobSpec spec, Facts facts) {
    try {
      return new PlanResult.Planned(plan(jobName, spec, facts));
    } catch (PlanException e) {
      return new PlanResult.Refused(e.problems());
    }
  }

  private RunPlan plan(String jobName) throws PlanException {
    requireParts();
    Unsupported.check(reader, spec);
    ReservedNames.check(reader, spec);
    TeacherModel teacher = TeacherModel.of(reader, spec.teacher(), facts.teacher());
    long budget = reader.count("tokenBudget", spec.tokenBudget(), 1);
    TrainingSpec wanted = Objects.requireNonNullElse(spec.training(), NO_TRAINING);
    int answer = Rollouts.has(spec) ? Rollouts.maxNewTokens(spec) : 0;
    Batch batch = Batch.of(reader, wanted, budget, teacher, 2 * answer, facts.batch());
    int vocabulary = vocabulary(teacher);
    int shared = shared(vocabulary);
    RunSpec.Objective objective = objective();
    RunSpec.Signal signal = signal(shared, wanted);
    reader.require(
        objective.divergence() == Divergence.ForwardKL
            || signal.encoding() != SignalEncoding.Sampled,
        "objective.divergence",
        objective.divergence()
            + " cannot be told from Sampled draws: set spec.signal.encoding to Dense or TopK");
    SignalSize size = SignalSize.of(signal, shared);
    requireRecord(size, batch.sequenceLength());
    RunSpec.Rollout rollout = Rollouts.of(reader, spec, batch, objective, seed(wanted));
    Rollouts.checkLabel(reader, signal, objective, rollout);
    TeacherServer server = TeacherServer.of(spec.teacher());
    server.check(reader, spec.teacher(), signal, objective);
    RunSpec.Saturation saturation = saturation(schedule(wanted));
    int kept = reader.count("checkpoint.keep", checkpoint().keep(), CHECKPOINTS_KEPT);
    int asked = reader.count("teacher.replicas", spec.teacher().replicas(), 1);
    Trainers trainers = Trainers.of(reader, spec, batch, facts.trainer());
    int replicas = TeacherServer.exists(spec.teacher()) ? 0 : asked;
    reader.check();

    DecoderConfig shape =
        StudentShape.of(spec.student(), facts.start(), vocabulary, batch.sequenceLength());
    Precision precision = Objects.requireNonNullElse(wanted.precision(), Precision.BF16);
    RunSpec.Evaluation evaluation =
        HeldOut.of(
            budget,
            batch,
            ScheduleDefaults.warmupSteps(batch.steps(budget)) * batch.tokens(),
            size);
    long signalBytes = signalBytes(size, batch, evaluation, trainers);
    MicroBatch micro =
        MicroBatch.of(shape, precision, trainers, batch, facts.trainer().without(signalBytes));
    RunSpec.Training training = training(wanted, budget, batch, shape, precision, micro);
    long interval = checkpointTokens(budget, batch, shape, trainers.count());
    reader.check();
    RunSpec run =
        new RunSpec(
            RunSpec.VERSION,
            jobName,
            new RunSpec.Teacher(
                null, null, teacherTokens(batch, size), server.runtime(), server.servedModel()),
            new RunSpec.Student(
                shape, new RunSpec.InitFrom(null, StudentShape.asked(spec.student())), null, null),
            data(),
            objective,
            signal,
            training,
            Rollouts.sized(rollout, shape, precision, batch, micro, facts.trainer()),
            evaluation,
            new RunSpec.Checkpoint(
                null, interval, kept, Boolean.TRUE.equals(checkpoint().restart())),
            saturation,
            new RunSpec.Trainers(null, trainers.sharding(), trainers.count(), trainers.perPod()),
            Math.max(1, facts.trainer().cpus()));
    return new RunPlan(
        run,
        replicas,
        trainers,
        micro.memory().withSignals(signalBytes),
        Gpus.of(spec),
        expectedSaturation(shape),
        new Advisor(spec, facts, teacher, shape, training).advise(signal, micro));
  }

  private RunSpec.Data data() {
    return new RunSpec.Data(
        null,
        Objects.requireNonNullElse(spec.data().format(), DataFormat.Text),
        Objects.requireNonNullElse(spec.data().textField(), TEXT_FIELD),
        null,
        null,
        spec.data().onBadRecord());
  }

  private void requireParts() throws PlanException {
    reader.require(spec.teacher() != null, "teacher", "is missing");
    reader.require(spec.student() != null, "student", "is missing");
    reader.require(
        spec.tokenBudget() != null, "tokenBudget", "is missing: write for example 2T or 500M");
    reader.require(spec.data() != null, "data", "is missing");
    reader.check();
  }

  /** Student and teacher speak of the same ids, so that their vocabularies are equally large. */
  private int vocabulary(TeacherModel teacher) {
    Integer given =
        spec.student().architecture() == null
            ? null
            : spec.student().architecture().vocabularySize();
    if (given == null || given <= 0) {
      return teacher.vocabularySize();
    }
    reader.require(
        !teacher.vocabularyKnown() || given == teacher.vocabularySize(),
        "student.architecture.vocabularySize",
        given + " differs from the teacher's vocabulary of " + teacher.vocabularySize());
    return given;
  }

  /** Rows that both have: of one tokenizer's ids, padded to more rows by one of them. */
  private int shared(int vocabulary) {
    return facts.start() == null
        ? vocabulary
        : Math.min(vocabulary, facts.start().vocabulary().size());
  }

  private RunSpec.Objective objective() {
    ObjectiveSpec wanted = Objects.requireNonNullElse(spec.objective(), NO_OBJECTIVE);
    return new RunSpec.Objective(
        Objects.requireNonNullElse(wanted.divergence(), Divergence.ForwardKL),
        reader.decimal("objective.temperature", wanted.temperature(), 0.01, 100, 1),
        reader.decimal("objective.labelWeight", wanted.labelWeight(), 0, 1, 0),
        reader.decimal("objective.beta", wanted.beta(), 0.001, 0.999, 0.5));
  }

  private RunSpec.Signal signal(int vocabulary, TrainingSpec training) {
    SignalSpec wanted = Objects.requireNonNullElse(spec.signal(), NO_SIGNAL);
    SignalEncoding encoding = Objects.requireNonNullElse(wanted.encoding(), SignalEncoding.Sampled);
    int usual = encoding == SignalEncoding.TopK ? TOP_IDS : SAMPLED_DRAWS;
    int given = reader.count("signal.size", wanted.size(), usual);
    int size =
        switch (encoding) {
          case Dense -> vocabulary;
          case Label -> 1;
          case TopK, Sampled -> given;
        };
    return new RunSpec.Signal(encoding, size, seed(training), null);
  }

  private static long seed(TrainingSpec training) {
    return Objects.requireNonNullElse(training.seed(), 0L);
  }

  private static Schedule schedule(TrainingSpec training) {
    return Objects.requireNonNullElse(training.schedule(), Schedule.WarmupStableDecay);
  }

  /**
   * A cosine is cut to its budget and never constant, so that it can neither be judged nor ended at
   * saturation: it continues whatever the action, which the CRD defaults to Stop.
   */
  private RunSpec.Saturation saturation(Schedule schedule) {
    SaturationSpec wanted = Objects.requireNonNullElse(spec.saturation(), NO_SATURATION);
    SaturationAction asked = Objects.requireNonNullElse(wanted.action(), SaturationAction.Stop);
    return new RunSpec.Saturation(
        schedule == Schedule.Cosine ? SaturationAction.Continue : asked,
        reader.decimal("saturation.minGain", wanted.minGain(), 1e-6, 10, MIN_GAIN),
        false);
  }

  private RunSpec.Training training(
      TrainingSpec wanted,
      long budget,
      Batch batch,
      DecoderConfig shape,
      Precision precision,
      MicroBatch micro) {
    long steps = batch.steps(budget);
    Schedule schedule = schedule(wanted);
    double byDefault = ScheduleDefaults.peakLearningRate(shape.hiddenSize());
    if (Rollouts.has(spec)) {
      byDefault *= Rollouts.LEARNING_RATE_SHARE;
    }
    double peak =
        reader.decimal("training.peakLearningRate", wanted.peakLearningRate(), 1e-8, 1, byDefault);
    return new RunSpec.Training(
        budget,
        batch.sequenceLength(),
        batch.sequences(),
        micro.sequences(),
        steps,
        new RunSpec.Rate(
            schedule,
            ScheduleDefaults.warmupSteps(steps),
            ScheduleDefaults.decaySteps(schedule, steps),
            peak,
            ScheduleDefaults.finalLearningRate(schedule, peak)),
        RunSpec.Optimizer.DEFAULT,
        new RunSpec.Numerics(precision, micro.recompute(), seed(wanted)));
  }

  /** By the size asked for: 2.6B is a name as much as a number. */
  private long expectedSaturation(DecoderConfig shape) {
    String size = spec.student().size();
    return SaturationPoints.expectedTokens(size == null ? shape.parameters() : Count.parse(size));
  }

  private long checkpointTokens(long budget, Batch batch, DecoderConfig shape, int trainers) {
    long byDefault =
        CheckpointInterval.tokens(
            budget, batch.tokens(), shape.parameters(), trainers, facts.trainer());
    long asked = reader.count("checkpoint.everyTokens", checkpoint().everyTokens(), byDefault);
    return Math.max(batch.tokens(), asked);
  }

  private CheckpointSpec checkpoint() {
    return Objects.requireNonNullElse(spec.checkpoint(), NO_CHECKPOINT);
  }

  /**
   * Enough to keep a device busy, as far as the answers to it fit into one reply; but always one
   * sequence, with the label of its last position.
   */
  private int teacherTokens(Batch batch, SignalSize size) {
    long busy = facts.trainer().gpu() ? GPU_TEACHER_TOKENS : CPU_TEACHER_TOKENS;
    long answered = size.longestSequence();
    return (int) Math.max(Math.min(busy, answered), batch.sequenceLength() + 1L);
  }

  private void requireRecord(SignalSize size, int sequenceLength) {
    long bytes = size.largestRecord(sequenceLength);
    reader.require(
        bytes <= SignalSize.MOST_RECORD_BYTES,
        "signal.encoding",
        "%s takes up to %s bytes for one sequence of %d tokens, over the %s of a reply: take Sampled, a smaller signal.size, or training.sequenceLength %d or less"
            .formatted(
                size.encoding(),
                Count.format(bytes),
                sequenceLength,
                Count.format(SignalSize.MOST_RECORD_BYTES),
                size.longestSequence()));
  }

  /** The teacher's signals that each trainer holds in its heap, in bytes. */
  private static long signalBytes(
      SignalSize size, Batch batch, RunSpec.Evaluation evaluation, Trainers trainers) {
    long heldOut = (long) evaluation.sequences() * batch.sequenceLength();
    return size.heapBytes(trainers.part(BATCHES_IN_MEMORY * batch.tokens() + heldOut));
  }
}
