package dev.alambic.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.torch.Torch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpCollectivesTest {
  @BeforeAll
  static void engine() {
    Torch.start(1);
  }

  private static float[] vector(int rank, int length) {
    SplittableRandom random = new SplittableRandom(rank + 1);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] sum(int size, int length) {
    float[][] vectors = new float[size][];
    Arrays.setAll(vectors, rank -> vector(rank, length));
    TreeSum.of(
        size,
        (to, from) -> {
          for (int i = 0; i < length; i++) {
            vectors[to][i] += vectors[from][i];
          }
        });
    return vectors[0];
  }

  @ParameterizedTest
  @CsvSource({"2,1", "2,7", "3,1000", "4,600001", "5,64", "2,1048577", "2,8500001"})
  void allReduceSumsInTheTreesOrderOnEveryRank(int size, int length) throws Exception {
    List<float[]> results =
        Ranks.run(
            size,
            collectives -> {
              try (NDManager manager = Torch.newManager()) {
                NDArray array = manager.create(vector(collectives.world().rank(), length));
                collectives.allReduce(array);
                return array.toFloatArray();
              }
            });
    assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(sum(size, length)));
  }

  @ParameterizedTest
  @CsvSource({"2,1", "2,130", "3,1000", "4,600001", "5,64", "2,1048577", "2,8500001"})
  void scatteredSumsJoinToTheSameSum(int size, int length) throws Exception {
    List<float[]> results =
        Ranks.run(
            size,
            collectives -> {
              World world = collectives.world();
              try (NDManager manager = Torch.newManager()) {
                NDArray whole = manager.create(vector(world.rank(), length));
                World.Segment own = world.segment(length);
                NDArray part = manager.zeros(new Shape(own.length()));
                collectives.reduceScatter(whole, part);
                NDArray joined = manager.zeros(new Shape(length));
                collectives.allGather(part, joined);
                return joined.toFloatArray();
              }
            });
    assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(sum(size, length)));
  }

  @Test
  void aPartMayBeItsSegmentOfTheWhole() throws Exception {
    int length = 500;
    List<float[]> results =
        Ranks.run(
            3,
            collectives -> {
              World world = collectives.world();
              try (NDManager manager = Torch.newManager()) {
                NDArray whole = manager.create(vector(world.rank(), length));
                World.Segment own = world.segment(length);
                NDArray part = whole.get(new NDIndex("{}:{}", own.from(), own.to()));
                collectives.reduceScatter(whole, part);
                collectives.allGather(part, whole);
                return whole.toFloatArray();
              }
            });
    assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(sum(3, length)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void broadcastPutsOneRanksArrayEverywhere(int from) throws Exception {
    List<float[]> results =
        Ranks.run(
            3,
            collectives -> {
              try (NDManager manager = Torch.newManager()) {
                NDArray array = manager.create(vector(collectives.world().rank(), 300_000));
                collectives.broadcast(array, from);
                return array.toFloatArray();
              }
            });
    assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(vector(from, 300_000)));
  }

  @Test
  void gatherGivesWhatEachSaidByRank() throws Exception {
    List<List<double[]>> results =
        Ranks.run(4, c -> c.gather(new double[] {c.world().rank(), Math.PI}));
    assertThat(results)
        .allSatisfy(
            all ->
                assertThat(all)
                    .containsExactly(
                        new double[] {0, Math.PI},
                        new double[] {1, Math.PI},
                        new double[] {2, Math.PI},
                        new double[] {3, Math.PI}));
  }

  @Test
  void callsBesideEachOtherKeepTheirOrder() throws Exception {
    List<float[]> results =
        Ranks.run(
            2,
            collectives -> {
              try (NDManager manager = Torch.newManager()) {
                List<NDArray> arrays = new ArrayList<>();
                List<Future<?>> calls = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                  NDArray array =
                      manager.full(new Shape(1000), (float) collectives.world().rank() + i);
                  arrays.add(array);
                  calls.add(collectives.async(() -> collectives.allReduce(array)));
                }
                calls.forEach(Collectives::await);
                float[] firsts = new float[arrays.size()];
                for (int i = 0; i < firsts.length; i++) {
                  firsts[i] = arrays.get(i).toFloatArray()[999];
                }
                return firsts;
              }
            });
    float[] expected = new float[20];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = 2 * i + 1;
    }
    assertThat(results).containsExactly(expected, expected);
  }

  @Test
  void anInterruptEndsNoCollective() throws Exception {
    List<Boolean> results =
        Ranks.run(
            2,
            collectives -> {
              Thread.currentThread().interrupt();
              collectives.barrier();
              boolean kept = Thread.interrupted();
              collectives.barrier();
              return kept;
            });
    assertThat(results).containsExactly(true, true);
  }

  @Test
  void whoLeavesSaysWhyToTheOthers() throws Exception {
    List<RunException> failures =
        Ranks.run(
            3,
            collectives -> {
              if (collectives.world().rank() == 1) {
                collectives.leave("the disk is full");
                return null;
              }
              return failure(collectives);
            });
    assertThat(failures.get(0).exitCode()).isEqualTo(ExitCode.TRY_AGAIN);
    assertThat(failures.get(0))
        .hasMessageMatching(
            "trainer 1 of 3 \\(127.0.0.1:\\d+\\) is gone: it left: the disk is full");
    assertThat(failures.get(2)).hasMessageContaining("the disk is full");
  }

  private static RunException failure(Collectives collectives) {
    return catchThrowableOfType(
        RunException.class,
        () -> {
          while (true) {
            collectives.barrier();
          }
        });
  }

  @Test
  void whoIsSilentIsGone() throws Exception {
    Heartbeat.Timing fast = new Heartbeat.Timing(Duration.ofMillis(50), Duration.ofMillis(400));
    Heartbeat.Timing never = new Heartbeat.Timing(Duration.ofDays(1), Duration.ofDays(1));
    List<String> addresses = Ranks.addresses(2);
    CountDownLatch noticed = new CountDownLatch(1);
    Thread silent =
        new Thread(
            () -> {
              Torch.prepareThread();
              try (Collectives collectives = open(new World(1, 2), addresses, never)) {
                noticed.await(30, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    silent.start();
    try (Collectives collectives = open(new World(0, 2), addresses, fast)) {
      assertThat(failure(collectives))
          .hasMessageMatching("trainer 1 of 2 \\(.*\\) is gone: it has been silent for 0 s");
    }
    noticed.countDown();
    silent.join();
  }

  private static Collectives open(World world, List<String> addresses, Heartbeat.Timing rhythm)
      throws InterruptedException {
    return TcpCollectives.open(
        world, addresses, new byte[32], Duration.ofSeconds(30), rhythm, words -> {});
  }
}
