package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.alambic.api.v1alpha1.PodOverrides;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.run.RunSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainersTest {
  private static final String BATCH = "training: {sequenceLength: 64, batchTokens: 4096}";

  private static List<String> problems(String... fields) {
    PlanException refusal =
        catchThrowableOfType(
            PlanException.class, () -> Planner.plan("job", Specs.with(fields), Specs.toy()));
    assertThat(refusal).isNotNull();
    return refusal.problems();
  }

  private static RunPlan plan(String... fields) {
    return Specs.plan(Specs.toy(), fields);
  }

  private static final String TWO_OF_FOUR =
      "trainer: {replicas: 2, sharding: Full, pod: {resources: {limits: {nvidia.com/gpu: 4}}}}";

  private static final Facts GPUS = Specs.gemma(Device.unknownGpu(1));

  @Test
  void aPodWithSeveralGpusHasATrainerForEach() {
    RunPlan plan =
        Specs.plan(GPUS, BATCH, "student: {size: 2.6B, architecture: null}", TWO_OF_FOUR);

    assertThat(plan.trainers()).isEqualTo(new Trainers(2, 4, Sharding.Full));
    assertThat(plan.trainers().count()).isEqualTo(8);
    assertThat(plan.trainers().part(80)).as("each holds an eighth").isEqualTo(10);
    assertThat(plan.training().microBatchSequences()).as("of its share of 64").isEqualTo(8);
    assertThat(plan.gpus().trainer()).isEqualTo(8);
    RunSpec.Trainers told = plan.toRunSpec(placement(List.of("a:1"))).trainers();
    assertThat(told.perPod()).isEqualTo(4);
    assertThat(told.gradientShares()).isEqualTo(8);
  }

  @Test
  void gpusOfOnePodShareToo() {
    String pod = "trainer: {sharding: Full, pod: {resources: {limits: {nvidia.com/gpu: 4}}}}";
    RunPlan plan = Specs.plan(GPUS, BATCH, "student: {size: 2.6B, architecture: null}", pod);

    assertThat(plan.trainers()).isEqualTo(new Trainers(1, 4, Sharding.Full));
    assertThat(plan.advice()).extracting(Advice::code).doesNotContain(Advice.Code.ShardedAlone);
  }

  /** On this machine, say: there a pod is a process, and its resources are not looked at. */
  @Test
  void withoutGpusAPodHasOne() {
    assertThat(plan(BATCH, TWO_OF_FOUR).trainers()).isEqualTo(new Trainers(2, 1, Sharding.Full));
  }

  @Test
  void cpusOfAPodAreSharedByItsProcesses() {
    PodOverrides pod =
        Specs.with("trainer: {pod: {resources: {limits: {nvidia.com/gpu: 4, cpu: 32}}}}")
            .trainer()
            .pod();
    assertThat(Device.of(pod)).isEqualTo(Device.unknownGpu(8));
  }

  @Test
  void aBatchIsSharedAmongProcesses() {
    PlanException refusal =
        catchThrowableOfType(
            PlanException.class,
            () ->
                Planner.plan(
                    "job",
                    Specs.with(BATCH, "training: {batchTokens: 640}", TWO_OF_FOUR),
                    Facts.of(Specs.toy().teacher(), Device.unknownGpu(1))));
    assertThat(refusal.problems())
        .containsExactly(
            "spec.training.batchTokens: 8 trainers (4 GPUs in each of spec.trainer.replicas 2)"
                + " cannot share 10 sequences of 64 tokens evenly: set 512, or"
                + " spec.trainer.replicas times the GPUs of spec.trainer.pod.resources to a divisor"
                + " of 10");
  }

  @Test
  void rolloutsHaveOneGpu() {
    PlanException refusal =
        catchThrowableOfType(
            PlanException.class,
            () ->
                Planner.plan(
                    "job",
                    Specs.with(
                        BATCH,
                        "stage: PostTraining",
                        "student: {size: null, initFrom: {uri: 'pvc://models/small'},"
                            + " architecture: null}",
                        "data: {format: JSONLines}",
                        "rollout: {maxNewTokens: 16}",
                        "trainer: {pod: {resources: {limits: {nvidia.com/gpu: 8}}}}"),
                    Facts.of(Specs.toy().teacher(), Device.unknownGpu(1))));
    assertThat(refusal.problems())
        .contains(
            "spec.trainer.pod.resources: stage PostTraining trains with one trainer, on one GPU, so"
                + " far: ask for 1 GPU, not 8");
  }

  private static Placement placement(List<String> trainers) {
    return new Placement(
        new Placement.Models("/teacher", "/tokenizer", null, "/student"),
        List.of("localhost:1"),
        new Placement.Text("/corpus", null, "/tokens"),
        "/checkpoints",
        trainers,
        null);
  }

  @Test
  void severalTrainersTakeTheSameBatchesAsOne() {
    RunPlan one = plan(BATCH);
    RunPlan four = plan(BATCH, "trainer: {replicas: 4, sharding: Optimizer}");

    assertThat(one.trainers()).isEqualTo(Trainers.ONE);
    assertThat(four.trainers()).isEqualTo(new Trainers(4, Sharding.Optimizer));
    assertThat(four.training().batchSequences()).isEqualTo(64);
    assertThat(four.training().steps()).isEqualTo(one.training().steps());
  }

  @Test
  void aTrainerTakesNoMoreAtOnceThanItsShare() {
    // A CPU takes 2048 tokens at a time, half of the batch; a fourth of the batch is 1024.
    assertThat(plan(BATCH).training().microBatchSequences()).isEqualTo(32);
    assertThat(plan(BATCH, "trainer: {replicas: 4}").training().microBatchSequences())
        .isEqualTo(16);
  }

  @Test
  void onlyFullShardingMustRecompute() {
    assertThat(
            plan(BATCH, "trainer: {replicas: 4, sharding: Full}")
                .training()
                .numerics()
                .recomputeActivations())
        .isTrue();
    assertThat(
            plan(BATCH, "trainer: {replicas: 4, sharding: Optimizer}")
                .training()
                .numerics()
                .recomputeActivations())
        .isFalse();
  }

  @Test
  void theRunIsToldWhoTrainsAndInHowManySharesABatchIsAddedUp() {
    RunSpec run =
        plan(BATCH, "trainer: {replicas: 2, sharding: Full}")
            .toRunSpec(placement(List.of("a:1", "b:1")));

    assertThat(run.trainers())
        .isEqualTo(new RunSpec.Trainers(List.of("a:1", "b:1"), Sharding.Full, 2, 1));
  }

  @ParameterizedTest
  @CsvSource({
    // batch, trainers, the nearest batch that can be shared
    "4000, 4, 4096",
    "4096, 3, 4032",
    "4096, 5, 4160",
    "512, 64, 4096",
    "64, 2, 128"
  })
  void aBatchThatCannotBeSharedEvenlyIsRefusedWithTheNearestThatCan(
      long batch, int trainers, long nearest) {
    String trainer = "trainer: {replicas: " + trainers + "}";

    assertThat(problems(trainer, BATCH, "training: {batchTokens: " + batch + "}"))
        .containsExactly(
            "spec.training.batchTokens: %d trainers cannot share %d sequences of 64 tokens evenly:"
                    .formatted(trainers, batch / 64)
                + " set %d, or spec.trainer.replicas to a divisor of %d"
                    .formatted(nearest, batch / 64));
    assertThat(plan(trainer, BATCH, "training: {batchTokens: " + nearest + "}").trainers().count())
        .isEqualTo(trainers);
  }

  /** The batch is the job's, whoever trains: one that nobody asked for is not fitted either. */
  @Test
  void aBatchByDefaultIsNotFittedToTheTrainers() {
    assertThat(problems("trainer: {replicas: 3}"))
        .singleElement()
        .asString()
        .startsWith("spec.training.batchTokens: 3 trainers cannot share 8 sequences of 128 tokens");
  }

  @Test
  void rolloutsHaveOneTrainer() {
    assertThat(
            problems(
                BATCH,
                "stage: PostTraining",
                "student: {size: null, initFrom: {uri: 'pvc://models/small'}, architecture: null}",
                "data: {format: JSONLines}",
                "rollout: {maxNewTokens: 16}",
                "trainer: {replicas: 2}"))
        .contains(
            "spec.trainer.replicas: stage PostTraining trains with one trainer so far: set 1 or"
                + " leave it out");
  }

  @Test
  void shardingDoesNothingForOneAndIsSaid() {
    RunPlan alone = plan(BATCH, "trainer: {sharding: Full}");

    assertThat(alone.trainers()).isEqualTo(Trainers.ONE);
    assertThat(alone.training()).isEqualTo(plan(BATCH).training());
    assertThat(alone.advice()).extracting(Advice::code).contains(Advice.Code.ShardedAlone);
    assertThat(plan(BATCH, "trainer: {replicas: 2, sharding: Full}").advice())
        .extracting(Advice::code)
        .doesNotContain(Advice.Code.ShardedAlone);
  }

  @Test
  void severalTrainersMakeMoreTokensInHalfAnHour() {
    String job = "{student: {size: 2.6B}, tokenBudget: 2T}";
    Facts gpus = Specs.gemma(Device.unknownGpu(8));
    long one = Specs.plan(gpus, job).unplaced().checkpoint().everyTokens();

    assertThat(
            Specs.plan(gpus, job, "trainer: {replicas: 8}").unplaced().checkpoint().everyTokens())
        .isBetween(8 * one, 8 * one + 8);
  }
}
