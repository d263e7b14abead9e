package dev.alambic.run;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.OnBadRecord;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.decoder.AskedShape;
import dev.alambic.decoder.DecoderConfig;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * The instructions of the operator for teacher and trainer: one job, fully resolved. No defaults
 * are left to fill in, and every path is one that the process sees.
 *
 * @param version {@link #VERSION}; a process refuses any other
 * @param job the job's name
 * @param teacher or null: then the student learns from the text's own tokens alone
 * @param rollout how the student answers prompts (PostTraining), or null: it learns from a corpus
 * @param trainers the processes that train the student together
 * @param threads CPU threads for the engine of each process
 */
@RecordBuilder
public record RunSpec(
    String version,
    String job,
    Teacher teacher,
    Student student,
    Data data,
    Objective objective,
    Signal signal,
    Training training,
    Rollout rollout,
    Evaluation evaluation,
    Checkpoint checkpoint,
    Saturation saturation,
    Trainers trainers,
    int threads)
    implements RunSpecBuilder.With {

  public static final String VERSION = "alambic.dev/run/v1";

  /**
   * A run.
   *
   * @throws IllegalArgumentException naming a part that every run has, if it is missing
   */
  public RunSpec {
    require(student, "student");
    require(data, "data");
    require(objective, "objective");
    require(signal, "signal");
    require(training, "training");
    require(evaluation, "evaluation");
    require(checkpoint, "checkpoint");
    require(saturation, "saturation");
    require(trainers, "trainers");
  }

  private static void require(Object part, String name) {
    if (part == null) {
      throw new IllegalArgumentException(name + ": is missing");
    }
  }

  /** The environment variable of a trainer that holds the key of its teacher's server, if any. */
  public static final String TEACHER_API_KEY_VARIABLE = "ALAMBIC_TEACHER_API_KEY";

  /**
   * The environment variable of a teacher and of its trainer that holds what the one demands and
   * the other shows. Without it a teacher answers whoever reaches it.
   */
  public static final String TEACHER_TOKEN_VARIABLE = "ALAMBIC_TEACHER_TOKEN";

  /**
   * The teacher and where it answers.
   *
   * @param modelPath Hugging Face folder of the teacher
   * @param endpoints of the replicas' gRPC servers: host:port of each, or {@code dns:///name:port}
   *     for all addresses of a name
   * @param maxBatchTokens most tokens in one forward pass
   * @param runtime who answers; with OpenAI {@code endpoints} is the one address of an HTTP server
   * @param servedModel name of the model on that server, or null: the only one
   */
  @RecordBuilder
  public record Teacher(
      String modelPath,
      List<String> endpoints,
      int maxBatchTokens,
      TeacherRuntime runtime,
      String servedModel)
      implements RunSpecTeacherBuilder.With {}

  /**
   * The model to make.
   *
   * @param architecture the shape to make; with {@code initFrom} what the plan took it for, and the
   *     folder decides
   * @param initFrom the weights to start from, or null for random ones
   * @param tokenizerPath folder with the tokenizer.json that teacher and student share
   * @param outputPath folder for the finished student
   */
  @RecordBuilder
  public record Student(
      DecoderConfig architecture, InitFrom initFrom, String tokenizerPath, String outputPath)
      implements RunSpecStudentBuilder.With {}

  /**
   * Weights to start from.
   *
   * @param path Hugging Face folder
   * @param asked the shape that the job asks for
   */
  public record InitFrom(String path, AskedShape asked) {}

  /** The same run of a student with this shape. */
  public RunSpec withArchitecture(DecoderConfig shape) {
    return withStudent(student.withArchitecture(shape));
  }

  /**
   * The environment variable of a trainer that holds its pod's index, which is its rank where a pod
   * has one process; Kubernetes sets it.
   */
  public static final String RANK_VARIABLE = "JOB_COMPLETION_INDEX";

  /**
   * The corpus, or the prompts.
   *
   * @param path a file or folder
   * @param textField the document's field in JSON lines; prompts have fields of their own
   * @param validationPath held-out documents, or null to hold out a fixed twentieth of {@code path}
   * @param cachePath folder for the tokenised corpus
   * @param onBadRecord what becomes of a line that is neither a document nor a prompt, or null: one
   *     without text is skipped, one that is not JSON ends the run
   */
  @RecordBuilder
  public record Data(
      String path,
      DataFormat format,
      String textField,
      String validationPath,
      String cachePath,
      OnBadRecord onBadRecord)
      implements RunSpecDataBuilder.With {}

  /**
   * The loss: a divergence to the teacher mixed with the text's own label.
   *
   * @param temperature applied to teacher and student alike
   * @param labelWeight share of the text's own next token in the loss, 0 to 1
   * @param beta weight of the teacher in the Jensen-Shannon mixture
   */
  public record Objective(
      Divergence divergence, double temperature, double labelWeight, double beta) {}

  /**
   * The teacher's signal at each position.
   *
   * @param size draws (Sampled) or ids (TopK) per position
   * @param seed of the draws
   * @param cachePath folder where the teacher's signals are kept, or null to keep none
   */
  @RecordBuilder
  public record Signal(SignalEncoding encoding, int size, long seed, String cachePath)
      implements RunSpecSignalBuilder.With {}

  /**
   * Batches and steps; learning rate, optimizer and numerics. In JSON the fields of the last three
   * stand beside the others.
   *
   * @param tokenBudget tokens to train on
   * @param sequenceLength tokens in a sequence; with rollouts the most of prompt and answer
   *     together
   * @param batchSequences sequences per optimizer step; with rollouts a step learns from as many
   *     tokens of answers as these would have
   * @param microBatchSequences sequences per forward pass; the last of a batch may have fewer
   * @param steps optimizer steps for the budget
   */
  @RecordBuilder
  public record Training(
      long tokenBudget,
      int sequenceLength,
      int batchSequences,
      int microBatchSequences,
      long steps,
      @JsonUnwrapped Rate rate,
      @JsonUnwrapped Optimizer optimizer,
      @JsonUnwrapped Numerics numerics)
      implements RunSpecTrainingBuilder.With {

    /** Tokens per optimizer step. */
    public long batchTokens() {
      return (long) batchSequences * sequenceLength;
    }
  }

  /**
   * The learning rate over the steps of a run.
   *
   * @param schedule its form
   * @param warmupSteps steps of linear warm-up
   * @param decaySteps steps of the final decay (WarmupStableDecay)
   * @param peakLearningRate after the warm-up
   * @param finalLearningRate at the last step
   */
  @RecordBuilder
  public record Rate(
      Schedule schedule,
      long warmupSteps,
      long decaySteps,
      double peakLearningRate,
      double finalLearningRate)
      implements RunSpecRateBuilder.With {}

  /**
   * AdamW (Loshchilov and Hutter, arXiv 1711.05101).
   *
   * @param gradientClip largest global gradient norm
   */
  public record Optimizer(
      double beta1, double beta2, double epsilon, double weightDecay, double gradientClip) {

    /** What the planner chooses: GPT-3's (arXiv 2005.14165, appendix B). */
    public static final Optimizer DEFAULT = new Optimizer(0.9, 0.95, 1e-8, 0.1, 1);
  }

  /**
   * How a step is computed.
   *
   * @param precision of the forward and backward pass; weights and optimizer are FP32
   * @param recomputeActivations whether the backward pass computes activations again
   * @param seed of the initial weights and the order of the text
   */
  @RecordBuilder
  public record Numerics(Precision precision, boolean recomputeActivations, long seed)
      implements RunSpecNumericsBuilder.With {}

  /**
   * How the student answers prompts.
   *
   * @param temperature of the student's draws; 0 is greedy
   * @param topP draws come from the fewest likeliest tokens whose probabilities reach this
   * @param maxNewTokens of the longest answer
   * @param samplesPerPrompt answers to each prompt
   * @param onPolicyFraction share of the answers that the student writes; the others are the data's
   * @param seed of the draws, and of which answers are the student's
   * @param slots answers that are written at once
   */
  public record Rollout(
      double temperature,
      double topP,
      int maxNewTokens,
      int samplesPerPrompt,
      double onPolicyFraction,
      long seed,
      int slots) {}

  /**
   * The held-out set and when it is evaluated.
   *
   * @param sequences size of the held-out set; with rollouts the number of held-out prompts
   * @param firstTokens tokens before the first evaluation
   * @param pointsPerDoubling evaluations each time the tokens double
   * @param floorTokens fewest tokens between two evaluations
   */
  public record Evaluation(
      int sequences, long firstTokens, int pointsPerDoubling, long floorTokens) {}

  /**
   * Where and when to save.
   *
   * @param path folder of the checkpoints
   * @param everyTokens tokens between two
   * @param keep how many stay
   * @param restart whether those of another student are put aside; false: the run is refused
   */
  @RecordBuilder
  public record Checkpoint(String path, long everyTokens, int keep, boolean restart)
      implements RunSpecCheckpointBuilder.With {}

  /**
   * When more tokens no longer help, and what to do then.
   *
   * @param minGain nats per token that 10 % more tokens must still bring
   * @param finishNow whether a user asked for the end: the decay starts at once
   */
  @RecordBuilder
  public record Saturation(SaturationAction action, double minGain, boolean finishNow)
      implements RunSpecSaturationBuilder.With {}

  /**
   * The processes that train one student together: each batch is divided among them.
   *
   * @param addresses host:port at which each meets the others, by rank; of a trainer that is alone
   *     one without a listener. {@code [0-7]} stands for each number, the last range changing
   *     fastest, as in Slurm's host lists
   * @param sharding what each of them holds only a part of
   * @param gradientShares in how many shares a batch is added up: a multiple of the trainers. The
   *     same number of shares gives the same bits with fewer trainers, which then hold the
   *     gradients of several
   * @param perPod processes in one pod, each with a GPU of its own: of rank r the pod is the one
   *     with index r / perPod
   */
  @RecordBuilder
  public record Trainers(List<String> addresses, Sharding sharding, int gradientShares, int perPod)
      implements RunSpecTrainersBuilder.With {

    /** One that is alone. */
    public static final Trainers ONE = new Trainers(List.of("127.0.0.1:9091"), Sharding.None, 1, 1);

    /** How many there are. */
    public int count() {
      return AddressRanges.count(addresses);
    }

    /** host:port of each, by rank. */
    public List<String> each() {
      return AddressRanges.each(addresses);
    }
  }
}
