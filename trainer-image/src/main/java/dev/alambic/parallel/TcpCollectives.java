package dev.alambic.parallel;

import ai.djl.ndarray.NDArray;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.torch.Torch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Collectives over plain TCP, for CPUs. Each process owns a segment of every array and is sent
 * everybody's share of it, so that as many bytes move as in a ring, 2 (P - 1) / P of the array from
 * and to each process for an all-reduce. A ring would add up in an order that begins elsewhere for
 * each segment; here it is that of {@link TreeSum}.
 */
public final class TcpCollectives implements Collectives {
  /** Elements of a segment that are under way at once: 16 MiB. */
  private static final int PIECE = 1 << 22;

  /**
   * Elements that are received from each process before they are added up: 256 KiB, which stay in
   * the processor's cache. The system receives the next ones meanwhile.
   */
  private static final int ADDED_AT_ONCE = 1 << 16;

  /** A connection may break a moment before it is known why. */
  private static final Duration REASON = Duration.ofSeconds(1);

  private final World world;
  private final Mesh mesh;
  private final Heartbeat pulse;
  private final ByteBuffer[] received;
  private final float[][] terms;
  private final ExecutorService thread;
  private Thread itself;

  private TcpCollectives(World world, Mesh mesh, Heartbeat pulse) {
    this.world = world;
    this.mesh = mesh;
    this.pulse = pulse;
    this.received = new ByteBuffer[world.size()];
    for (int rank = 0; rank < received.length; rank++) {
      received[rank] = rank == world.rank() ? null : buffer(ADDED_AT_ONCE * Float.BYTES);
    }
    this.terms = new float[world.size()][ADDED_AT_ONCE];
    this.thread = Executors.newSingleThreadExecutor(this::thread);
  }

  /** Not the training thread: an interrupt, which asks a run to stop, would close a connection. */
  private Thread thread(Runnable work) {
    itself =
        new Thread(
            () -> {
              Torch.prepareThread();
              work.run();
            },
            "collectives");
    itself.setDaemon(true);
    return itself;
  }

  /**
   * Meets the other processes.
   *
   * @param addresses host:port of each rank
   * @param pass 32 bytes that all processes of this run know, and others don't
   * @param patience how long to wait for the others
   * @param news gets the missing ranks in words
   * @throws RunException TRY_AGAIN, naming those who don't come in time
   */
  public static TcpCollectives open(
      World world, List<String> addresses, byte[] pass, Duration patience, Consumer<String> news)
      throws InterruptedException {
    return open(world, addresses, pass, patience, Heartbeat.Timing.USUAL, news);
  }

  static TcpCollectives open(
      World world,
      List<String> addresses,
      byte[] pass,
      Duration patience,
      Heartbeat.Timing rhythm,
      Consumer<String> news)
      throws InterruptedException {
    try (Rendezvous meeting = new Rendezvous(world, addresses, pass)) {
      Rendezvous.Connections met = meeting.meet(patience, news);
      Mesh mesh = new Mesh(met.data());
      Heartbeat pulse = new Heartbeat(met.pulses(), addresses, rhythm);
      pulse.whenLost(why -> mesh.close());
      TcpCollectives collectives = new TcpCollectives(world, mesh, pulse);
      collectives.barrier(); // Each has all connections: the doors may close.
      return collectives;
    } catch (IOException e) {
      throw new RunException(ExitCode.TRY_AGAIN, "the trainers cannot meet: " + e, e);
    }
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public Future<?> async(Runnable calls) {
    return CompletableFuture.runAsync(calls, here());
  }

  private Executor here() {
    return Thread.currentThread() == itself ? Runnable::run : thread;
  }

  private interface Exchange {
    void run() throws IOException;
  }

  private void perform(Exchange exchange) {
    Collectives.await(
        async(
            () -> {
              try {
                exchange.run();
              } catch (IOException | ClosedSelectorException | CancelledKeyException e) {
                throw new RunException(
                    ExitCode.TRY_AGAIN,
                    pulse.loss(REASON).orElseGet(() -> "a trainer is gone: " + e),
                    e);
              }
            }));
  }

  @Override
  public void allReduce(NDArray array) {
    perform(
        () -> {
          Floats floats = new Floats(array);
          long step = (long) PIECE * world.size();
          for (long from = 0; from < floats.length(); from += step) {
            long to = Math.min(floats.length(), from + step);
            ByteBuffer[] parts = parts(floats, from, to);
            reduce(parts, parts[world.rank()]);
            gather(parts[world.rank()], parts);
          }
        });
  }

  /** Elements {@code [from, to)} cut into as many parts as there are processes. */
  private ByteBuffer[] parts(Floats floats, long from, long to) {
    long each = (to - from + world.size() - 1) / world.size();
    ByteBuffer[] parts = new ByteBuffer[world.size()];
    for (int rank = 0; rank < parts.length; rank++) {
      parts[rank] = floats.part(from + rank * each, Math.min(to, from + (rank + 1) * each));
    }
    return parts;
  }

  @Override
  public void reduceScatter(NDArray whole, NDArray part) {
    perform(() -> forEachPiece(whole, part, this::reduce));
  }

  @Override
  public void allGather(NDArray part, NDArray whole) {
    perform(() -> forEachPiece(whole, part, (pieces, mine) -> gather(mine, pieces)));
  }

  /** What is done with a piece of each rank's segment, and the same piece of one's own part. */
  private interface PieceWork {
    void run(ByteBuffer[] pieces, ByteBuffer mine) throws IOException;
  }

  private void forEachPiece(NDArray whole, NDArray part, PieceWork work) throws IOException {
    Floats from = new Floats(whole);
    Floats own = new Floats(part);
    long longest = world.segment(whole.size(), 0).length();
    for (long at = 0; at < longest; at += PIECE) {
      ByteBuffer[] pieces = new ByteBuffer[world.size()];
      for (int rank = 0; rank < pieces.length; rank++) {
        World.Segment segment = world.segment(whole.size(), rank);
        pieces[rank] =
            from.part(segment.from() + at, Math.min(segment.to(), segment.from() + at + PIECE));
      }
      work.run(pieces, own.part(at, Math.min(own.length(), at + PIECE)));
    }
  }

  /**
   * Sends each rank its piece, and sums what is received for one's own into {@code mine}, which may
   * be that piece itself.
   */
  private void reduce(ByteBuffer[] pieces, ByteBuffer mine) throws IOException {
    ByteBuffer[] out = new ByteBuffer[world.size()];
    for (int rank = 0; rank < world.size(); rank++) {
      out[rank] = rank == world.rank() ? null : pieces[rank].duplicate();
    }
    FloatBuffer own = floats(pieces[world.rank()]);
    FloatBuffer sum = floats(mine);
    while (own.hasRemaining()) {
      int elements = Math.min(ADDED_AT_ONCE, own.remaining());
      for (int rank = 0; rank < world.size(); rank++) {
        if (rank != world.rank()) {
          received[rank].clear().limit(elements * Float.BYTES);
        }
      }
      mesh.receive(out, received);
      add(own, sum, elements);
    }
    mesh.exchange(out, new ByteBuffer[world.size()]);
  }

  private void add(FloatBuffer own, FloatBuffer sum, int elements) {
    for (int rank = 0; rank < world.size(); rank++) {
      FloatBuffer term = rank == world.rank() ? own : floats(received[rank].flip());
      term.get(terms[rank], 0, elements);
    }
    TreeSum.of(world.size(), (to, from) -> add(terms[to], terms[from], elements));
    sum.put(terms[0], 0, elements);
  }

  private static void add(float[] to, float[] from, int elements) {
    for (int i = 0; i < elements; i++) {
      to[i] += from[i];
    }
  }

  private static FloatBuffer floats(ByteBuffer bytes) {
    return bytes.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** Sends one's own piece to all, and puts those of the others in their places. */
  private void gather(ByteBuffer mine, ByteBuffer[] pieces) throws IOException {
    ByteBuffer[] out = new ByteBuffer[world.size()];
    ByteBuffer[] in = new ByteBuffer[world.size()];
    for (int rank = 0; rank < world.size(); rank++) {
      if (rank == world.rank()) {
        pieces[rank].duplicate().put(mine.duplicate());
      } else {
        out[rank] = mine.duplicate();
        in[rank] = pieces[rank].duplicate();
      }
    }
    mesh.exchange(out, in);
  }

  @Override
  public void broadcast(NDArray array, int fromRank) {
    perform(
        () -> {
          Floats floats = new Floats(array);
          for (long from = 0; from < floats.length(); from += PIECE) {
            ByteBuffer piece = floats.part(from, Math.min(floats.length(), from + PIECE));
            send(piece, fromRank);
          }
        });
  }

  private void send(ByteBuffer piece, int fromRank) throws IOException {
    ByteBuffer[] out = new ByteBuffer[world.size()];
    ByteBuffer[] in = new ByteBuffer[world.size()];
    for (int rank = 0; rank < world.size(); rank++) {
      if (world.rank() == fromRank && rank != fromRank) {
        out[rank] = piece.duplicate();
      }
    }
    if (world.rank() != fromRank) {
      in[fromRank] = piece;
    }
    mesh.exchange(out, in);
  }

  @Override
  public List<double[]> gather(double[] mine) {
    List<double[]> all = new ArrayList<>();
    perform(
        () -> {
          ByteBuffer[] pieces = new ByteBuffer[world.size()];
          for (int rank = 0; rank < pieces.length; rank++) {
            pieces[rank] = buffer(mine.length * Double.BYTES);
          }
          ByteBuffer own = buffer(mine.length * Double.BYTES);
          own.asDoubleBuffer().put(mine);
          gather(own, pieces);
          for (ByteBuffer piece : pieces) {
            double[] values = new double[mine.length];
            piece.asDoubleBuffer().get(values);
            all.add(values);
          }
        });
    return all;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  public void check() {
    pulse
        .loss(Duration.ZERO)
        .ifPresent(
            why -> {
              throw new RunException(ExitCode.TRY_AGAIN, why);
            });
  }

  @Override
  public void whenLost(Consumer<String> listener) {
    pulse.whenLost(listener);
  }

  @Override
  public void leave(String why) {
    pulse.leave(why);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    pulse.close();
    mesh.close();
  }
}
