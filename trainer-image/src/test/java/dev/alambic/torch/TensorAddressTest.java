package dev.alambic.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import com.sun.jna.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TensorAddressTest {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Test
  void isWhereTheElementsAre() {
    NDArray array = manager.create(new float[] {1, 2, 3});
    Pointer memory = new Pointer(TensorAddress.of(array));
    assertThat(memory.getFloatArray(0, 3)).containsExactly(1, 2, 3);
    memory.setFloat(4, 20);
    assertThat(array.toFloatArray()).containsExactly(1, 20, 3);
  }

  /** What is written there is seen in the whole. */
  @Test
  void ofAViewIsInsideTheWhole() {
    NDArray whole = manager.arange(10f);
    NDArray view = whole.get(new NDIndex("4:7"));
    assertThat(TensorAddress.of(view)).isEqualTo(TensorAddress.of(whole) + 4 * Float.BYTES);
    new Pointer(TensorAddress.of(view)).setFloat(0, 40);
    assertThat(whole.toFloatArray()).containsExactly(0, 1, 2, 3, 40, 5, 6, 7, 8, 9);
  }

  @Test
  void aTensorThatIsClosedHasNone() {
    NDArray array = manager.create(1f);
    array.close();
    assertThatIllegalStateException().isThrownBy(() -> TensorAddress.of(array));
  }

  /** Its address would be read by a GPU as one of its own. */
  @Test
  void theHostsMemoryIsNoGpus() {
    NDArray array = manager.create(1f);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TensorAddress.onGpu(array))
        .withMessageContaining("CPU");
  }
}
