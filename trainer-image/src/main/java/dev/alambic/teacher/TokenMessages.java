package dev.alambic.teacher;

import com.google.protobuf.ByteString;
import dev.alambic.teacher.TeacherProto.ScoreRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Token sequences in a score request. */
final class TokenMessages {
  private TokenMessages() {}

  /** Adds sequences to a request. */
  static void put(ScoreRequest.Builder request, List<int[]> sequences) {
    int tokens = sequences.stream().mapToInt(sequence -> sequence.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(tokens, Integer.BYTES));
    IntBuffer ids = bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    for (int[] sequence : sequences) {
      ids.put(sequence);
      request.addLengths(sequence.length);
    }
    request.setTokens(ByteString.copyFrom(bytes));
  }

  /**
   * The sequences of a request, checked against what the model can read.
   *
   * @param vocabularySize ids that teacher and student share
   * @throws IllegalArgumentException naming sequence and position of what is impossible
   */
  static List<int[]> sequences(
      ScoreRequest request, ModelDescription model, int vocabularySize, int maxBatchTokens) {
    requireLengths(request, model, maxBatchTokens);
    ByteBuffer bytes = request.getTokens().asReadOnlyByteBuffer();
    IntBuffer ids = bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    List<int[]> sequences = new ArrayList<>(request.getLengthsCount());
    for (int length : request.getLengthsList()) {
      int[] sequence = new int[length];
      ids.get(sequence);
      requireIds(sequence, sequences.size(), vocabularySize);
      sequences.add(sequence);
    }
    return sequences;
  }

  private static void requireLengths(
      ScoreRequest request, ModelDescription model, int maxBatchTokens) {
    require(request.getLengthsCount() > 0, () -> "there are no sequences");
    long total = 0;
    for (int i = 0; i < request.getLengthsCount(); i++) {
      requireLength(i, request.getLengths(i), model.contextLength());
      total += request.getLengths(i);
    }
    long tokens = total;
    require(
        tokens <= maxBatchTokens,
        () ->
            "the request has %d tokens; this teacher takes at most maxBatchTokens = %d"
                .formatted(tokens, maxBatchTokens));
    int bytes = request.getTokens().size();
    require(
        bytes == tokens * Integer.BYTES,
        () -> "tokens has %d bytes; the lengths need %d".formatted(bytes, tokens * Integer.BYTES));
  }

  private static void requireLength(int index, int length, int contextLength) {
    require(
        length >= 2 && length - 1 <= contextLength,
        () ->
            "sequence %d has %d tokens; it must have 2 to contextLength + 1 = %d"
                .formatted(index, length, contextLength + 1L));
  }

  private static void requireIds(int[] sequence, int index, int vocabularySize) {
    for (int position = 0; position < sequence.length; position++) {
      int id = sequence[position];
      if (id < 0 || id >= vocabularySize) {
        throw new IllegalArgumentException(
            "sequence %d, position %d: token %d is outside of the teacher's vocabulary of %d"
                .formatted(index, position, id, vocabularySize));
      }
    }
  }

  private static void require(boolean condition, Supplier<String> problem) {
    if (!condition) {
      throw new IllegalArgumentException(problem.get());
    }
  }
}
