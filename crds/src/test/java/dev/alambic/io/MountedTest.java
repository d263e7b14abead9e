package dev.alambic.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountedTest {
  @TempDir private Path pod;
  private Path volumes;
  private Path data;
  private Path secret;

  @BeforeEach
  void twoVolumesAndASecret() throws IOException {
    pod = pod.toRealPath();
    volumes = pod.resolve("alambic");
    data = Files.createDirectories(volumes.resolve("data"));
    Files.createDirectories(volumes.resolve("run/other"));
    secret = Files.writeString(pod.resolve("environ"), "KEY=secret");
    System.setProperty(Mounted.PROPERTY, volumes.toString());
  }

  @AfterEach
  void forget() {
    System.clearProperty(Mounted.PROPERTY);
  }

  @Test
  void aCacheOfHuggingFaceIsReadThroughItsLinks() throws IOException {
    Files.createDirectories(data.resolve("blobs"));
    Path snapshot = Files.createDirectories(data.resolve("snapshots/main"));
    Files.writeString(data.resolve("blobs/1a"), "{}");
    Path link = Files.createSymbolicLink(snapshot.resolve("c.json"), Path.of("../../blobs/1a"));
    assertThat(Mounted.readable(link)).isEqualTo(link);
  }

  @Test
  void linksOutOfTheVolumeAreRefusedByName() throws IOException {
    Path file = Files.createSymbolicLink(data.resolve("w"), secret);
    assertRefused(() -> Mounted.readable(file), file + ": leads to " + secret);
    Path folder = Files.createSymbolicLink(data.resolve("up"), Path.of("../run"));
    assertRefused(() -> Mounted.readable(folder.resolve("other")), "outside of its volume " + data);
    assertRefused(() -> Mounted.readable(folder.resolve("new")), "outside of its volume " + data);
  }

  @Test
  void twoLinksThatLeadOutTogetherAreRefused() throws IOException {
    Files.createSymbolicLink(data.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(data.resolve("b"), secret);
    assertRefused(() -> Mounted.readable(data.resolve("a")), "leads to " + secret);
  }

  @Test
  void pathsThatClimbAreRefused() {
    assertRefused(() -> Mounted.readable(data.resolve("../run/other")), "leaves its volume");
    assertRefused(() -> Mounted.writable(data.resolve("../../x")), "leaves its volume");
  }

  @Test
  void danglingAndCircularLinksAreRefused() throws IOException {
    Path dangling = Files.createSymbolicLink(data.resolve("d"), pod.resolve("nothing"));
    assertRefused(() -> Mounted.readable(dangling), "a link to what is not there");
    assertRefused(() -> Mounted.writable(dangling), "a link to what is not there");
    Path circle = Files.createSymbolicLink(data.resolve("o"), Path.of("o"));
    assertThatThrownBy(() -> Mounted.readable(circle))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("cannot be followed");
  }

  @Test
  void whatIsWrittenIsBehindNoLinkAtAll() throws IOException {
    Path run = volumes.resolve("run");
    assertThat(Mounted.writable(run.resolve("mine/student")))
        .isEqualTo(run.resolve("mine/student"));
    Path student = Files.createSymbolicLink(run.resolve("student"), Path.of("other"));
    assertThat(Mounted.readable(student)).isEqualTo(student);
    assertRefused(() -> Mounted.writable(student), "really it is " + run.resolve("other"));
    assertRefused(() -> Mounted.writable(student.resolve("config.json")), "is behind a link");
  }

  @Test
  void aPipeIsNotOpened() throws IOException, InterruptedException {
    Path pipe = data.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertRefused(() -> Mounted.readable(pipe), "neither a file nor a folder");
  }

  @Test
  void onAMachineOfOnesOwnLinksAreFollowed() throws IOException {
    Path link = Files.createSymbolicLink(pod.resolve("link"), secret);
    assertThat(Mounted.readable(link)).isEqualTo(link);
    assertThat(Mounted.writable(link)).isEqualTo(link);
    assertThat(Mounted.readable(volumes.resolve("init/nothing"))).isNotNull();
  }

  private static void assertRefused(Runnable opening, String reason) {
    assertThatThrownBy(opening::run)
        .isInstanceOfSatisfying(
            RunException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
        .hasMessageContaining(reason);
  }
}
