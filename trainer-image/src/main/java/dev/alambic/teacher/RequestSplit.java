package dev.alambic.teacher;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.SignalSize;
import dev.alambic.signal.SignalCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a list of sequences into requests that a teacher takes: bounded by its batch and by the
 * largest reply.
 */
record RequestSplit(SignalCodec codec, int maxBatchTokens) {
  /**
   * Parts in order; each holds at least one sequence.
   *
   * @throws RunException if one sequence alone is too much
   */
  List<List<int[]>> parts(List<int[]> sequences) {
    List<List<int[]>> parts = new ArrayList<>();
    List<int[]> part = new ArrayList<>();
    long tokens = 0;
    long bytes = 0;
    for (int[] sequence : sequences) {
      long reply = codec.largestRecord(sequence.length - 1);
      requireFits(sequence.length, reply);
      boolean full =
          tokens + sequence.length > maxBatchTokens || bytes + reply > SignalSize.MOST_RECORD_BYTES;
      if (full) {
        parts.add(part);
        part = new ArrayList<>();
        tokens = 0;
        bytes = 0;
      }
      part.add(sequence);
      tokens += sequence.length;
      bytes += reply;
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }

  private void requireFits(int length, long reply) {
    if (length > maxBatchTokens) {
      throw new RunException(
          ExitCode.USAGE,
          "teacher.maxBatchTokens: %d is less than one sequence of %d tokens; raise it"
              .formatted(maxBatchTokens, length));
    } else if (reply > SignalSize.MOST_RECORD_BYTES) {
      throw new RunException(
          ExitCode.USAGE,
          "signal.encoding: the signal of one sequence of %d tokens takes %d bytes, over %d; use"
                  .formatted(length, reply, SignalSize.MOST_RECORD_BYTES)
              + " Sampled or shorter sequences");
    }
  }
}
