package dev.alambic.main;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One of the trainers of a pod, as a process.
 *
 * @param command that starts it
 * @param gpu the one that it sees, as CUDA_VISIBLE_DEVICES has it
 * @param lastProgress the file in which it leaves its termination message
 */
record PodProcess(int rank, List<String> command, String gpu, Path lastProgress) {

  /** Starts it; both of its streams are its output. */
  Process start() throws IOException {
    ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
    process.environment().put(VisibleGpus.VARIABLE, gpu);
    return process.start();
  }
}
