package dev.alambic.operator.local;

import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import dev.alambic.volume.FolderLock;
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
 * signals/         what the teacher said, if spec.signal.cache asks for it and names no claim
 * teacher-N.log    output of teacher N
 * fill-N.log       output of what filled shard N of the signal cache (mode Offline)
 * trainer.log      output of the trainer; of several trainer-N.log
 * </pre>
 *
 * @param path the folder
 */
record RunFolder(Path path) {
  /**
   * Keeps the folder to this process.
   *
   * @throws LocalRunException naming who has it
   */
  FolderLock lock() throws LocalRunException {
    try {
      return FolderLock.take(path);
    } catch (RunException e) {
      throw new LocalRunException(
          e.getMessage()
              + (e.exitCode() == ExitCode.TRY_AGAIN ? ": wait for it, or give --out" : ""));
    }
  }

  Path status() {
    return path.resolve("status.yaml");
  }

  Path runSpec() {
    return path.resolve("run.json");
  }

  Path curve() {
    return path.resolve("curve.svg");
  }

  Path report() {
    return path.resolve("report.html");
  }

  Path student() {
    return path.resolve("student");
  }

  Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /** The trainer's last progress, whole. */
  Path lastProgress() {
    return checkpoints().resolve("progress.json");
  }

  Path tokens() {
    return path.resolve("tokens");
  }

  Path signals() {
    return path.resolve("signals");
  }

  Path teacherLog(int replica) {
    return path.resolve("teacher-" + replica + ".log");
  }

  Path fillLog(int shard) {
    return path.resolve("fill-" + shard + ".log");
  }

  Path trainerLog() {
    return path.resolve("trainer.log");
  }

  /** Of one of several trainers. */
  Path trainerLog(int rank) {
    return path.resolve("trainer-" + rank + ".log");
  }
}
