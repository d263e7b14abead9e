package dev.alambic.parallel;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/**
 * Collectives of a {@link World} over float32 in the GPUs' memory, by address. A call puts the work
 * in a CUDA stream and returns: it is done before whatever that stream gets next. In {@link
 * Cuda#DEFAULT_STREAM} that is PyTorch's work, so that tensors can be used, and given back to its
 * allocator, at once. Who reads the memory by other means, or from another stream, waits for this
 * one first. Calls in different streams are put in order by the caller, the same for all processes:
 * NCCL does one at a time.
 *
 * <p>NCCL takes the GPU that is the calling thread's current one. A process sees one GPU (its pod's
 * only one, or that of its CUDA_VISIBLE_DEVICES), so that no other is visible.
 */
public final class NcclCommunicator implements AutoCloseable {
  /** A call takes microseconds, and the first of its kind, which connects, seconds at most. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(5);

  private final Nccl nccl;
  private final World world;
  private final long handle;
  private final Duration longestCall;

  /** Held during a call, so that what it works on is not freed meanwhile. */
  private final ReentrantLock call = new ReentrantLock();

  private volatile String whyAborted;
  private final AtomicBoolean released = new AtomicBoolean();
  private boolean failed;

  private NcclCommunicator(Nccl nccl, World world, long handle, Duration longestCall) {
    this.nccl = nccl;
    this.world = world;
    this.handle = handle;
    this.longestCall = longestCall;
  }

  /** What one process makes and gives to all, so that they find each other. */
  public static byte[] uniqueId(Nccl nccl, World world) {
    byte[] id = new byte[Nccl.UniqueId.BYTES];
    NcclError.check(nccl, "making a unique id", world, nccl.ncclGetUniqueId(id));
    return id;
  }

  /** NCCL's version, as in {@code 2.21.5}. */
  public static String version(Nccl nccl, World world) {
    int[] code = new int[1];
    NcclError.check(nccl, "asking for the version", world, nccl.ncclGetVersion(code));
    return "%d.%d.%d".formatted(code[0] / 10_000, code[0] / 100 % 100, code[0] % 100);
  }

  /**
   * Waits until all processes are here, which nothing can break off: see first that they are alive.
   *
   * @param uniqueId of one {@link #uniqueId}, the same for all
   */
  public static NcclCommunicator open(Nccl nccl, World world, byte[] uniqueId) {
    return open(nccl, world, uniqueId, LONGEST_CALL);
  }

  static NcclCommunicator open(Nccl nccl, World world, byte[] uniqueId, Duration longestCall) {
    long[] handle = new long[1];
    NcclError.check(
        nccl,
        "joining the communicator",
        world,
        nccl.ncclCommInitRank(handle, world.size(), Nccl.UniqueId.of(uniqueId), world.rank()));
    return new NcclCommunicator(nccl, world, handle[0], longestCall);
  }

  /** The processes. */
  public World world() {
    return world;
  }

  /** Sums in place. Each element is summed up in one place and handed on: the same bits for all. */
  public void allReduce(long array, long count, long stream) {
    run(
        "all-reduce of %d floats".formatted(count),
        () -> nccl.ncclAllReduce(array, array, count, Nccl.FLOAT32, Nccl.SUM, handle, stream));
  }

  /**
   * Gives each process its own segment of the sum.
   *
   * @param count floats at {@code whole}
   * @param part the segment's address in {@code whole}, or memory of its own
   */
  public void reduceScatter(long whole, long part, long count, long stream) {
    run(
        "reduce-scatter of %d floats".formatted(count),
        () -> reduceScatterCalls(whole, part, count, stream));
  }

  private int reduceScatterCalls(long whole, long part, long count, long stream) {
    if (evenly(count)) {
      return nccl.ncclReduceScatter(
          whole, part, count / world.size(), Nccl.FLOAT32, Nccl.SUM, handle, stream);
    }
    return forEachSegment(
        count,
        (segment, root) -> {
          long send = address(whole, segment);
          return nccl.ncclReduce(
              send,
              root == world.rank() ? part : send,
              segment.length(),
              Nccl.FLOAT32,
              Nccl.SUM,
              root,
              handle,
              stream);
        });
  }

  /**
   * Joins all processes' segments.
   *
   * @param part the own segment's address in {@code whole}, or memory of its own
   * @param count floats at {@code whole}
   */
  public void allGather(long part, long whole, long count, long stream) {
    run(
        "all-gather of %d floats".formatted(count),
        () -> allGatherCalls(part, whole, count, stream));
  }

  private int allGatherCalls(long part, long whole, long count, long stream) {
    if (evenly(count)) {
      return nccl.ncclAllGather(part, whole, count / world.size(), Nccl.FLOAT32, handle, stream);
    }
    return forEachSegment(
        count,
        (segment, root) -> {
          long receive = address(whole, segment);
          return nccl.ncclBroadcast(
              root == world.rank() ? part : receive,
              receive,
              segment.length(),
              Nccl.FLOAT32,
              root,
              handle,
              stream);
        });
  }

  /** Puts one process's array in the place of all others'. */
  public void broadcast(long array, long count, int fromRank, long stream) {
    run(
        "broadcast of %d floats".formatted(count),
        () -> nccl.ncclBroadcast(array, array, count, Nccl.FLOAT32, fromRank, handle, stream));
  }

  /**
   * Fails if NCCL itself has noticed that something is wrong, as with the network. From any thread,
   * a watchdog's say: kernels under way do not end by it.
   */
  public void check() {
    if (call.tryLock()) {
      try {
        run("a check", () -> Nccl.SUCCESS);
      } finally {
        call.unlock();
      }
    }
  }

  /**
   * Ends what is under way, here alone: kernels that wait for a process that is gone would wait
   * forever. From any thread; every call after it fails, and what is in the arrays is worth
   * nothing.
   *
   * @param why for the user, in one line
   */
  public void abort(String why) {
    whyAborted = why;
    boolean idle = callEnds();
    try {
      // A thread that is still in a call is stuck in NCCL, and this is what frees it.
      release(true);
    } finally {
      if (idle) {
        call.unlock();
      }
    }
  }

  private boolean callEnds() {
    try {
      return call.tryLock(longestCall.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Leaves, after what is under way, and without waiting for the others once something failed. */
  @Override
  public void close() {
    call.lock();
    try {
      release(failed);
    } finally {
      call.unlock();
    }
  }

  private void release(boolean atOnce) {
    if (!released.getAndSet(true)) {
      // Neither result changes anything: the process is leaving.
      int unused = atOnce ? nccl.ncclCommAbort(handle) : nccl.ncclCommDestroy(handle);
    }
  }

  private void run(String what, IntSupplier calls) {
    call.lock();
    try {
      if (whyAborted != null) {
        throw new RunException(ExitCode.TRY_AGAIN, whyAborted);
      }
      NcclError.check(nccl, "what came before " + what, world, asyncError());
      int result = calls.getAsInt();
      if (whyAborted != null) {
        throw new RunException(ExitCode.TRY_AGAIN, whyAborted);
      }
      NcclError.check(nccl, what, world, result);
    } catch (RunException e) {
      failed = true;
      throw e;
    } finally {
      call.unlock();
    }
  }

  private int asyncError() {
    int[] error = new int[1];
    int result = nccl.ncclCommGetAsyncError(handle, error);
    return result == Nccl.SUCCESS ? error[0] : result;
  }

  /** Whether all segments are of one length, so that NCCL's own layout is {@link World}'s. */
  private boolean evenly(long count) {
    return world.segment(count, 0).length() * world.size() == count;
  }

  private interface SegmentCall {
    int run(World.Segment segment, int root);
  }

  /** As one group, which NCCL runs as one; the first failure counts. */
  private int forEachSegment(long count, SegmentCall segmentCall) {
    int result = nccl.ncclGroupStart();
    for (int root = 0; root < world.size() && result == Nccl.SUCCESS; root++) {
      World.Segment segment = world.segment(count, root);
      if (segment.length() > 0) {
        result = segmentCall.run(segment, root);
      }
    }
    int ended = nccl.ncclGroupEnd();
    return result == Nccl.SUCCESS ? ended : result;
  }

  private static long address(long whole, World.Segment segment) {
    return whole + segment.from() * Float.BYTES;
  }
}
