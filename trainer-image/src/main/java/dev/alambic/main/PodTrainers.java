package dev.alambic.main;

import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trainers of this pod: this program once more for each, with a rank, a port and a GPU of its
 * own.
 *
 * @param spec the run specification's file
 * @param index the pod's
 * @param port of the first, at which the pod answers; the others have the next ones
 */
record PodTrainers(Path spec, int index, int port) {
  private static final Logger LOG = LoggerFactory.getLogger(PodTrainers.class);

  /** One that is connected to others notices within 30 s that one of them is gone. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Runs them to their ends.
   *
   * @param terminationMessage where the last progress of the process that decides the pod's result
   *     is left, or null
   * @return its exit code
   */
  int run(RunSpec.Trainers trainers, Path terminationMessage) throws IOException {
    Path folder = Files.createTempDirectory("trainers");
    List<PodProcess> processes = processes(trainers.perPod(), folder);
    PodProcesses.Ended cause = new PodProcesses(processes, PATIENCE, System.err).run();
    if (terminationMessage != null) {
      leave(cause.process().lastProgress(), terminationMessage);
    }
    return cause.exitCode();
  }

  List<PodProcess> processes(int count, Path folder) {
    List<String> gpus = VisibleGpus.each(count, System.getenv());
    return IntStream.range(0, count)
        .mapToObj(
            place -> {
              int rank = index * count + place;
              Path words = folder.resolve(Integer.toString(rank));
              return new PodProcess(
                  rank, command(rank, port + place, words), gpus.get(place), words);
            })
        .toList();
  }

  /** The same program with the same settings of its JVM. */
  private List<String> command(int rank, int itsPort, Path words) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("train", "--spec", spec.toString()));
    command.addAll(List.of("--rank", Integer.toString(rank)));
    command.addAll(List.of("--port", Integer.toString(itsPort)));
    command.addAll(List.of("--termination-message", words.toString()));
    return command;
  }

  /**
   * One that was killed has left none: then the end of the log is all there is. The pod's own file
   * is a mount and stays the same.
   */
  private static void leave(Path words, Path terminationMessage) {
    try {
      if (Files.exists(words)) {
        Files.write(terminationMessage, Files.readAllBytes(words));
      }
    } catch (IOException e) {
      LOG.warn("the last progress cannot be left behind: {}", e.toString());
    }
  }
}
