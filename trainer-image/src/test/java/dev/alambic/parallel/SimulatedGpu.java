package dev.alambic.parallel;

import com.sun.jna.ptr.PointerByReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What CUDA's documentation says of streams, events and contexts, for the thread of one rank. Work
 * waits in its stream until {@link #synchronize}, and is then done in the least convenient {@link
 * Order} that the events allow: a wait that is missing shows in the results.
 */
final class SimulatedGpu implements Cuda {
  /** Of the work of different streams. */
  enum Order {
    DEFAULT_FIRST,
    SIDE_FIRST,
    /** As PyTorch does it on the CPU; a side stream's no sooner than that waits for it. */
    DEFAULT_AT_ONCE
  }

  private static final int INVALID_CONTEXT = 201;
  private static final int INVALID_HANDLE = 400;
  private static final long CONTEXT = 11;
  private static final Set<String> COLLECTIVES =
      Set.of("ncclAllReduce", "ncclReduceScatter", "ncclAllGather", "ncclReduce", "ncclBroadcast");

  /** A point in a stream, which work of others may wait for. */
  private static final class Mark {
    boolean reached;
  }

  private record Step(Mark awaited, Runnable work) {
    boolean ready() {
      return awaited == null || awaited.reached;
    }
  }

  /** What has been done, in order. */
  final List<String> done = new ArrayList<>();

  private final Order order;
  private final Map<Long, Deque<Step>> streams = new TreeMap<>();
  private final Set<Long> blocking = new HashSet<>();
  private final Map<Long, Mark> events = new HashMap<>();
  private final ThreadLocal<Long> current = ThreadLocal.withInitial(() -> 0L);
  private long lastHandle = 100;
  private volatile boolean aborted;

  SimulatedGpu(Order order) {
    this.order = order;
    streams.put(DEFAULT_STREAM, new ArrayDeque<>());
  }

  /** Streams, but for the default one, and events. */
  int open() {
    return streams.size() - 1 + events.size();
  }

  /** Puts work in the default stream, as PyTorch does. */
  void launch(String name, Runnable work) {
    put(DEFAULT_STREAM, name, work);
  }

  private void put(long stream, String name, Runnable work) {
    add(
        stream,
        null,
        () -> {
          work.run();
          done.add(name);
        });
  }

  private void add(long stream, Mark awaited, Runnable work) {
    for (long other : blocking) {
      if (stream == DEFAULT_STREAM) {
        follow(stream, other);
      } else if (stream == other) {
        follow(stream, DEFAULT_STREAM);
      }
    }
    streams.get(stream).add(new Step(awaited, work));
    if (order == Order.DEFAULT_AT_ONCE && stream == DEFAULT_STREAM) {
      while (!streams.get(DEFAULT_STREAM).isEmpty()) {
        advance();
      }
    }
  }

  private void follow(long later, long earlier) {
    Mark mark = new Mark();
    streams.get(earlier).add(new Step(null, () -> mark.reached = true));
    streams.get(later).add(new Step(mark, () -> {}));
  }

  /** Waits for all work. */
  void synchronize() {
    while (streams.values().stream().anyMatch(work -> !work.isEmpty())) {
      advance();
    }
  }

  private void advance() {
    List<Deque<Step>> preferred = new ArrayList<>(streams.values());
    if (order == Order.SIDE_FIRST) {
      preferred.add(preferred.remove(0));
    }
    for (Deque<Step> work : preferred) {
      if (!work.isEmpty() && work.peek().ready()) {
        work.remove().work().run();
        return;
      }
    }
    throw new AssertionError("the streams wait for each other");
  }

  /**
   * NCCL, whose collectives wait in their streams. Its end is theirs, before they write to memory
   * that is free by then.
   */
  Nccl streaming(Nccl nccl) {
    return (Nccl)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Nccl.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "ncclCommInitRank" -> current.set(CONTEXT);
                case "ncclCommDestroy" -> streams.values().forEach(Deque::clear);
                case "ncclCommAbort" -> aborted = true;
                default -> {}
              }
              if (!COLLECTIVES.contains(method.getName())) {
                return invoke(nccl, method, arguments);
              }
              long stream = (Long) arguments[arguments.length - 1];
              put(stream, method.getName(), () -> collective(nccl, method, arguments));
              return Nccl.SUCCESS;
            });
  }

  private void collective(Nccl nccl, Method method, Object[] arguments) {
    if (!aborted && !invoke(nccl, method, arguments).equals(Nccl.SUCCESS)) {
      throw new AssertionError(method.getName());
    }
  }

  private static Object invoke(Nccl nccl, Method method, Object[] arguments) {
    try {
      return method.invoke(nccl, arguments);
    } catch (InvocationTargetException | IllegalAccessException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Override
  public int cuCtxGetCurrent(long[] context) {
    context[0] = current.get();
    return 0;
  }

  @Override
  public int cuCtxSetCurrent(long context) {
    current.set(context);
    return 0;
  }

  private boolean outside() {
    return current.get() != CONTEXT;
  }

  @Override
  public int cuStreamCreate(long[] stream, int flags) {
    if (outside()) {
      return INVALID_CONTEXT;
    }
    stream[0] = ++lastHandle;
    streams.put(lastHandle, new ArrayDeque<>());
    if (flags != STREAM_NON_BLOCKING) {
      blocking.add(lastHandle);
    }
    return 0;
  }

  @Override
  public int cuStreamWaitEvent(long stream, long event, int flags) {
    if (outside()) {
      return INVALID_CONTEXT;
    }
    if (!streams.containsKey(stream) || !events.containsKey(event)) {
      return INVALID_HANDLE;
    }
    add(stream, events.get(event), () -> {});
    return 0;
  }

  @Override
  public int cuStreamDestroy_v2(long stream) {
    return streams.remove(stream) == null ? INVALID_HANDLE : 0;
  }

  @Override
  public int cuEventCreate(long[] event, int flags) {
    if (outside()) {
      return INVALID_CONTEXT;
    }
    Mark never = new Mark();
    never.reached = true;
    event[0] = ++lastHandle;
    events.put(lastHandle, never);
    return 0;
  }

  @Override
  public int cuEventRecord(long event, long stream) {
    if (outside()) {
      return INVALID_CONTEXT;
    }
    if (!streams.containsKey(stream) || !events.containsKey(event)) {
      return INVALID_HANDLE;
    }
    Mark mark = new Mark();
    events.put(event, mark);
    add(stream, null, () -> mark.reached = true);
    return 0;
  }

  @Override
  public int cuEventDestroy_v2(long event) {
    return events.remove(event) == null ? INVALID_HANDLE : 0;
  }

  @Override
  public int cuGetErrorName(int result, PointerByReference name) {
    return 1;
  }

  @Override
  public int cuInit(int flags) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int cuDeviceGetCount(int[] count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int cuDeviceGet(int[] device, int ordinal) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int cuDeviceGetName(byte[] name, int bytes, int device) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int cuDevicePrimaryCtxRetain(long[] context, int device) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int cuCtxSynchronize() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int cuMemAlloc_v2(long[] address, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int cuMemcpyHtoD_v2(long to, float[] from, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int cuMemcpyDtoH_v2(float[] to, long from, long bytes) {
    throw new UnsupportedOperationException();
  }
}
