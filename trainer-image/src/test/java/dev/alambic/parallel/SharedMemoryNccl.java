package dev.alambic.parallel;

import com.sun.jna.Pointer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntToLongFunction;

/**
 * What NCCL's documentation says of its collectives, done for threads of one process on the host's
 * memory. All ranks meet, read, meet, and write, so that a call that overlaps with another's memory
 * is seen.
 */
final class SharedMemoryNccl {
  private record Call(String function, long send, long count, int root) {}

  private static final int INVALID_ARGUMENT = 4;

  /** Bytes of all kinds, negative ones too. */
  private static final byte[] ID = new byte[Nccl.UniqueId.BYTES];

  static {
    new Random(1).nextBytes(ID);
  }

  private final int size;
  private final Call[] calls;
  private final CyclicBarrier meeting;

  SharedMemoryNccl(int size) {
    this.size = size;
    this.calls = new Call[size];
    this.meeting = new CyclicBarrier(size);
  }

  /** NCCL as this rank's thread sees it. */
  Nccl ofRank(int rank) {
    return new NcclStub() {
      @Override
      public int ncclGetUniqueId(byte[] id) {
        System.arraycopy(ID, 0, id, 0, id.length);
        return SUCCESS;
      }

      @Override
      public int ncclCommInitRank(long[] communicator, int ranks, UniqueId id, int its) {
        boolean known = Arrays.equals(id.internal, ID) && ranks == size && its == rank;
        return known ? super.ncclCommInitRank(communicator, ranks, id, its) : INVALID_ARGUMENT;
      }

      @Override
      public int ncclAllReduce(
          long send, long receive, long count, int type, int op, long comm, long stream) {
        meet(rank, new Call("allReduce", send, count, 0));
        return write(receive, sum(r -> calls[r].send(), count));
      }

      @Override
      public int ncclReduceScatter(
          long send, long receive, long each, int type, int op, long comm, long stream) {
        meet(rank, new Call("reduceScatter", send, each, 0));
        return write(receive, sum(r -> calls[r].send() + rank * each * Float.BYTES, each));
      }

      @Override
      public int ncclAllGather(
          long send, long receive, long each, int type, long comm, long stream) {
        meet(rank, new Call("allGather", send, each, 0));
        float[] whole = new float[Math.toIntExact(each * size)];
        for (int r = 0; r < size; r++) {
          float[] part = read(calls[r].send(), each);
          System.arraycopy(part, 0, whole, Math.toIntExact(r * each), part.length);
        }
        return write(receive, whole);
      }

      @Override
      public int ncclReduce(
          long send, long receive, long count, int type, int op, int root, long comm, long stream) {
        meet(rank, new Call("reduce", send, count, root));
        float[] sum = sum(r -> calls[r].send(), count);
        return root == rank ? write(receive, sum) : write(receive, new float[0]);
      }

      @Override
      public int ncclBroadcast(
          long send, long receive, long count, int type, int root, long comm, long stream) {
        meet(rank, new Call("broadcast", send, count, root));
        return write(receive, read(calls[root].send(), count));
      }
    };
  }

  private void meet(int rank, Call call) {
    calls[rank] = call;
    await();
    for (Call other : calls) {
      if (!other.function().equals(call.function())
          || other.count() != call.count()
          || other.root() != call.root()) {
        throw new AssertionError("ranks call different things: " + call + ", " + other);
      }
    }
  }

  private float[] sum(IntToLongFunction address, long count) {
    float[] sum = new float[Math.toIntExact(count)];
    for (int r = 0; r < size; r++) {
      float[] addend = read(address.applyAsLong(r), count);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += addend[i];
      }
    }
    return sum;
  }

  private static float[] read(long address, long count) {
    return count == 0
        ? new float[0]
        : new Pointer(address).getFloatArray(0, Math.toIntExact(count));
  }

  /** After all have read; and none goes on before all have written. */
  private int write(long address, float[] values) {
    await();
    if (values.length > 0) {
      new Pointer(address).write(0, values, 0, values.length);
    }
    await();
    return Nccl.SUCCESS;
  }

  private void await() {
    try {
      meeting.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError("a rank is missing", e);
    }
  }
}
