package dev.alambic.parallel;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A second CUDA stream beside PyTorch's, the default one, and the order between the two. Each
 * stream does its work one after the other; work of both is done at once but for what events put in
 * order: a stream that waits for one waits on the GPU, for what was in the other stream when the
 * event was recorded there. The host never waits.
 *
 * <p>The stream is non-blocking: any other, by CUDA's rule for the legacy default stream, would
 * wait for all work of PyTorch's, and PyTorch's for it, and nothing would overlap.
 *
 * <p>For one thread at a time. The driver works in the context that is current on the calling
 * thread: that of {@link #open} is made current before anything is asked of it.
 *
 * <p>Tested on simulated streams; it has not run on a GPU.
 */
final class SideStream implements AutoCloseable {
  private final Cuda cuda;
  private final long context;
  private final long stream;

  /** Recorded again for each wait; earlier waits are not affected. */
  private final long turn;

  /** The ends of {@link #async} calls that have not been waited for. */
  private final Set<Long> ends = new HashSet<>();

  private boolean inside;
  private boolean ahead;

  private SideStream(Cuda cuda, long context) {
    this.cuda = cuda;
    this.context = context;
    this.stream = create("creating a stream", cuda::cuStreamCreate, Cuda.STREAM_NON_BLOCKING);
    this.turn = newEvent();
  }

  /**
   * In the context that is current on this thread: the one of PyTorch and NCCL, which CUDA's
   * runtime makes current where it is used, as in {@code ncclCommInitRank}.
   */
  static SideStream open(Cuda cuda) {
    long[] context = new long[1];
    CudaError.check(cuda, "asking for the context", cuda.cuCtxGetCurrent(context));
    if (context[0] == 0) {
      throw new IllegalStateException("no CUDA context is current on this thread");
    }
    return new SideStream(cuda, context[0]);
  }

  /**
   * The stream for a call that comes after all calls before: this one for calls of {@link #async},
   * otherwise the default one, which first waits for this one.
   */
  long forNextCall() {
    if (inside) {
      return stream;
    }
    if (ahead) {
      enter();
      follow(Cuda.DEFAULT_STREAM, stream);
      ahead = false;
    }
    return Cuda.DEFAULT_STREAM;
  }

  /**
   * Makes calls, which ask for their stream, after what is in the default stream now and beside
   * what comes there next.
   *
   * @return whose {@code get} makes the default stream wait for them
   */
  Future<?> async(Runnable calls) {
    if (inside) {
      calls.run(); // Are part of those that they are made by.
      return CompletableFuture.completedFuture(null);
    }
    enter();
    follow(stream, Cuda.DEFAULT_STREAM);
    inside = true;
    ahead = true;
    try {
      calls.run();
    } finally {
      inside = false;
    }
    long end = newEvent();
    ends.add(end);
    record(end, stream);
    return new Lazy(() -> join(end));
  }

  private void join(long end) {
    if (ends.contains(end)) {
      enter();
      await(Cuda.DEFAULT_STREAM, end);
      ends.remove(end);
      int unused = cuda.cuEventDestroy_v2(end); // Allowed from the moment the wait is in place.
    }
  }

  /** What {@code later} gets next comes after all that {@code earlier} has now. */
  private void follow(long later, long earlier) {
    record(turn, earlier);
    await(later, turn);
  }

  private void record(long event, long of) {
    CudaError.check(cuda, "recording an event", cuda.cuEventRecord(event, of));
  }

  private void await(long waiting, long event) {
    CudaError.check(cuda, "waiting for an event", cuda.cuStreamWaitEvent(waiting, event, 0));
  }

  private void enter() {
    CudaError.check(cuda, "entering the context", cuda.cuCtxSetCurrent(context));
  }

  private long newEvent() {
    return create("creating an event", cuda::cuEventCreate, Cuda.EVENT_DISABLE_TIMING);
  }

  private interface Creation {
    int call(long[] handle, int flags);
  }

  private long create(String what, Creation creation, int flags) {
    long[] handle = new long[1];
    CudaError.check(cuda, what, creation.call(handle, flags));
    return handle[0];
  }

  /**
   * Gives all back, without waiting: the driver frees what is still in use when it is done. No
   * result changes anything any more, and after an error of the GPU none is good.
   */
  @Override
  public void close() {
    int unused = cuda.cuCtxSetCurrent(context);
    ends.forEach(cuda::cuEventDestroy_v2);
    ends.clear();
    unused = cuda.cuEventDestroy_v2(turn);
    unused = cuda.cuStreamDestroy_v2(stream);
  }

  /** Is done, once, when it is asked for. */
  private static final class Lazy extends FutureTask<Void> {
    Lazy(Runnable work) {
      super(work, null);
    }

    @Override
    public Void get() throws InterruptedException, ExecutionException {
      run();
      return super.get();
    }

    @Override
    public Void get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException {
      return get();
    }
  }
}
