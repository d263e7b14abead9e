package dev.alambic.bench.distil;

import dev.alambic.failure.RunException;
import java.nio.file.Path;

/** The program of a child process: one run, its result on standard output. */
final class TrainOne {
  private TrainOne() {}

  /** Takes a run as JSON and the work folder. */
  public static void main(String[] arguments) {
    try {
      Run run = ResultFile.parseRun(arguments[0]);
      Result result = TrainingRun.carryOut(run, new WorkFolder(Path.of(arguments[1])));
      System.out.println(ResultFile.line(result));
    } catch (RunException e) {
      System.err.println("error: " + e.getMessage());
      System.exit(e.exitCode().code());
    }
    System.exit(0);
  }
}
