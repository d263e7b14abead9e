package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.operator.plan.Device;
import dev.alambic.operator.plan.EvaluationGrid;
import dev.alambic.operator.plan.Facts;
import dev.alambic.operator.plan.PlanResult;
import dev.alambic.operator.plan.Planner;
import dev.alambic.operator.plan.RunPlan;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.run.SignalSize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No limit that is planned contradicts another, nor what Kubernetes takes: thousands of jobs, of
 * all lengths, budgets, vocabularies, devices and sizes, each planned and rendered. A spec may be
 * refused, by its fields.
 */
class PlanLimitsTest {
  private static final int SPECS = 6000;
  private static final int FEWEST_PLANNED = 2000;

  /** Objects take most of the time, and depend on little of what is drawn. */
  private static final int PLANS_A_RENDERING = 8;

  /** Kubernetes' own, in bytes and characters. */
  private static final int LARGEST_OBJECT = 1 << 20;

  private static final int MOST_ANNOTATIONS = 256 << 10;
  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_POD_SUFFIX = "-99999-x1y2z".length();
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

  private static final int[] LENGTHS = {
    1, 2, 63, 64, 127, 128, 511, 512, 1023, 1024, 2047, 2048, 2049, 4096, 8191, 8192, 16_383,
    16_384, 16_385, 32_768, 65_536, 131_071, 131_072
  };

  @Test
  void noPlannedLimitContradictsAnother() {
    Random random = new Random(20);
    int planned = 0;
    int refused = 0;
    for (int i = 0; i < SPECS; i++) {
      Drawn drawn = Drawn.of(random);
      PlanResult result = Planner.tryPlan(drawn.name(), drawn.job().getSpec(), drawn.facts());
      if (result instanceof PlanResult.Planned ok) {
        check(drawn.job(), ok.plan(), drawn.toString());
        if (planned++ % PLANS_A_RENDERING == 0) {
          checkObjects(drawn.job(), ok.plan(), drawn.toString());
        }
      } else if (result instanceof PlanResult.Refused no) {
        refused++;
        assertThat(no.problems())
            .as(drawn.toString())
            .isNotEmpty()
            .allMatch(line -> line.startsWith("spec.") && !line.contains("\n"));
      }
    }
    System.out.printf(
        Locale.ROOT, "%d plans hold their limits, %d specs refused%n", planned, refused);
    assertThat(planned).isGreaterThan(FEWEST_PLANNED);
    assertThat(refused).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {2047, 2048, 4096, 16_384, 131_072})
  void aTeacherTakesOneSequenceAndTheLabelOfItsLastPosition(int length) {
    DistillationJob job =
        Rendered.job("long", "training: {sequenceLength: %d, batchTokens: 1M}".formatted(length));
    for (Device device : List.of(Device.cpu(2), Device.unknownGpu(8))) {
      RunPlan plan = planned(job, new Facts.Teacher(1_000_000L, 1024, length), device);

      assertThat(plan.unplaced().teacher().maxBatchTokens()).isGreaterThanOrEqualTo(length + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // A position takes 4 + 4 x 256,000 bytes: 131 and 64 fit into 128 MiB.
    "256000, 'signal: {encoding: Dense}', 131, 132",
    // 4 + (4096 x (18 + 16) + 16) / 8 = 17,414 bytes: 7707.
    "256000, 'signal: {encoding: TopK, size: 4096}', 7707, 7708"
  })
  void aSignalLongerThanAReplyIsRefusedByItsField(
      int vocabulary, String signal, int fits, int tooLong) {
    Facts.Teacher teacher = new Facts.Teacher(1_000_000_000L, vocabulary, 8192);

    assertThat(
            planned(lengthOf(fits, signal), teacher, Device.unknownGpu(8))
                .unplaced()
                .signal()
                .encoding())
        .isNotNull();
    PlanResult result =
        Planner.tryPlan(
            "j", lengthOf(tooLong, signal).getSpec(), Facts.of(teacher, Device.unknownGpu(8)));
    assertThat(((PlanResult.Refused) result).problems())
        .singleElement()
        .asString()
        .startsWith("spec.signal.encoding: ")
        .contains("for one sequence of " + tooLong + " tokens")
        .contains("training.sequenceLength " + fits + " or less");
  }

  private static DistillationJob lengthOf(int length, String signal) {
    return Rendered.job(
        "j",
        "student: {size: 2.6B}",
        "training: {sequenceLength: %d, batchTokens: 1M}".formatted(length),
        signal);
  }

  @Test
  void aThousandPodsOfEightGpusFitIntoAConfigMap() {
    String name = "a-name-of-forty-characters-as-long-as-it";
    DistillationJob job =
        Rendered.job(
            name,
            "student: {size: 2.6B}",
            "tokenBudget: 2T",
            "training: {sequenceLength: 512, batchTokens: 4M}",
            "trainer: {replicas: 1000, sharding: Full, pod: {resources: {limits: {nvidia.com/gpu:"
                + " 8}}}}",
            "training: {sequenceLength: 500, batchTokens: 8M}");
    job.getMetadata().setNamespace("n".repeat(63));
    RunPlan plan = planned(job, new Facts.Teacher(null, 256_000, 8192), Device.unknownGpu(8));

    String spec = RunSpecMap.of(job, plan).getData().get(Mount.SPEC_FILE);
    assertThat(spec.length()).isLessThan(8192);
    RunSpec.Trainers trainers = RunJson.read(spec, RunSpec.class).trainers();
    assertThat(trainers.count()).isEqualTo(8000);
    String domain = ".%s-trainer.%s.svc:".formatted(name, "n".repeat(63));
    assertThat(trainers.each())
        .hasSize(8000)
        .startsWith(name + "-trainer-0" + domain + 9091, name + "-trainer-0" + domain + 9092)
        .endsWith(name + "-trainer-999" + domain + 9098);
  }

  private static RunPlan planned(DistillationJob job, Facts.Teacher teacher, Device device) {
    PlanResult result =
        Planner.tryPlan(job.getMetadata().getName(), job.getSpec(), Facts.of(teacher, device));
    if (result instanceof PlanResult.Planned ok) {
      return ok.plan();
    }
    throw new AssertionError(result);
  }

  private static void check(DistillationJob job, RunPlan plan, String drawn) {
    RunSpec run = plan.toRunSpec(Storage.placement(job));
    checkLengths(run, plan, drawn);
    checkSteps(run, drawn);
    checkTrainers(run, drawn);
    assertThat(RunJson.read(RunJson.write(run), RunSpec.class)).as(drawn).isEqualTo(run);
  }

  private static void checkObjects(DistillationJob job, RunPlan plan, String drawn) {
    List<HasMetadata> objects =
        new ArrayList<>(
            Rendering.standing(job, plan, plan.teacherReplicas(), true, Rendered.SETTINGS));
    objects.add(Rendering.trainer(job, plan, Rendered.SETTINGS));
    objects.forEach(object -> checkObject(object, drawn));
  }

  private static void checkLengths(RunSpec run, RunPlan plan, String drawn) {
    RunSpec.Training training = run.training();
    int length = training.sequenceLength();
    SignalSize size = SignalSize.of(run.signal(), run.student().architecture().vocabulary().size());
    assertThat(length).as(drawn).isPositive();
    assertThat(length)
        .as(drawn)
        .isLessThanOrEqualTo(run.student().architecture().positions().contextLength());
    assertThat(run.teacher().maxBatchTokens()).as(drawn).isGreaterThanOrEqualTo(length + 1);
    assertThat(size.largestRecord(length))
        .as(drawn)
        .isLessThanOrEqualTo(SignalSize.MOST_RECORD_BYTES);
    // What the teacher's engine takes at once has one reply, unless it is one sequence.
    assertThat(size.largestRecord(run.teacher().maxBatchTokens() - 1))
        .as(drawn)
        .isLessThanOrEqualTo(Math.max(SignalSize.MOST_RECORD_BYTES, size.largestRecord(length)));
    assertThat(plan.memory().host().signals())
        .as(drawn)
        .isGreaterThanOrEqualTo(size.heapBytes(training.batchTokens() / run.trainers().count()));
    assertThat(plan.memory().total()).as(drawn).isPositive();
    assertThat(plan.memory().device().activations()).as(drawn).isPositive();
    if (run.signal().encoding() == SignalEncoding.Sampled) {
      assertThat(run.signal().size()).as(drawn).isPositive();
    }
    if (run.rollout() != null) {
      assertThat(run.rollout().maxNewTokens()).as(drawn).isLessThan(length);
      assertThat(run.rollout().slots()).as(drawn).isPositive();
    }
  }

  private static void checkSteps(RunSpec run, String drawn) {
    RunSpec.Training training = run.training();
    long batch = training.batchTokens();
    assertThat(training.batchSequences()).as(drawn).isPositive();
    assertThat(training.steps()).as(drawn).isPositive();
    assertThat(training.steps() - 1).as(drawn).isLessThan(ceilDiv(training.tokenBudget(), batch));
    assertThat(Math.multiplyExact(training.steps(), batch))
        .as(drawn)
        .isGreaterThanOrEqualTo(training.tokenBudget());
    assertThat(training.rate().warmupSteps() + training.rate().decaySteps())
        .as(drawn)
        .isLessThanOrEqualTo(Math.max(2, training.steps()));
    assertThat(training.rate().peakLearningRate()).as(drawn).isPositive();
    assertThat(training.rate().finalLearningRate())
        .as(drawn)
        .isBetween(0.0, training.rate().peakLearningRate());
    RunSpec.Evaluation evaluation = run.evaluation();
    assertThat(evaluation.sequences()).as(drawn).isPositive();
    assertThat(evaluation.floorTokens()).as(drawn).isGreaterThanOrEqualTo(batch);
    assertThat(evaluation.firstTokens())
        .as(drawn)
        .isGreaterThanOrEqualTo(training.rate().warmupSteps() * batch);
    // The first, those of the grid, and the last.
    assertThat(2 + EvaluationGrid.points(evaluation, training.steps() * batch))
        .as(drawn)
        .isLessThan(Progress.MAX_CURVE_POINTS);
    assertThat(run.checkpoint().everyTokens()).as(drawn).isGreaterThanOrEqualTo(batch);
    assertThat(run.checkpoint().keep()).as(drawn).isPositive();
  }

  private static long ceilDiv(long whole, long part) {
    return (whole - 1) / part + 1;
  }

  private static void checkTrainers(RunSpec run, String drawn) {
    RunSpec.Trainers trainers = run.trainers();
    int count = trainers.count();
    int share = run.training().batchSequences() / count;
    assertThat(run.training().batchSequences() % count).as(drawn).isZero();
    assertThat(trainers.gradientShares() % count).as(drawn).isZero();
    assertThat(count % trainers.perPod()).as(drawn).isZero();
    assertThat(run.training().microBatchSequences()).as(drawn).isBetween(1, share);
    List<String> addresses = trainers.each();
    assertThat(new HashSet<>(addresses).size()).as(drawn).isEqualTo(count);
    assertThat(portOf(addresses.get(count - 1))).as(drawn).isLessThan(1 << 16);
    assertThat(
            trainers.sharding() != Sharding.Full
                || run.training().numerics().recomputeActivations())
        .as(drawn)
        .isTrue();
  }

  private static int portOf(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private static void checkObject(HasMetadata object, String drawn) {
    String json = Serialization.asJson(object);
    String what = object.getKind() + " of " + drawn;
    assertThat(json.getBytes(StandardCharsets.UTF_8).length).as(what).isLessThan(LARGEST_OBJECT);
    String name = object.getMetadata().getName();
    assertThat(name).as(what).matches(DNS_LABEL);
    object
        .getMetadata()
        .getLabels()
        .forEach((key, value) -> assertThat(value).as(what + " " + key).matches(LABEL_VALUE));
    if (object.getMetadata().getAnnotations() != null) {
      int annotations =
          object.getMetadata().getAnnotations().entrySet().stream()
              .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
              .sum();
      assertThat(annotations).as(what).isLessThan(MOST_ANNOTATIONS);
    }
    if (object instanceof Job job) {
      assertThat(name.length() + LONGEST_POD_SUFFIX).as(what).isLessThanOrEqualTo(LONGEST_LABEL);
      assertThat(job.getSpec().getCompletions()).as(what).isBetween(1, 100_000);
      assertThat(job.getSpec().getParallelism()).as(what).isBetween(1, 100_000);
      checkPod(job.getSpec().getTemplate(), what);
    } else if (object instanceof Deployment teacher) {
      checkPod(teacher.getSpec().getTemplate(), what);
    } else if (object instanceof Service service) {
      assertThat(service.getSpec().getPorts()).as(what).allMatch(port -> port.getPort() < 1 << 16);
    }
  }

  private static void checkPod(PodTemplateSpec pod, String what) {
    List<String> volumes = new ArrayList<>();
    pod.getSpec().getVolumes().forEach(volume -> volumes.add(volume.getName()));
    assertThat(volumes).as(what).doesNotHaveDuplicates().allMatch(name -> name.length() <= 63);
    assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).as(what).isPositive();
    pod.getSpec()
        .getContainers()
        .forEach(
            container ->
                assertThat(container.getVolumeMounts().stream().map(m -> m.getMountPath()))
                    .as(what)
                    .doesNotHaveDuplicates());
  }

  /** A job that somebody might write, and what is known of its teacher and devices. */
  private record Drawn(String name, DistillationJob job, Facts facts, List<String> fields) {

    static Drawn of(Random random) {
      int vocabulary = (int) logUniform(random, 2, 262_144);
      int context = one(random, LENGTHS, 131_072);
      List<String> fields = new ArrayList<>();
      boolean answers = random.nextInt(6) == 0;
      fields.add("tokenBudget: \"" + logUniform(random, 1, 15_000_000_000_000L) + "\"");
      fields.add("student: {size: \"" + logUniform(random, 10_000, 30_000_000_000L) + "\"}");
      training(random, context, fields);
      signal(random, fields);
      trainer(random, fields);
      if (random.nextInt(4) == 0) {
        fields.add("checkpoint: {everyTokens: \"" + logUniform(random, 1, 1L << 40) + "\"}");
      }
      if (answers) {
        fields.add("stage: PostTraining");
        fields.add("student: {initFrom: {uri: pvc://models/start}}");
        fields.add("data: {format: JSONLines}");
        fields.add("rollout: {maxNewTokens: %d}".formatted(logUniform(random, 1, 131_072)));
      }
      String name = name(random);
      DistillationJob job = Rendered.job(name, fields.toArray(String[]::new));
      Device asked = Device.of(job.getSpec().trainer().pod());
      return new Drawn(
          name, job, Facts.of(new Facts.Teacher(1_000_000L, vocabulary, context), asked), fields);
    }

    private static void training(Random random, int context, List<String> fields) {
      List<String> training = new ArrayList<>();
      if (random.nextInt(4) > 0) {
        int length = random.nextBoolean() ? context : one(random, LENGTHS, context);
        training.add("sequenceLength: " + Math.min(context, length));
      }
      if (random.nextInt(3) > 0) {
        training.add("batchTokens: \"" + logUniform(random, 128, 1L << 26) + "\"");
      }
      if (random.nextInt(3) == 0) {
        training.add("schedule: Cosine");
      }
      if (random.nextInt(3) == 0) {
        training.add("precision: FP32");
      }
      fields.add("training: {" + String.join(", ", training) + "}");
    }

    private static void signal(Random random, List<String> fields) {
      switch (random.nextInt(6)) {
        case 0 -> fields.add("signal: {encoding: Dense}");
        case 1 ->
            fields.add("signal: {encoding: TopK, size: %d}".formatted(logUniform(random, 1, 4096)));
        case 2 -> fields.add("signal: {size: %d}".formatted(logUniform(random, 1, 4096)));
        default -> {}
      }
    }

    private static void trainer(Random random, List<String> fields) {
      long replicas = random.nextInt(3) == 0 ? logUniform(random, 1, 1024) : 1;
      String sharding = List.of("None", "Optimizer", "Full").get(random.nextInt(3));
      String resources =
          switch (random.nextInt(3)) {
            case 0 -> "limits: {memory: %dMi}".formatted(logUniform(random, 64, 1 << 20));
            case 1 -> "limits: {nvidia.com/gpu: %d}".formatted(1 << random.nextInt(4));
            default -> "requests: {cpu: %d}".formatted(1 + random.nextInt(64));
          };
      fields.add(
          "trainer: {replicas: %d, sharding: %s, pod: {resources: {%s}}}"
              .formatted(replicas, sharding, resources));
    }

    private static String name(Random random) {
      int length = random.nextInt(4) == 0 ? 1 + random.nextInt(253) : 1 + random.nextInt(60);
      StringBuilder name = new StringBuilder();
      for (int i = 0; i < length; i++) {
        boolean edge = i == 0 || i == length - 1;
        name.append("abcxyz0189-.".charAt(random.nextInt(edge ? 10 : 12)));
      }
      // A dot has a letter or a digit on both sides.
      return name.toString().replaceAll("[-.]*[.][-.]*", "-");
    }

    private static int one(Random random, int[] of, int atMost) {
      return random.nextInt(3) == 0
          ? (int) logUniform(random, 1, atMost)
          : Math.min(atMost, of[random.nextInt(of.length)]);
    }

    private static long logUniform(Random random, long low, long high) {
      return Math.min(high, (long) (low * Math.pow((double) high / low, random.nextDouble())));
    }

    @Override
    public String toString() {
      return name + " " + fields + " " + facts;
    }
  }
}
