package dev.alambic.main;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.failure.ExitCode;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PodTrainersTest {
  @TempDir Path folder;

  @Test
  void eachHasItsRankPortGpuAndFile() {
    List<PodProcess> pod = new PodTrainers(Path.of("run.json"), 2, 8080).processes(4, folder);
    assertThat(pod).extracting(PodProcess::rank).containsExactly(8, 9, 10, 11);
    assertThat(pod).extracting(PodProcess::lastProgress).doesNotHaveDuplicates();
    assertThat(pod.get(3).command())
        .containsSubsequence(
            Main.class.getName(),
            "train",
            "--spec",
            "run.json",
            "--rank",
            "11",
            "--port",
            "8083",
            "--termination-message",
            folder.resolve("11").toString());
  }

  /** Real ones, which end at once because they have nothing to start from. */
  @Test
  void whatOneSaysLastIsWhatThePodSays() throws IOException {
    Path spec = Files.writeString(folder.resolve("run.json"), spec());
    Path message = Files.writeString(folder.resolve("message"), "of an attempt before");
    Object file = Files.readAttributes(message, "unix:ino").get("ino");
    RunSpec.Trainers trainers = RunJson.read(spec(), RunSpec.class).trainers();

    int exit = new PodTrainers(spec, 0, freePort()).run(trainers, message);

    assertThat(exit).isEqualTo(ExitCode.NO_INPUT.code());
    Progress said = RunJson.read(Files.readString(message), Progress.class);
    assertThat(said.stage().state()).isEqualTo(Progress.State.Failed);
    assertThat(said.stage().message()).contains("/nowhere");
    assertThat(Files.readAttributes(message, "unix:ino").get("ino"))
        .as("the file, a mount in a pod, is still the same")
        .isEqualTo(file);
  }

  private String spec() {
    return """
        {"version": "%s", "job": "small", "threads": 1, "training": {"tokenBudget": 1000},
         "student": {"initFrom": {"path": "/nowhere"}}, "data": {}, "objective": {}, "signal": {},
         "evaluation": {}, "checkpoint": {"path": "%s"}, "saturation": {},
         "trainers": {"addresses": ["127.0.0.1:1", "127.0.0.1:2"], "sharding": "None",
                      "gradientShares": 2, "perPod": 2}}"""
        .formatted(RunSpec.VERSION, folder.resolve("checkpoints"));
  }

  /** One whose next is free too, most likely. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort() == 65_535 ? freePort() : socket.getLocalPort();
    }
  }
}
