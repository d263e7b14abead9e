package dev.alambic.parallel;

import dev.alambic.torch.TensorAddress;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several ranks as threads of one process, which meet on loopback. */
public final class Ranks {
  private static final byte[] PASS = new byte[32];

  private Ranks() {}

  /** What one rank does. */
  public interface Work<T> {
    T run(Collectives collectives) throws Exception;
  }

  /** Runs the work on each of so many ranks, and gives what came of it by rank. */
  public static <T> List<T> run(int size, Work<T> work) throws Exception {
    if (size == 1) {
      return List.of(work.run(new SingleProcess()));
    }
    List<String> addresses = addresses(size);
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int rank = 0; rank < size; rank++) {
        World world = new World(rank, size);
        futures.add(
            threads.submit(
                () -> {
                  Torch.prepareThread();
                  try (Collectives collectives = open(world, addresses)) {
                    return work.run(collectives);
                  }
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      threads.shutdownNow();
    }
  }

  /** As {@link #run}, with NCCL on a simulated GPU for each rank. */
  public static <T> List<T> runOnGpus(int size, Work<T> work) throws Exception {
    SharedMemoryNccl nccl = new SharedMemoryNccl(size);
    return run(
        size,
        control -> {
          SimulatedGpu gpu = new SimulatedGpu(SimulatedGpu.Order.DEFAULT_AT_ONCE);
          Nccl streaming = gpu.streaming(nccl.ofRank(control.world().rank()));
          try (Collectives collectives =
              NcclCollectives.open(streaming, gpu, control, TensorAddress::of)) {
            return work.run(collectives);
          }
        });
  }

  static Collectives open(World world, List<String> addresses) throws InterruptedException {
    return TcpCollectives.open(world, addresses, PASS, Duration.ofSeconds(30), words -> {});
  }

  /** Free ports of loopback. */
  public static List<String> addresses(int size) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      ServerSocket socket = new ServerSocket(0);
      sockets.add(socket);
      addresses.add("127.0.0.1:" + socket.getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return addresses;
  }
}
