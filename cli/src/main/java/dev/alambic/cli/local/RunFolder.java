package dev.alambic.cli.local;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.FolderLock;
import java.nio.file.Path;

/**
 * The files of a local run.
 *
 * <pre>
 * status.yaml      the job with its status, as kubectl get -o yaml would show it
 * run.json         the run specification that teacher and trainer read
 * curve.svg        loss curve with fit and budget
 * report.html      all of the run on one page
 * student/         the finished student, a Hugging Face folder
 * checkpoints/     what a resumed run starts from
 * tokens/          the tokenised corpus
 * signals/         the teacher's signals, if spec.signal.cache asks for them and names no claim
 * teacher-N.log    output of teacher N
 * fill-N.log       output of what filled shard N of the signal cache (mode Offline)
 * trainer.log      output of the trainer; of several trainer-N.log
 * </pre>
 *
 * @param path the folder
 */
public record RunFolder(Path path) {
  /**
   * Keeps the folder to this process.
   *
   * @throws LocalRunException naming who has it
   */
  public FolderLock lock() throws LocalRunException {
    try {
      return FolderLock.take(path);
    } catch (RunException e) {
      throw new LocalRunException(
          e.getMessage()
              + (e.exitCode() == ExitCode.TRY_AGAIN ? ": wait for it, or give --out" : ""));
    }
  }

  public Path status() {
    return path.resolve("status.yaml");
  }

  public Path runSpec() {
    return path.resolve("run.json");
  }

  public Path curve() {
    return path.resolve("curve.svg");
  }

  public Path report() {
    return path.resolve("report.html");
  }

  public Path student() {
    return path.resolve("student");
  }

  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /** The trainer's last progress, whole. */
  public Path lastProgress() {
    return checkpoints().resolve("progress.json");
  }

  public Path tokens() {
    return path.resolve("tokens");
  }

  public Path signals() {
    return path.resolve("signals");
  }

  Path teacherLog(int replica) {
    return path.resolve("teacher-" + replica + ".log");
  }

  Path fillLog(int shard) {
    return path.resolve("fill-" + shard + ".log");
  }

  public Path trainerLog() {
    return path.resolve("trainer.log");
  }

  /** Of one of several trainers. */
  public Path trainerLog(int rank) {
    return path.resolve("trainer-" + rank + ".log");
  }
}
