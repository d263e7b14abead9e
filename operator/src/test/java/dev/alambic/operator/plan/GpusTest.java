package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GpusTest {
  @Test
  void areThoseOfAllPods() {
    Gpus gpus =
        Gpus.of(
            Specs.with(
                "teacher: {replicas: 3, pod: {resources: {limits: {nvidia.com/gpu: 2}}}}",
                "trainer: {pod: {resources: {requests: {amd.com/gpu: 4, cpu: 8}}}}"));

    assertThat(gpus).isEqualTo(new Gpus(4, 6));
    assertThat(gpus.total()).isEqualTo(10);
  }

  @Test
  void areNoneByDefault() {
    assertThat(Gpus.of(Specs.with()).total()).isZero();
  }

  /** Of device plugins that share GPUs: memory in MiB, cores in percent. */
  @Test
  void areNotSharesOfOne() {
    Gpus gpus =
        Gpus.of(
            Specs.with(
                "trainer: {pod: {resources: {limits: {nvidia.com/gpu: 1, nvidia.com/gpumem: 3000,"
                    + " nvidia.com/gpucores: 30, volcano.sh/gpu-memory: 8000}}}}"));

    assertThat(gpus.trainer()).isEqualTo(1);
  }
}
