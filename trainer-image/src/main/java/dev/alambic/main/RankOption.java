package dev.alambic.main;

import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Sha256;
import dev.alambic.parallel.Collectives;
import dev.alambic.parallel.NcclCollectives;
import dev.alambic.parallel.NcclLibrary;
import dev.alambic.parallel.SingleProcess;
import dev.alambic.parallel.TcpCollectives;
import dev.alambic.parallel.World;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import dev.alambic.torch.Torch;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which of a run's trainers this process is, and how it finds the others. */
final class RankOption {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @Option(
      names = "--rank",
      defaultValue = "${env:" + RunSpec.RANK_VARIABLE + ":-0}",
      description =
          "Which of the run's trainers this is, from 0 (default: ${DEFAULT-VALUE}; where the run"
              + " has several in a pod, all those of the pod with this index are started)")
  private int rank;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** This trainer's rank; in a pod of several, without {@code --rank}, the pod's index. */
  int rank() {
    return rank;
  }

  /** Whether this process is to start the trainers of a pod, and is none itself. */
  boolean isPod(RunSpec spec) {
    return spec.trainers().perPod() > 1
        && !command.commandLine().getParseResult().hasMatchedOption("--rank");
  }

  /**
   * Refuses what several trainers cannot do.
   *
   * @throws RunException USAGE, naming the field
   */
  void check(RunSpec spec) {
    RunSpec.Trainers trainers = spec.trainers();
    int count = trainers.count();
    require(count > 0, "trainers.addresses", "is empty");
    int perPod = trainers.perPod();
    require(
        perPod > 0 && count % perPod == 0,
        "trainers.perPod",
        "%d trainers cannot be divided among pods of %d".formatted(count, perPod));
    require(
        rank >= 0 && rank < count,
        "--rank",
        "%d is out of range: this run has %d trainers (0 to %d)".formatted(rank, count, count - 1));
    int batch = spec.training().batchSequences();
    require(
        batch % count == 0,
        "training.batchSequences",
        "%d cannot be divided among %d trainers".formatted(batch, count));
    require(
        count == 1 || spec.rollout() == null,
        "trainers.addresses",
        "a student that answers prompts (PostTraining) has one trainer");
    require(
        trainers.sharding() != Sharding.Full || spec.training().numerics().recomputeActivations(),
        "training.recomputeActivations",
        "must be true with sharding Full");
  }

  private static void require(boolean holds, String field, String why) {
    if (!holds) {
      throw new RunException(ExitCode.USAGE, field + ": " + why);
    }
  }

  /**
   * Meets the others, if there are any.
   *
   * @param news gets the missing ranks in words
   * @throws RunException TRY_AGAIN, naming those who don't come
   */
  Collectives meet(RunSpec spec, Consumer<String> news) throws InterruptedException {
    World world = new World(rank, spec.trainers().count());
    if (world.size() == 1) {
      return new SingleProcess();
    }
    Collectives network =
        TcpCollectives.open(world, spec.trainers().each(), pass(spec), PATIENCE, news);
    return Torch.hasGpu() ? NcclCollectives.open(NcclLibrary.load(), network) : network;
  }

  /** Trainers of another run, or of an earlier state of it, are not among us. */
  private static byte[] pass(RunSpec spec) {
    MessageDigest digest = Sha256.start();
    digest.update(RunJson.write(spec).getBytes(StandardCharsets.UTF_8));
    String token = System.getenv(RunSpec.TEACHER_TOKEN_VARIABLE);
    return digest.digest(Objects.requireNonNullElse(token, "").getBytes(StandardCharsets.UTF_8));
  }
}
