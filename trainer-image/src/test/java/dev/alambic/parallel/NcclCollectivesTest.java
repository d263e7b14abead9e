package dev.alambic.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.alambic.torch.TensorAddress;
import dev.alambic.torch.Torch;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On tensors of the host, with an NCCL that works on the host's memory, beside real TCP. */
@Timeout(60)
class NcclCollectivesTest {
  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  @ParameterizedTest
  @CsvSource({"1, 7", "2, 128", "3, 192", "3, 130", "4, 65", "4, 1000"})
  void doesWhatCollectivesPromise(int size, int count) throws Exception {
    float[] sum = sum(size, count);
    float[] last = values(size - 1, count);
    SharedMemoryNccl nccl = new SharedMemoryNccl(size);
    List<Results> byRank = Ranks.run(size, control -> doAll(open(nccl, control), count));
    for (int rank = 0; rank < size; rank++) {
      World.Segment own = new World(rank, size).segment(count);
      Results results = byRank.get(rank);
      assertThat(results.reduced()).isEqualTo(sum);
      assertThat(results.part())
          .isEqualTo(Arrays.copyOfRange(sum, (int) own.from(), (int) own.to()));
      assertThat(results.gathered()).isEqualTo(sum);
      assertThat(results.inPlace()).isEqualTo(sum);
      assertThat(results.broadcast()).isEqualTo(last);
      assertThat(results.said()).isEqualTo(size);
    }
  }

  private record Results(
      float[] reduced,
      float[] part,
      float[] gathered,
      float[] inPlace,
      float[] broadcast,
      int said) {}

  private static Results doAll(Collectives collectives, int count) {
    World world = collectives.world();
    World.Segment own = world.segment(count);
    try (NDManager manager = Torch.newManager()) {
      NDArray reduced = manager.create(values(world.rank(), count));
      collectives.allReduce(reduced);

      NDArray whole = manager.create(values(world.rank(), count));
      NDArray part = manager.zeros(new Shape(own.length()));
      NDArray gathered = manager.zeros(new Shape(count));
      collectives.reduceScatter(whole, part);
      collectives.allGather(part, gathered);

      NDArray inPlace = manager.create(values(world.rank(), count));
      NDArray view = inPlace.get(new NDIndex("{}:{}", own.from(), own.to()));
      collectives.reduceScatter(inPlace, view);
      collectives.allGather(view, inPlace);

      NDArray broadcast = manager.create(values(world.rank(), count));
      collectives.broadcast(broadcast, world.size() - 1);
      return new Results(
          reduced.toFloatArray(),
          part.toFloatArray(),
          gathered.toFloatArray(),
          inPlace.toFloatArray(),
          broadcast.toFloatArray(),
          collectives.gather(new double[] {1}).size());
    }
  }

  private static NcclCollectives open(SharedMemoryNccl nccl, Collectives control) {
    SimulatedGpu gpu = new SimulatedGpu(SimulatedGpu.Order.DEFAULT_AT_ONCE);
    Nccl streaming = gpu.streaming(nccl.ofRank(control.world().rank()));
    return NcclCollectives.open(streaming, gpu, control, TensorAddress::of);
  }

  /** Integers, so that sums are exact in any order. */
  private static float[] values(int rank, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 1000 * rank + i + 1;
    }
    return values;
  }

  private static float[] sum(int size, int count) {
    float[] sum = new float[count];
    for (int rank = 0; rank < size; rank++) {
      float[] addend = values(rank, count);
      for (int i = 0; i < count; i++) {
        sum[i] += addend[i];
      }
    }
    return sum;
  }

  @Test
  void refusesWhatNcclWouldWritePast() {
    NcclCollectives alone = open(new SharedMemoryNccl(1), new SingleProcess());
    try (NDManager manager = Torch.newManager()) {
      NDArray whole = manager.zeros(new Shape(128));
      NDArray part = manager.zeros(new Shape(127));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> alone.reduceScatter(whole, part))
          .withMessageContaining("127 elements where 128");
      assertThatIllegalArgumentException().isThrownBy(() -> alone.allGather(part, whole));
    }
  }

  @Test
  void refusesOtherTypes() {
    NcclCollectives alone = open(new SharedMemoryNccl(1), new SingleProcess());
    try (NDManager manager = Torch.newManager()) {
      NDArray integers = manager.zeros(new Shape(4), DataType.INT32);
      assertThatIllegalArgumentException().isThrownBy(() -> alone.allReduce(integers));
    }
  }

  /** The control's connections are of use until NCCL's are gone. */
  @Test
  void closesNcclFirst() {
    RecordedNccl recorded = new RecordedNccl();
    Collectives control =
        (Collectives)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Collectives.class},
                (proxy, method, arguments) -> {
                  recorded.calls.add(method.getName());
                  return method.invoke(new SingleProcess(), arguments);
                });
    SimulatedGpu gpu = new SimulatedGpu(SimulatedGpu.Order.DEFAULT_AT_ONCE);
    Nccl streaming = gpu.streaming(recorded.of(new NcclStub()));
    NcclCollectives collectives = NcclCollectives.open(streaming, gpu, control, TensorAddress::of);
    recorded.calls.clear();
    collectives.barrier();
    collectives.leave("a reason");
    collectives.close();
    assertThat(recorded.calls).containsExactly("barrier", "leave", "ncclCommDestroy(77)", "close");
  }
}
