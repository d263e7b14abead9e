package dev.alambic.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.torch.Torch;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FullShardsTest {
  private static final Shape SHAPE = new Shape(3, 5000);

  @BeforeAll
  static void engine() {
    Torch.start(1);
  }

  /** So that a student need not fit into one process, not even at the start. */
  @Test
  void aTensorIsOnlyWholeWhileItIsNeeded() throws Exception {
    List<Boolean> ranks =
        Ranks.run(
            2,
            collectives -> {
              try (NDManager manager = Torch.newManager();
                  Partition shards = Partition.of(Sharding.Full, collectives, manager)) {
                NDArray tensor = manager.arange((float) SHAPE.size()).reshape(SHAPE);
                float[] values = tensor.toFloatArray();
                shards.register(tensor);
                assertThat(tensor.stopGradient().size()).isZero();
                assertThat(shards.weights(manager, 0).size())
                    .isEqualTo(collectives.world().segment(SHAPE.size()).length());

                shards.acquire(0);
                shards.acquire(0);
                shards.release(0);
                assertThat(tensor.getShape()).isEqualTo(SHAPE);
                assertThat(tensor.toFloatArray()).isEqualTo(values);
                shards.release(0);
                assertThat(tensor.stopGradient().size()).isZero();
                return true;
              }
            });
    assertThat(ranks).containsExactly(true, true);
  }

  @Test
  void aGradientIsSummedAndGoesToThoseItBelongsTo() throws Exception {
    List<Double> sums =
        Ranks.run(
            2,
            collectives -> {
              try (NDManager manager = Torch.newManager();
                  Partition shards = Partition.of(Sharding.Full, collectives, manager)) {
                NDArray tensor = manager.ones(SHAPE);
                shards.register(tensor);
                for (int pass = 0; pass < 2; pass++) {
                  shards.acquire(0);
                  shards.beginGradient(0);
                  NDArray sum = Torch.withGradients(tensor::sum);
                  Torch.backward(sum, manager.full(new Shape(), 1f + collectives.world().rank()));
                  shards.release(0);
                  shards.endGradient(0, pass == 1);
                }
                shards.awaitGradients();
                NDArray gradient = shards.gradient(manager, 0);
                assertThat(gradient.toFloatArray()).containsOnly(6f);
                shards.zeroGradients();
                assertThat(gradient.toFloatArray()).containsOnly(0f);
                return (double) gradient.size();
              }
            });
    assertThat(sums.get(0) + sums.get(1)).isEqualTo((double) SHAPE.size());
  }
}
