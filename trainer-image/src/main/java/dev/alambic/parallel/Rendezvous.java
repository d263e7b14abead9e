package dev.alambic.parallel;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the processes of a run find each other: each calls those of lower rank and answers those of
 * higher rank, until it has two connections with each: one for data, one for the {@link Heartbeat}.
 * A process that is started again meanwhile is met again.
 */
final class Rendezvous implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rendezvous.class);
  private static final int MAGIC = 0x414c4d31; // ALM1
  private static final int DIGEST_BYTES = 32;
  private static final int CALL_MILLIS = 2000;
  private static final int ANSWER_MILLIS = 5000;
  private static final int PAUSE_MILLIS = 200;

  static {
    // A pod that is started again has another address under the same name, and none at first.
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
  }

  /** What a connection is for. */
  private enum Purpose {
    DATA(1),
    PULSE(2);

    private final int code;

    Purpose(int code) {
      this.code = code;
    }
  }

  private final World world;
  private final List<String> addresses;
  private final byte[] pass;
  private final ServerSocketChannel serverChannel;
  private final Thread acceptor;
  private final AtomicReferenceArray<SocketChannel> data;
  private final AtomicReferenceArray<SocketChannel> pulses;
  private boolean met;

  /**
   * Opens this process's serverChannel.
   *
   * @param addresses host:port of each rank
   * @param pass 32 bytes that all processes of this run know, and others don't
   * @throws RunException IO if the port is taken
   */
  Rendezvous(World world, List<String> addresses, byte[] pass) {
    this.world = world;
    this.addresses = addresses;
    this.pass = pass.clone();
    this.data = new AtomicReferenceArray<>(world.size());
    this.pulses = new AtomicReferenceArray<>(world.size());
    int port = address(world.rank()).getPort();
    try {
      this.serverChannel = ServerSocketChannel.open().bind(new InetSocketAddress(port));
    } catch (IOException e) {
      throw new RunException(
          ExitCode.IO, "trainer %d cannot listen at port %d: %s".formatted(world.rank(), port, e));
    }
    this.acceptor = new Thread(this::answer, "meeting");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  /** Connections to each other process, by rank. */
  record Connections(List<SocketChannel> data, List<SocketChannel> pulses) {}

  /**
   * Waits until all have met.
   *
   * @param news gets the missing ranks in words, when they change
   * @throws RunException TRY_AGAIN, naming those who don't come in time
   */
  Connections meet(Duration patience, Consumer<String> news) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    String told = "";
    while (true) {
      IntStream.range(0, world.rank()).forEach(this::call);
      List<Integer> missing = missing();
      if (missing.isEmpty()) {
        met = true;
        return new Connections(list(data), list(pulses));
      }
      String words = waitingFor(missing);
      if (!words.equals(told)) {
        news.accept(words);
        told = words;
      }
      if (System.nanoTime() > end) {
        throw new RunException(
            ExitCode.TRY_AGAIN, "gave up after %d s %s".formatted(patience.toSeconds(), words));
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private String waitingFor(List<Integer> missing) {
    String ranks =
        String.join(", ", missing.stream().limit(16).map(String::valueOf).toList())
            + (missing.size() > 16 ? " and others" : "");
    return "waiting for trainer%s %s of %d"
        .formatted(missing.size() == 1 ? "" : "s", ranks, world.size());
  }

  private List<Integer> missing() {
    return IntStream.range(0, world.size())
        .filter(rank -> rank != world.rank() && !isHere(rank))
        .boxed()
        .toList();
  }

  /** A process that left has closed its connection. */
  private boolean isHere(int rank) {
    SocketChannel pulse = pulses.get(rank);
    if (pulse == null || data.get(rank) == null) {
      return false;
    }
    try {
      pulse.configureBlocking(false);
      boolean open = pulse.read(ByteBuffer.allocate(64)) >= 0;
      pulse.configureBlocking(true);
      if (open) {
        return true;
      }
    } catch (IOException e) {
      LOG.debug("trainer {}: {}", rank, e.toString());
    }
    pulses.compareAndSet(rank, pulse, null);
    Sockets.close(pulse);
    Sockets.close(data.getAndSet(rank, null));
    return false;
  }

  private static List<SocketChannel> list(AtomicReferenceArray<SocketChannel> channels) {
    List<SocketChannel> list = new ArrayList<>();
    for (int rank = 0; rank < channels.length(); rank++) {
      list.add(channels.get(rank));
    }
    return list;
  }

  private void call(int rank) {
    for (Purpose purpose : Purpose.values()) {
      AtomicReferenceArray<SocketChannel> channels = channels(purpose);
      if (channels.get(rank) == null) {
        SocketChannel channel = call(rank, purpose);
        if (channel == null) {
          return;
        }
        channels.set(rank, channel);
      }
    }
  }

  /** A connection, or null if there is none yet. */
  private SocketChannel call(int rank, Purpose purpose) {
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      channel.socket().connect(address(rank), CALL_MILLIS);
      channel.socket().setSoTimeout(ANSWER_MILLIS);
      introduce(channel, purpose);
      if (heardRank(channel, purpose) == rank) {
        return channel;
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("trainer {} at {}: {}", rank, addresses.get(rank), e.toString());
    }
    Sockets.close(channel);
    return null;
  }

  /** The acceptor: answers whoever knocks, until the serverChannel is closed. */
  private void answer() {
    while (serverChannel.isOpen()) {
      SocketChannel channel = null;
      try {
        channel = serverChannel.accept();
        channel.socket().setSoTimeout(CALL_MILLIS);
        answer(channel);
      } catch (AsynchronousCloseException | SocketException e) {
        Sockets.close(channel);
      } catch (IOException e) {
        LOG.debug("a caller: {}", e.toString());
        Sockets.close(channel);
      }
    }
  }

  private void answer(SocketChannel channel) throws IOException {
    DataInputStream in = new DataInputStream(channel.socket().getInputStream());
    Purpose purpose = in.read() == Purpose.PULSE.code ? Purpose.PULSE : Purpose.DATA;
    int rank = heardRank(in);
    if (rank <= world.rank() || rank >= world.size()) {
      Sockets.close(channel);
      return;
    }
    Sockets.close(channels(purpose).getAndSet(rank, channel));
    introduce(channel, purpose);
  }

  private void introduce(SocketChannel channel, Purpose purpose) throws IOException {
    ByteBuffer words = ByteBuffer.allocate(1 + 2 * Integer.BYTES + DIGEST_BYTES);
    words.put((byte) purpose.code).putInt(MAGIC).putInt(world.rank()).put(pass);
    new DataOutputStream(channel.socket().getOutputStream()).write(words.array());
  }

  private int heardRank(SocketChannel channel, Purpose purpose) throws IOException {
    DataInputStream in = new DataInputStream(channel.socket().getInputStream());
    return in.read() == purpose.code ? heardRank(in) : -1;
  }

  /** The rank of the other side, or -1 if it is not of this run. */
  private int heardRank(DataInputStream in) throws IOException {
    int magic = in.readInt();
    int rank = in.readInt();
    byte[] theirs = in.readNBytes(DIGEST_BYTES);
    if (magic == MAGIC && MessageDigest.isEqual(theirs, pass)) {
      return rank;
    }
    LOG.warn("rejected a connection: wrong run, or another state of this run");
    return -1;
  }

  private AtomicReferenceArray<SocketChannel> channels(Purpose purpose) {
    return purpose == Purpose.DATA ? data : pulses;
  }

  /** The address of a rank, from a new lookup. */
  private InetSocketAddress address(int rank) {
    String address = addresses.get(rank);
    int colon = address.lastIndexOf(':');
    try {
      return new InetSocketAddress(
          address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new RunException(
          ExitCode.DATA, "trainers.addresses[%d]: %s is not host:port".formatted(rank, address), e);
    }
  }

  /** Closes the serverChannel; the connections stay, if all have met. */
  @Override
  public void close() {
    Sockets.close(serverChannel);
    try {
      acceptor.join(CALL_MILLIS); // The port is free when its thread has ended.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!met) {
      list(data).forEach(Sockets::close);
      list(pulses).forEach(Sockets::close);
    }
  }
}
