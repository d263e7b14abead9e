package dev.alambic.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.torch.Torch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorCopyTest {
  private static final float[] VALUES = {1.5f, -2, 0.25f, 3e-5f, -0f, 65504, 1e-3f};

  @TempDir Path folder;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  /** Exactly what Java reads, mapped from a file or from the heap, and nothing beside it. */
  @ParameterizedTest
  @EnumSource(DType.class)
  void copiesEveryTypeIntoItsPlace(DType dtype) throws Exception {
    Tensor heap = Tensor.ofFloats("b", dtype, TensorShape.of(7), VALUES);
    Path file = folder.resolve("x.safetensors");
    Tensor before = Tensor.ofFloats("a", DType.F32, TensorShape.of(1), new float[] {9});
    SafetensorsWriter.write(file, List.of(before, heap));
    Tensor mapped = SafetensorsFile.read(file).get("b");
    Tensor pieces = SafetensorsFile.read(file, 4).get("b");
    for (Tensor source : List.of(heap, mapped, pieces)) {
      try (NDManager manager = Torch.newManager();
          TensorCopy into = new TensorCopy(manager)) {
        NDArray target = manager.zeros(new Shape(3, 4));
        into.copy(source, target, 2);
        float[] row = target.toFloatArray();
        float[] expected = heap.toFloats();
        for (int i = 0; i < row.length; i++) {
          assertThat(row[i]).isEqualTo(i >= 2 && i < 9 ? expected[i - 2] : 0);
        }
      }
    }
  }

  /** An interrupt closes a file in Java: the copy goes on from the mapped pages. */
  @Test
  void anInterruptDoesNotStopIt() throws Exception {
    Path file = folder.resolve("x.safetensors");
    Tensor heap = Tensor.ofFloats("b", DType.F32, TensorShape.of(7), VALUES);
    SafetensorsWriter.write(file, List.of(heap));
    Tensor stored = SafetensorsFile.read(file).get("b");
    try (NDManager manager = Torch.newManager();
        TensorCopy into = new TensorCopy(manager)) {
      NDArray target = manager.zeros(new Shape(7));
      Thread.currentThread().interrupt();
      into.copy(stored, target, 0);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(target.toFloatArray()).containsExactly(VALUES);
    }
  }

  @Test
  void copiesFromAnOddAddress() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(29).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 7; i++) {
      bytes.putFloat(1 + 4 * i, VALUES[i]);
    }
    Tensor odd = Tensor.of("a", DType.F32, TensorShape.of(7), bytes.slice(1, 28));
    try (NDManager manager = Torch.newManager();
        TensorCopy into = new TensorCopy(manager)) {
      NDArray target = manager.zeros(new Shape(7));
      into.copy(odd, target, 0);
      assertThat(target.toFloatArray()).containsExactly(VALUES);
    }
  }
}
