package dev.alambic.bench.nccl;

import static dev.alambic.parallel.Cuda.DEFAULT_STREAM;

import dev.alambic.parallel.Cuda;
import dev.alambic.parallel.Nccl;
import dev.alambic.parallel.NcclCommunicator;
import dev.alambic.parallel.World;
import java.util.Arrays;

/** What one of the processes would do; here each is a thread, on a GPU of its own. */
final class Rank implements AutoCloseable {
  private static final int WARM_UP_ROUNDS = 5;

  private final World world;
  private final Gpu gpu;
  private final long whole;
  private final long part;
  private final NcclCommunicator communicator;

  /**
   * Waits for the others.
   *
   * @param longest floats of an array
   */
  Rank(Nccl nccl, Cuda cuda, World world, byte[] id, long longest) {
    this.world = world;
    this.gpu = Gpu.use(cuda, world.rank());
    this.whole = gpu.allocate(longest);
    this.part = gpu.allocate(longest);
    this.communicator = NcclCommunicator.open(nccl, world, id);
  }

  /**
   * Sees that every collective gives what it should.
   *
   * @throws IllegalStateException if one does not
   */
  void verify(int count) {
    World.Segment own = world.segment(count);
    float[] sum = new float[count];
    for (int rank = 0; rank < world.size(); rank++) {
      float[] addend = values(rank, count);
      for (int i = 0; i < count; i++) {
        sum[i] += addend[i];
      }
    }
    gpu.write(whole, values(world.rank(), count));
    call(Collective.ALL_REDUCE, count);
    require(Collective.ALL_REDUCE, whole, sum);

    gpu.write(whole, values(world.rank(), count));
    call(Collective.REDUCE_SCATTER, count);
    float[] segment = Arrays.copyOfRange(sum, (int) own.from(), (int) own.to());
    require(Collective.REDUCE_SCATTER, part, segment);

    gpu.write(whole, new float[count]);
    call(Collective.ALL_GATHER, count);
    require(Collective.ALL_GATHER, whole, sum);

    long inPlace = whole + own.from() * Float.BYTES;
    gpu.write(whole, values(world.rank(), count));
    communicator.reduceScatter(whole, inPlace, count, DEFAULT_STREAM);
    communicator.allGather(inPlace, whole, count, DEFAULT_STREAM);
    require(Collective.ALL_GATHER, whole, sum);

    gpu.write(whole, values(world.rank(), count));
    call(Collective.BROADCAST, count);
    require(Collective.BROADCAST, whole, values(world.size() - 1, count));
  }

  private void require(Collective collective, long address, float[] expected) {
    gpu.synchronize();
    int difference = Arrays.mismatch(gpu.read(address, expected.length), expected);
    if (difference >= 0) {
      throw new IllegalStateException(
          "%s gave rank %d of %d something else at element %d of %d"
              .formatted(
                  collective.label(), world.rank(), world.size(), difference, expected.length));
    }
  }

  /** Whole numbers, whose sums are exact in any order. */
  private static float[] values(int rank, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 1000 * rank + i % 1000;
    }
    return values;
  }

  /** Seconds of one round, of many that follow each other. */
  double seconds(Collective collective, long count, int rounds) {
    repeat(collective, count, WARM_UP_ROUNDS);
    long begin = System.nanoTime();
    repeat(collective, count, rounds);
    return (System.nanoTime() - begin) / 1e9 / rounds;
  }

  private void repeat(Collective collective, long count, int rounds) {
    for (int i = 0; i < rounds; i++) {
      call(collective, count);
    }
    gpu.synchronize();
  }

  private void call(Collective collective, long count) {
    switch (collective) {
      case ALL_REDUCE -> communicator.allReduce(whole, count, DEFAULT_STREAM);
      case REDUCE_SCATTER -> communicator.reduceScatter(whole, part, count, DEFAULT_STREAM);
      case ALL_GATHER -> communicator.allGather(part, whole, count, DEFAULT_STREAM);
      case BROADCAST -> communicator.broadcast(whole, count, world.size() - 1, DEFAULT_STREAM);
    }
  }

  String gpuName() {
    return gpu.name();
  }

  @Override
  public void close() {
    communicator.close();
  }
}
