package dev.alambic.bench.load;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.HuggingFaceConfig;
import dev.alambic.decoder.SpecialTokens;
import dev.alambic.model.DType;
import dev.alambic.model.ModelFolderWriter;
import dev.alambic.model.Tensor;
import dev.alambic.model.TensorNames;
import dev.alambic.model.TensorShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** A model folder of Gemma 2's kind with random weights in bfloat16, in files of 1 GB at most. */
final class RandomFolder {
  private static final long LARGEST_FILE = 1_000_000_000;
  private static final long PIECE = 1 << 24;

  /** Two numbers of either sign between 2^-6 and 2^-5, in one int. */
  private static final int MANTISSAS = 0x807f807f;

  private static final int EXPONENTS = 0x3c803c80;

  private RandomFolder() {}

  /** A shape of about {@code bytes} bytes in bfloat16; the layers make up the size. */
  static DecoderConfig shape(long bytes) {
    DecoderConfig two = shape(2);
    long rest = bytes / 2 - two.embeddingParameters();
    return shape((int) Math.max(2, rest / two.layerParameters() + 1));
  }

  private static DecoderConfig shape(int layers) {
    return DecoderConfig.gemma2(
        64_000, 2048, layers, 8, 4, 256, 8192, 4096, 8192, 1e4, 1e-6, 50, 30, 256);
  }

  static void write(Path folder, DecoderConfig shape) {
    List<Tensor> tensors =
        TensorNames.expected(shape).entrySet().stream()
            .map(entry -> tensor(entry.getKey(), entry.getValue()))
            .toList();
    HuggingFaceConfig config = new HuggingFaceConfig(shape, "bfloat16", SpecialTokens.NONE);
    ModelFolderWriter.write(folder, config, tensors, Optional.empty(), LARGEST_FILE);
  }

  private static Tensor tensor(String name, TensorShape shape) {
    long elements = shape.elements();
    Iterable<ByteBuffer> slices =
        () -> {
          SplittableRandom random = new SplittableRandom(name.hashCode());
          return LongStream.iterate(0, from -> from < elements, from -> from + PIECE)
              .mapToObj(from -> piece(random, (int) Math.min(PIECE, elements - from)))
              .iterator();
        };
    return new Tensor(name, DType.BF16, shape, slices);
  }

  private static ByteBuffer piece(SplittableRandom random, int elements) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * elements).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.remaining() >= Integer.BYTES) {
      bytes.putInt((random.nextInt() & MANTISSAS) | EXPONENTS);
    }
    return bytes.flip();
  }
}
