package dev.alambic.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class RankOptionTest {
  @Test
  void whereAPodHasSeveralARankIsOneOfThem() {
    assertThat(option().isPod(run(4, 2))).isTrue();
    assertThat(option("--rank", "0").isPod(run(4, 2))).isFalse();
    assertThat(option("--rank", "3").rank()).isEqualTo(3);
    assertThat(option().isPod(run(4, 1))).isFalse();
  }

  @Test
  void theTrainersAreThoseOfWholePods() {
    assertThatCode(() -> option("--rank", "3").check(run(4, 2))).doesNotThrowAnyException();
    refused(4, 3, "trainers.perPod: 4 trainers cannot be divided among pods of 3");
    refused(4, 0, "trainers.perPod: 4 trainers cannot be divided among pods of 0");
  }

  @Test
  void aRankBeyondTheTrainersIsRefused() {
    assertThatThrownBy(() -> option("--rank", "4").check(run(4, 2)))
        .hasMessage("--rank: 4 is out of range: this run has 4 trainers (0 to 3)");
  }

  private static void refused(int count, int perPod, String why) {
    assertThatThrownBy(() -> option("--rank", "0").check(run(count, perPod)))
        .isInstanceOfSatisfying(
            RunException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessage(why);
  }

  private static RankOption option(String... arguments) {
    Carrier carrier = new Carrier();
    new CommandLine(carrier).parseArgs(arguments);
    return carrier.option;
  }

  /** A command that has the option and nothing else. */
  @Command(name = "carrier")
  private static final class Carrier {
    @Mixin private RankOption option;
  }

  private static RunSpec run(int count, int perPod) {
    RunSpec.Trainers trainers =
        new RunSpec.Trainers(
            Collections.nCopies(count, "127.0.0.1:1"), Sharding.None, count, perPod);
    return RunJson.read(
        """
        {"version": "%s", "job": "small", "threads": 1, "training": {"batchSequences": 8},
         "student": {}, "data": {}, "objective": {}, "signal": {}, "evaluation": {},
         "checkpoint": {}, "saturation": {}, "trainers": %s}"""
            .formatted(RunSpec.VERSION, RunJson.write(trainers)),
        RunSpec.class);
  }
}
