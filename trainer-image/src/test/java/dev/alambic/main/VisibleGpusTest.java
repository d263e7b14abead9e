package dev.alambic.main;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.failure.RunException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleGpusTest {
  private static final String OWN = "CUDA_VISIBLE_DEVICES";
  private static final String GIVEN = "NVIDIA_VISIBLE_DEVICES";

  @Test
  void withoutAListEachHasTheNumberOfItsPlace() {
    assertThat(VisibleGpus.each(3, Map.of())).containsExactly("0", "1", "2");
    assertThat(VisibleGpus.each(2, Map.of(OWN, ""))).containsExactly("0", "1");
  }

  @Test
  void theContainersOwnListComesFirst() {
    Map<String, String> both = Map.of(OWN, "3, 5,7", GIVEN, "GPU-a,GPU-b,GPU-c");
    assertThat(VisibleGpus.each(2, both)).containsExactly("3", "5");
  }

  @Test
  void whatTheRuntimeGaveCountsByItsIds() {
    assertThat(VisibleGpus.each(2, Map.of(GIVEN, "GPU-a,GPU-b"))).containsExactly("GPU-a", "GPU-b");
    assertThat(VisibleGpus.each(2, Map.of(GIVEN, "MIG-a,MIG-b"))).containsExactly("MIG-a", "MIG-b");
  }

  /** Numbers there are the node's: in the container the same GPUs have others. */
  @ParameterizedTest
  @ValueSource(strings = {"4,6", "all", "void", "none", "GPU-a"})
  void whatTheRuntimeGaveIsNoListOfIds(String given) {
    assertThat(VisibleGpus.each(2, Map.of(GIVEN, given))).containsExactly("0", "1");
  }

  @Test
  void aListThatIsTooShortIsRefused() {
    assertThatThrownBy(() -> VisibleGpus.each(4, Map.of(OWN, "0,1")))
        .isInstanceOf(RunException.class)
        .hasMessage(
            "CUDA_VISIBLE_DEVICES: 0,1 is fewer than the 4 GPUs that trainers.perPod takes");
  }
}
