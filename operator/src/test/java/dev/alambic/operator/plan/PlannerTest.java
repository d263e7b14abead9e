package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.Divergence;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SaturationAction;
import dev.alambic.api.v1alpha1.Schedule;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.api.v1alpha1.TeacherRuntime;
import dev.alambic.decoder.AskedShape;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
  private static final Placement PLACEMENT =
      new Placement(
          new Placement.Models("/teacher", "/tokenizer", "/start", "/student"),
          List.of("localhost:1", "localhost:2"),
          new Placement.Text("/corpus", "/validation", "/tokens"),
          "/checkpoints",
          List.of("trainer-0:9091"),
          "/signals");

  private static List<String> problems(Facts facts, String... fields) {
    PlanException refusal =
        catchThrowableOfType(
            PlanException.class, () -> Planner.plan("job", Specs.with(fields), facts));
    assertThat(refusal).isNotNull();
    return refusal.problems();
  }

  @Test
  void theSmallestSpecIsWhollyResolved() {
    RunSpec run = Specs.plan(Specs.toy()).toRunSpec(PLACEMENT);

    assertThat(run.version()).isEqualTo(RunSpec.VERSION);
    assertThat(run.job()).isEqualTo("job");
    assertThat(run.objective()).isEqualTo(new RunSpec.Objective(Divergence.ForwardKL, 1, 0, 0.5));
    assertThat(run.signal())
        .isEqualTo(new RunSpec.Signal(SignalEncoding.Sampled, 50, 0, "/signals"));
    assertThat(run.saturation())
        .isEqualTo(new RunSpec.Saturation(SaturationAction.Stop, 0.002, false));
    assertThat(run.training().tokenBudget()).isEqualTo(3_000_000);
    assertThat(run.training().rate().schedule()).isEqualTo(Schedule.WarmupStableDecay);
    assertThat(run.training().numerics().precision()).isEqualTo(Precision.BF16);
    assertThat(run.checkpoint().keep()).isEqualTo(3);
    assertThat(run.checkpoint().everyTokens()).isEqualTo(150_000);
    assertThat(run.data().format()).isEqualTo(DataFormat.Text);
    assertThat(run.data().textField()).isEqualTo("text");
    assertThat(run.threads()).isEqualTo(2);
    assertThat(RunJson.read(RunJson.write(run), RunSpec.class)).isEqualTo(run);
  }

  @Test
  void everyPathIsWhereItBelongs() {
    RunSpec run = Specs.plan(Specs.toy()).toRunSpec(PLACEMENT);

    assertThat(run.teacher().modelPath()).isEqualTo("/teacher");
    assertThat(run.teacher().endpoints()).containsExactly("localhost:1", "localhost:2");
    assertThat(run.student().initFrom().path()).isEqualTo("/start");
    assertThat(run.student().tokenizerPath()).isEqualTo("/tokenizer");
    assertThat(run.student().outputPath()).isEqualTo("/student");
    assertThat(run.data().path()).isEqualTo("/corpus");
    assertThat(run.data().validationPath()).isEqualTo("/validation");
    assertThat(run.data().cachePath()).isEqualTo("/tokens");
    assertThat(run.checkpoint().path()).isEqualTo("/checkpoints");
  }

  @Test
  void whatTheSpecSaysWins() {
    RunPlan plan =
        Specs.plan(
            Specs.toy(),
            """
            teacher: {replicas: 2}
            objective: {divergence: ReverseKL, temperature: "2", labelWeight: "0.25"}
            signal: {encoding: Dense}
            training: {sequenceLength: 64, batchTokens: 4K, peakLearningRate: "3e-4", precision: FP32, seed: 7}
            checkpoint: {everyTokens: 500K, keep: 5}
            saturation: {action: Continue, minGain: "0.01"}
            """);

    assertThat(plan.unplaced().objective())
        .isEqualTo(new RunSpec.Objective(Divergence.ReverseKL, 2, 0.25, 0.5));
    assertThat(plan.unplaced().signal())
        .isEqualTo(new RunSpec.Signal(SignalEncoding.Dense, 2048, 7, null));
    assertThat(plan.training().batchSequences()).isEqualTo(62);
    assertThat(plan.training().rate().peakLearningRate()).isEqualTo(3e-4);
    assertThat(plan.training().numerics().seed()).isEqualTo(7);
    assertThat(plan.unplaced().checkpoint().everyTokens()).isEqualTo(500_000);
    assertThat(plan.unplaced().checkpoint().keep()).isEqualTo(5);
    assertThat(plan.teacherReplicas()).isEqualTo(2);
    assertThat(plan.unplaced().saturation())
        .isEqualTo(new RunSpec.Saturation(SaturationAction.Continue, 0.01, false));
  }

  @Test
  void gemma2IsPlannedAsItsReportSays() {
    RunPlan plan =
        Specs.plan(
            Specs.gemma(Device.gpu(80_000_000_000L, 16)),
            "student: {size: 2.6B}",
            "tokenBudget: 2T");

    assertThat(plan.architecture().parameters()).isEqualTo(2_614_341_888L);
    assertThat(plan.training().batchTokens()).isEqualTo(4_194_304);
    assertThat(plan.training().sequenceLength()).isEqualTo(8192);
    assertThat(plan.expectedSaturationTokens()).isEqualTo(2_000_000_000_000L);
    assertThat(plan.memory().on(Device.unknownGpu(16))).isLessThan(72_000_000_000L);
  }

  @Test
  void checkpointsAreHalfAnHourOfOneGpuApart() {
    RunPlan plan =
        Specs.plan(Specs.gemma(Device.unknownGpu(8)), "student: {size: 2.6B}", "tokenBudget: 2T");

    // 1800 s x 4e14 / (6 x 2.614e9) = 45.9M tokens.
    assertThat(plan.unplaced().checkpoint().everyTokens()).isBetween(45_000_000L, 47_000_000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tokenBudget: 2X|spec.tokenBudget: \"2X\" is not a count: write 2T, 2.6B, 500M, 10K or a"
            + " plain integer",
        "tokenBudget: '0'|spec.tokenBudget: 0 must be positive",
        "student: {size: big}|spec.student.size: \"big\" is not a count: write 2T, 2.6B, 500M, 10K"
            + " or a plain integer",
        "student: {size: '0'}|spec.student.size: 0 must be positive",
        "training: {sequenceLength: 1024}|spec.training.sequenceLength: 1024 is over the teacher's"
            + " context of 512 tokens",
        "training: {sequenceLength: 512, batchTokens: '511'}|spec.training.batchTokens: 511 tokens"
            + " hold no whole sequence of 512",
        "training: {peakLearningRate: '-1'}|spec.training.peakLearningRate: \"-1\" must be a number"
            + " from 0.00000001 to 1",
        "training: {peakLearningRate: fast}|spec.training.peakLearningRate: \"fast\" must be a"
            + " number from 0.00000001 to 1",
        "objective: {labelWeight: '1.5'}|spec.objective.labelWeight: \"1.5\" must be a number from"
            + " 0 to 1",
        "objective: {temperature: NaN}|spec.objective.temperature: \"NaN\" must be a number from"
            + " 0.01 to 100",
        "objective: {divergence: ReverseKL}|spec.objective.divergence: ReverseKL cannot be told"
            + " from Sampled draws: set spec.signal.encoding to Dense or TopK",
        "saturation: {minGain: '0'}|spec.saturation.minGain: \"0\" must be a number from 0.000001"
            + " to 10",
        "teacher: {vocabularySize: 32000}|spec.teacher.vocabularySize: 32000, but the teacher's"
            + " config.json says 2048",
        "student: {architecture: {vocabularySize: 32000}}|spec.student.architecture.vocabularySize:"
            + " 32000 differs from the teacher's vocabulary of 2048",
        "{trainer: {replicas: 4}, training: {sequenceLength: 64, batchTokens: 4000}}|spec.training."
            + "batchTokens: 4 trainers cannot share 62 sequences of 64 tokens evenly: set 4096, or"
            + " spec.trainer.replicas to a divisor of 62",
        "teacher: {runtime: OpenAI, endpoint: 'http://vllm:8000'}|spec.signal.encoding: runtime"
            + " OpenAI answers with the most probable ids only: set TopK",
        "teacher: null|spec.teacher: is missing",
        "student: null|spec.student: is missing",
        "data: null|spec.data: is missing",
        "tokenBudget: null|spec.tokenBudget: is missing: write for example 2T or 500M"
      })
  void whatIsWrongIsSaidInOneLine(String field, String problem) {
    assertThat(problems(Specs.toy(), field)).containsExactly(problem);
  }

  private static final String OPENAI =
      "{teacher: {runtime: OpenAI, endpoint: 'http://vllm:8000/v1'}, signal: {encoding: TopK}}";

  @Test
  void aServerThatIsThereNeedsNoTeachers() {
    RunPlan plan = Specs.plan(Specs.toy(), OPENAI, "teacher: {replicas: 3, servedModel: gemma}");

    assertThat(plan.unplaced().teacher().runtime()).isEqualTo(TeacherRuntime.OpenAI);
    assertThat(plan.unplaced().teacher().servedModel()).isEqualTo("gemma");
    assertThat(plan.teacherReplicas()).isZero();
    assertThat(plan.unplaced().signal().encoding()).isEqualTo(SignalEncoding.TopK);
    assertThat(plan.advice())
        .extracting(Advice::message)
        .anyMatch(line -> line.contains("the 64 most probable ids") && line.contains("biased"));
    RunSpec run = plan.toRunSpec(PLACEMENT);
    assertThat(run.teacher().runtime()).isEqualTo(TeacherRuntime.OpenAI);
    assertThat(run.teacher().servedModel()).isEqualTo("gemma");
    assertThat(RunJson.read(RunJson.write(run), RunSpec.class)).isEqualTo(run);
  }

  @Test
  void aServerOfTheJobNamesTheModelByItsPlace() {
    RunPlan plan =
        Specs.plan(
            Specs.toy(),
            "{teacher: {runtime: OpenAI, model: {uri: 'pvc://models/gemma'}, replicas: 2,"
                + " pod: {image: vllm}}, signal: {encoding: TopK}}");
    assertThat(plan.unplaced().teacher().servedModel()).isEqualTo("pvc://models/gemma");
    assertThat(plan.teacherReplicas()).isEqualTo(2);
  }

  @Test
  void aServerTellsProbabilitiesAtTemperatureOneOnly() {
    assertThat(problems(Specs.toy(), OPENAI, "objective: {temperature: '2'}"))
        .containsExactly(
            "spec.objective.temperature: runtime OpenAI answers with probabilities at temperature"
                + " 1: set 1 or leave it out");
  }

  @Test
  void aServerNeedsRoomForItsOwnTokens() {
    int context = Specs.toy().teacher().contextLength();
    assertThat(Specs.plan(Specs.toy(), OPENAI).training().sequenceLength())
        .isLessThanOrEqualTo(context - 2);
    assertThat(problems(Specs.toy(), OPENAI, "training: {sequenceLength: " + context + "}"))
        .singleElement()
        .asString()
        .contains("tokens, of which runtime OpenAI needs 2 itself");
  }

  @Test
  void allProblemsAreSaidAtOnce() {
    assertThat(
            problems(
                Specs.toy(),
                "tokenBudget: 2X",
                "training: {sequenceLength: 1024}",
                "objective: {labelWeight: '2'}"))
        .hasSize(3)
        .allMatch(problem -> problem.startsWith("spec."));
  }

  @Test
  void anUnknownContextSaysWhereItsNumberComesFrom() {
    assertThat(problems(Facts.of(Device.cpu(2)), "training: {sequenceLength: 16384}"))
        .containsExactly(
            "spec.training.sequenceLength: 16384 is over 8192 tokens, Gemma 2's context, which"
                + " stands for the teacher's until spec.teacher.contextLength says otherwise");
  }

  @Test
  void aClusterKnowsOfTheTeacherWhatTheSpecSays() {
    RunPlan plan =
        Specs.plan(
            Facts.of(Device.unknownGpu(8)),
            "teacher: {vocabularySize: 32000, contextLength: 4096, size: 7B}",
            "student: {size: 400M}",
            "tokenBudget: 100B");

    assertThat(plan.architecture().vocabulary().size()).isEqualTo(32_000);
    assertThat(plan.training().sequenceLength()).isEqualTo(4096);
    assertThat(plan.advice())
        .extracting(Advice::code)
        .doesNotContain(Advice.Code.VocabularyAssumed);
  }

  @Test
  void aCosineNeverStopsEarly() {
    RunPlan plan =
        Specs.plan(Specs.toy(), "training: {schedule: Cosine}", "saturation: {action: Stop}");

    assertThat(plan.unplaced().saturation().action()).isEqualTo(SaturationAction.Continue);
    assertThat(plan.training().rate().decaySteps()).isZero();
    assertThat(plan.advice()).extracting(Advice::code).contains(Advice.Code.CosineCannotStop);
  }

  @Test
  void theSamePlanIsMadeOfTheSameSpec() {
    assertThat(Specs.plan(Specs.toy())).isEqualTo(Specs.plan(Specs.toy()));
  }

  @Test
  void tryPlanGivesThePlanOrTheProblems() {
    assertThat(Planner.tryPlan("job", Specs.with(), Specs.toy()))
        .isEqualTo(new PlanResult.Planned(Specs.plan(Specs.toy())));
    assertThat(Planner.tryPlan("job", Specs.with("tokenBudget: '0'"), Specs.toy()))
        .isEqualTo(new PlanResult.Refused(List.of("spec.tokenBudget: 0 must be positive")));
  }

  private static final String START =
      "student: {size: null, initFrom: {uri: 'pvc://models/small'}}";

  /** Weights of the toy teacher's vocabulary with seven layers, read. */
  private static Facts toyWithStart() {
    return new Facts(Specs.toy().teacher(), start(2048, 512), Device.cpu(2), null);
  }

  private static DecoderConfig start(int vocabulary, int context) {
    return Gemma2.decoder(vocabulary, 64, 7, 4, 2, 16, 256, 128, context, 16);
  }

  @Test
  void aStudentHasTheShapeOfTheWeightsItStartsFrom() {
    RunPlan plan = Specs.plan(toyWithStart(), START);

    assertThat(plan.architecture()).isEqualTo(start(2048, 512));
    assertThat(plan.toRunSpec(PLACEMENT).student().initFrom())
        .isEqualTo(new RunSpec.InitFrom("/start", AskedShape.ANY));
    assertThat(plan.advice()).extracting(Advice::code).doesNotContain(Advice.Code.ShapeAssumed);
  }

  @Test
  void fewerLayersAreTakenOfThem() {
    RunPlan plan = Specs.plan(toyWithStart(), START, "student: {architecture: {layers: 4}}");

    assertThat(plan.architecture()).isEqualTo(start(2048, 512).keeping(List.of(0, 2, 4, 6)));
    assertThat(plan.toRunSpec(PLACEMENT).student().initFrom().asked().layers()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "layers: 8|layers: 8, but the weights have only 7 (student.initFrom)",
        "layers: 1|layers: 1, but the first and the last are always kept: ask for 2 (student.initFrom)",
        "hiddenSize: 32|hiddenSize: 32, but the weights have 64; only layers may differ (student.initFrom)",
        "heads: 8|heads: 8, but the weights have 4; only layers may differ (student.initFrom)",
        "feedForwardSize: 1|feedForwardSize: 1, but the weights have 256; only layers may differ (student.initFrom)",
      })
  void anotherShapeThanTheWeightsIsRefused(String field, String problem) {
    assertThat(problems(toyWithStart(), START, "student: {architecture: {" + field + "}}"))
        .containsExactly("spec.student.architecture." + problem);
  }

  @Test
  void weightsOfAnotherVocabularyOrTooShortAContextAreRefused() {
    Facts facts = new Facts(Specs.toy().teacher(), start(1000, 64), Device.cpu(2), null);

    assertThat(problems(facts, START, "training: {sequenceLength: 128}"))
        .containsExactly(
            "spec.student.initFrom: its vocabulary of 1000 is not the teacher's of 2048: more rows"
                + " than tokens are padding, which is harmless, but not this many",
            "spec.training.sequenceLength: 128 is over the context of student.initFrom, 64");
  }

  /** Qwen 2.5: 151,936 rows at 0.5B, 152,064 at 7B, for one tokenizer. */
  @ParameterizedTest
  @CsvSource({"2048, 2000, 2000", "2000, 2048, 2000", "2048, 2048, 2048"})
  void aVocabularyMayBePaddedToMoreRows(int teacher, int student, int shared) throws PlanException {
    Facts facts =
        new Facts(
            new Facts.Teacher(2_800_000L, teacher, 512), start(student, 512), Device.cpu(2), null);

    RunPlan plan = Planner.plan("job", Specs.with(START, "signal: {encoding: Dense}"), facts);

    assertThat(plan.architecture().vocabulary().size()).isEqualTo(student);
    assertThat(plan.unplaced().signal().size()).isEqualTo(shared);
  }

  /** In a cluster the operator cannot read the weights: memory is planned by the size. */
  @Test
  void unreadWeightsArePlannedByTheSize() {
    Facts facts = Facts.of(Device.unknownGpu(8));
    assertThat(problems(facts, START))
        .containsExactly(
            "spec.student.size: is missing: student.initFrom cannot be read from here, and memory"
                + " is planned by the size");

    RunPlan plan = Specs.plan(facts, START, "student: {size: 400M, architecture: {layers: 12}}");
    assertThat(plan.architecture().layers()).isEqualTo(12);
    assertThat(plan.unplaced().student().initFrom().asked().layers()).isEqualTo(12);
    assertThat(plan.advice()).extracting(Advice::code).contains(Advice.Code.ShapeAssumed);
  }
}
