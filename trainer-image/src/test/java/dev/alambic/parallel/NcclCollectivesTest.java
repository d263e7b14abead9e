package dev.alambic.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.alambic.torch.TensorAddress;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On tensors of the host, with an NCCL that works on the host's memory. */
@Timeout(60)
class NcclCollectivesTest {
  private static final byte[] ID = new byte[Nccl.UniqueId.BYTES];

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 7", "2, 128", "2, 129", "3, 192", "3, 130", "4, 65", "4, 1000"})
  void doesWhatCollectivesPromise(int size, int count) {
    List<NcclCollectives> ranks = ranks(size);
    float[] sum = sum(size, count);

    List<NDArray> reduced = arrays(size, count);
    together(ranks, rank -> rank.allReduce(reduced.get(rank.world().rank())));
    assertThat(reduced).allSatisfy(array -> assertThat(array.toFloatArray()).isEqualTo(sum));

    // Into memory of their own, then the whole again.
    List<NDArray> wholes = arrays(size, count);
    List<NDArray> parts = ranks.stream().map(rank -> ownPart(rank.world(), count)).toList();
    together(
        ranks,
        rank ->
            rank.reduceScatter(wholes.get(rank.world().rank()), parts.get(rank.world().rank())));
    for (NcclCollectives rank : ranks) {
      World.Segment own = rank.world().segment(count);
      assertThat(parts.get(rank.world().rank()).toFloatArray())
          .isEqualTo(Arrays.copyOfRange(sum, (int) own.from(), (int) own.to()));
    }
    List<NDArray> gathered =
        IntStream.range(0, size).mapToObj(r -> manager.zeros(new Shape(count))).toList();
    together(
        ranks,
        rank -> rank.allGather(parts.get(rank.world().rank()), gathered.get(rank.world().rank())));
    assertThat(gathered).allSatisfy(array -> assertThat(array.toFloatArray()).isEqualTo(sum));

    // In the place of the own segment.
    List<NDArray> inPlace = arrays(size, count);
    List<NDArray> views =
        ranks.stream().map(r -> view(inPlace.get(r.world().rank()), r.world())).toList();
    together(
        ranks,
        rank -> {
          rank.reduceScatter(inPlace.get(rank.world().rank()), views.get(rank.world().rank()));
          rank.allGather(views.get(rank.world().rank()), inPlace.get(rank.world().rank()));
        });
    assertThat(inPlace).allSatisfy(array -> assertThat(array.toFloatArray()).isEqualTo(sum));

    List<NDArray> said = arrays(size, count);
    together(ranks, rank -> rank.broadcast(said.get(rank.world().rank()), size - 1));
    float[] last = values(size - 1, count);
    assertThat(said).allSatisfy(array -> assertThat(array.toFloatArray()).isEqualTo(last));
  }

  @Test
  void refusesWhatNcclWouldWritePast() {
    NcclCollectives first = ranks(2).get(0);
    NDArray whole = manager.zeros(new Shape(128));
    NDArray part = manager.zeros(new Shape(63));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> first.reduceScatter(whole, part))
        .withMessageContaining("63 elements where 64");
    assertThatIllegalArgumentException().isThrownBy(() -> first.allGather(part, whole));
  }

  @Test
  void refusesOtherTypes() {
    NDArray integers = manager.zeros(new Shape(4), DataType.INT32);
    NcclCollectives alone = ranks(1).get(0);
    assertThatIllegalArgumentException().isThrownBy(() -> alone.allReduce(integers));
  }

  @Test
  void numbersGoOverTheControl() {
    assertThat(ranks(1).get(0).gather(new double[] {1, 2})).containsExactly(new double[] {1, 2});
  }

  /** NCCL would wait for whoever is missing, and could not be stopped. */
  @Test
  void meetsTheOthersBeforeNcclDoes() {
    RecordedNccl recorded = new RecordedNccl();
    Control control = new Control(new World(1, 2), recorded.calls);
    try (NcclCollectives opened = NcclCollectives.open(recorded.of(new NcclStub()), ID, control)) {
      assertThat(opened.world()).isEqualTo(new World(1, 2));
      assertThat(recorded.calls).containsExactly("barrier", "ncclCommInitRank(2, id, 1)");
    }
    assertThat(recorded.calls).endsWith("ncclCommDestroy(77)", "close");
  }

  private static List<NcclCollectives> ranks(int size) {
    SharedMemoryNccl nccl = new SharedMemoryNccl(size);
    return IntStream.range(0, size)
        .mapToObj(
            rank -> {
              World world = new World(rank, size);
              return new NcclCollectives(
                  NcclCommunicator.open(nccl.ofRank(rank), world, ID),
                  new Control(world, new ArrayList<>()),
                  TensorAddress::of);
            })
        .toList();
  }

  /** In threads of their own: a pool may have fewer than ranks that wait for each other. */
  private static void together(List<NcclCollectives> ranks, Consumer<NcclCollectives> work) {
    CompletableFuture<?>[] threads =
        ranks.stream()
            .map(
                rank ->
                    CompletableFuture.runAsync(
                        () -> work.accept(rank), run -> new Thread(run).start()))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(threads).join();
  }

  private List<NDArray> arrays(int size, int count) {
    return IntStream.range(0, size).mapToObj(r -> manager.create(values(r, count))).toList();
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

  private NDArray ownPart(World world, int count) {
    return manager.zeros(new Shape(world.segment(count).length()));
  }

  private static NDArray view(NDArray whole, World world) {
    World.Segment own = world.segment(whole.size());
    return whole.get(new NDIndex("{}:{}", own.from(), own.to()));
  }

  private record Control(World world, List<String> calls) implements Collectives {
    @Override
    public void allReduce(NDArray array) {
      throw new AssertionError("tensors go by NCCL");
    }

    @Override
    public void reduceScatter(NDArray whole, NDArray part) {
      throw new AssertionError("tensors go by NCCL");
    }

    @Override
    public void allGather(NDArray part, NDArray whole) {
      throw new AssertionError("tensors go by NCCL");
    }

    @Override
    public void broadcast(NDArray array, int fromRank) {
      throw new AssertionError("tensors go by NCCL");
    }

    @Override
    public List<double[]> gather(double[] mine) {
      calls.add(mine.length == 0 ? "barrier" : "gather");
      return List.of(mine);
    }

    @Override
    public void close() {
      calls.add("close");
    }
  }
}
