package dev.alambic.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.alambic.failure.RunException;
import dev.alambic.parallel.SimulatedGpu.Order;
import dev.alambic.torch.TensorAddress;
import dev.alambic.torch.Torch;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls beside the computation, on simulated streams: nothing here has seen a GPU. */
@Timeout(60)
class NcclOverlapTest {
  /** Of three ranks' segments the last is shorter. */
  private static final int COUNT = 8194;

  private final SimulatedGpu gpu = new SimulatedGpu(Order.DEFAULT_FIRST);
  private NDManager manager;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  @AfterEach
  void closeManager() {
    if (manager != null) {
      manager.close();
    }
  }

  private NDArray zeros() {
    manager = manager == null ? Torch.newManager() : manager;
    return manager.zeros(new Shape(COUNT));
  }

  private NcclCollectives alone() {
    return open(gpu, new SharedMemoryNccl(1), new SingleProcess());
  }

  private static NcclCollectives open(
      SimulatedGpu gpu, SharedMemoryNccl nccl, Collectives control) {
    Nccl streaming = gpu.streaming(nccl.ofRank(control.world().rank()));
    return NcclCollectives.open(streaming, gpu, control, TensorAddress::of);
  }

  private static void add(SimulatedGpu gpu, NDArray array, float addend) {
    gpu.launch("add", () -> array.addi(addend));
  }

  private static void read(SimulatedGpu gpu, NDArray array, List<Float> seen) {
    gpu.launch("read", () -> seen.add(array.toFloatArray()[0]));
  }

  /** Ranks add 1, 2 and 3; each doubles the sum. Nobody knows which stream is the faster one. */
  @ParameterizedTest
  @EnumSource
  void whatIsComputedBeforeIsSummedAndWhatComesAfterSeesTheSum(Order order) throws Exception {
    SharedMemoryNccl nccl = new SharedMemoryNccl(3);
    List<List<Float>> byRank =
        Ranks.run(
            3,
            control -> {
              SimulatedGpu each = new SimulatedGpu(order);
              List<Float> seen = new ArrayList<>();
              try (NDManager scope = Torch.newManager();
                  NcclCollectives collectives = open(each, nccl, control)) {
                NDArray first = scope.zeros(new Shape(COUNT));
                NDArray second = scope.zeros(new Shape(COUNT));
                World.Segment own = collectives.world().segment(COUNT);
                NDArray part = second.get(new NDIndex("{}:{}", own.from(), own.to()));
                for (int step = 0; step < 2; step++) {
                  add(each, first, control.world().rank() + 1);
                  Future<?> firstSum = collectives.async(() -> collectives.allReduce(first));
                  add(each, second, 10 * control.world().rank());
                  Future<?> secondSum =
                      collectives.async(() -> collectives.reduceScatter(second, part));
                  Collectives.await(firstSum);
                  read(each, first, seen);
                  Collectives.await(secondSum);
                  read(each, part, seen);
                  each.launch("clear", () -> first.subi(first));
                  each.launch("clear", () -> second.subi(second));
                }
                each.synchronize();
              }
              return seen;
            });
    assertThat(byRank).allSatisfy(seen -> assertThat(seen).containsExactly(6f, 30f, 6f, 30f));
  }

  /** Otherwise one rank would broadcast while the other still sums. */
  @Test
  void callsOutsideKeepTheirPlaceWhicheverStreamIsFaster() throws Exception {
    SharedMemoryNccl nccl = new SharedMemoryNccl(2);
    List<List<Float>> byRank =
        Ranks.run(
            2,
            control -> {
              int rank = control.world().rank();
              SimulatedGpu each =
                  new SimulatedGpu(rank == 0 ? Order.DEFAULT_FIRST : Order.SIDE_FIRST);
              List<Float> seen = new ArrayList<>();
              try (NDManager scope = Torch.newManager();
                  NcclCollectives collectives = open(each, nccl, control)) {
                NDArray summed = scope.zeros(new Shape(COUNT));
                NDArray sent = scope.zeros(new Shape(COUNT));
                Future<?> sum = collectives.async(() -> collectives.allReduce(summed));
                add(each, sent, rank + 1);
                collectives.broadcast(sent, 0);
                add(each, sent, 1);
                Future<?> again = collectives.async(() -> collectives.allReduce(sent));
                Collectives.await(sum);
                Collectives.await(again);
                read(each, sent, seen);
                each.synchronize();
              }
              return seen;
            });
    assertThat(byRank).allSatisfy(seen -> assertThat(seen).containsExactly(4f));
  }

  @Test
  void computationGoesOnMeanwhile() {
    NcclCollectives collectives = alone();
    NDArray array = zeros();
    gpu.launch("before", () -> {});
    Future<?> sum = collectives.async(() -> collectives.allReduce(array));
    gpu.launch("meanwhile", () -> {});
    Collectives.await(sum);
    gpu.launch("after", () -> {});
    gpu.synchronize();
    assertThat(gpu.done).containsExactly("before", "meanwhile", "ncclAllReduce", "after");
  }

  @Test
  void onlyWhatIsAwaitedIsWaitedFor() {
    NcclCollectives collectives = alone();
    NDArray array = zeros();
    NDArray other = zeros();
    Future<?> sum = collectives.async(() -> collectives.allReduce(array));
    Future<?> sent = collectives.async(() -> collectives.broadcast(other, 0));
    Collectives.await(sum);
    gpu.launch("after the sum", () -> {});
    Collectives.await(sent);
    gpu.launch("after both", () -> {});
    gpu.synchronize();
    assertThat(gpu.done)
        .containsExactly("ncclAllReduce", "after the sum", "ncclBroadcast", "after both");
  }

  @Test
  void callsBesideThatAreMadeByOthersArePartOfThem() {
    NcclCollectives collectives = alone();
    NDArray array = zeros();
    Future<?> both =
        collectives.async(
            () -> {
              Collectives.await(collectives.async(() -> collectives.allReduce(array)));
              collectives.broadcast(array, 0);
            });
    gpu.launch("meanwhile", () -> {});
    Collectives.await(both);
    gpu.launch("after", () -> {});
    gpu.synchronize();
    assertThat(gpu.done).containsExactly("meanwhile", "ncclAllReduce", "ncclBroadcast", "after");
  }

  /** A new thread has no context until someone makes one current. */
  @Test
  void anyThreadWillDo() {
    NcclCollectives collectives = alone();
    NDArray array = zeros();
    CompletableFuture.runAsync(
            () -> {
              Future<?> sum = collectives.async(() -> collectives.allReduce(array));
              CompletableFuture.runAsync(
                      () -> collectives.allReduce(array), NcclOverlapTest::newThread)
                  .join();
              CompletableFuture.runAsync(() -> Collectives.await(sum), NcclOverlapTest::newThread)
                  .join();
            },
            NcclOverlapTest::newThread)
        .join();
    gpu.synchronize();
    assertThat(gpu.done).containsExactly("ncclAllReduce", "ncclAllReduce");
  }

  private static void newThread(Runnable work) {
    new Thread(work).start();
  }

  @Test
  void nothingIsLeftBehind() {
    NcclCollectives collectives = alone();
    NDArray array = zeros();
    int atFirst = gpu.open();
    Future<?> sum = collectives.async(() -> collectives.allReduce(array));
    Collectives.await(sum);
    Collectives.await(sum);
    assertThat(gpu.open()).isEqualTo(atFirst);
    Future<?> late = collectives.async(() -> collectives.allReduce(array));
    collectives.close();
    assertThat(gpu.open()).isZero();
    assertThatCode(() -> Collectives.await(late)).doesNotThrowAnyException();
  }

  /** A call that fails leaves the calls after it outside, in their order. */
  @Test
  void calmAfterAFailure() {
    NcclCollectives collectives = alone();
    NDArray array = zeros();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                collectives.async(
                    () -> {
                      collectives.allReduce(array);
                      throw new IllegalStateException("a failure");
                    }));
    collectives.broadcast(array, 0);
    gpu.synchronize();
    assertThat(gpu.done).containsExactly("ncclAllReduce", "ncclBroadcast");
  }

  /** The one that is gone is noticed by another thread, while kernels wait for it. */
  @Test
  void afterAnAbortNothingWaits() {
    List<Consumer<String>> listeners = new ArrayList<>();
    Collectives control =
        (Collectives)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Collectives.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("whenLost")) {
                    @SuppressWarnings("unchecked")
                    Consumer<String> listener = (Consumer<String>) arguments[0];
                    listeners.add(listener);
                    return null;
                  }
                  return method.invoke(new SingleProcess(), arguments);
                });
    NcclCollectives collectives = open(gpu, new SharedMemoryNccl(1), control);
    NDArray array = zeros();
    Future<?> sum = collectives.async(() -> collectives.allReduce(array));
    CompletableFuture.runAsync(() -> listeners.get(0).accept("rank 2 is gone")).join();
    Collectives.await(sum);
    gpu.launch("after", () -> {});
    gpu.synchronize();
    assertThat(gpu.done).endsWith("after");
    assertThatExceptionOfType(RunException.class)
        .isThrownBy(() -> collectives.async(() -> collectives.allReduce(array)))
        .withMessage("rank 2 is gone");
    collectives.close();
    assertThat(gpu.open()).isZero();
  }

  @Test
  void needsTheContextOfNccl() {
    assertThatIllegalStateException()
        .isThrownBy(() -> SideStream.open(gpu))
        .withMessage("no CUDA context is current on this thread");
  }

  @Test
  void saysWhatFailedOnTheGpuAndWhatToDo() {
    assertThatExceptionOfType(RunException.class)
        .isThrownBy(() -> CudaError.check(gpu, "recording an event", 700))
        .withMessage(
            "CUDA: recording an event, or what came before it, failed: error 700; see that nvidia-smi on the pod's node shows no errors");
  }
}
