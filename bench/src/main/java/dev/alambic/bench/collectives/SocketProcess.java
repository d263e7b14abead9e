package dev.alambic.bench.collectives;

import dev.alambic.bench.collectives.CollectivesCommand.Asked;
import dev.alambic.run.RunJson;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The program of a fresh process: one end of a connection on which as many bytes go as come, both
 * at once, and nothing else is done.
 */
final class SocketProcess implements AutoCloseable {
  private final SocketChannel channel;
  private final Selector selector = Selector.open();
  private final SelectionKey key;

  private SocketProcess(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    this.key = channel.register(selector, 0);
  }

  /** Takes what is {@link Asked}, and a rank: an odd one calls the one before it. */
  public static void main(String[] arguments) throws Exception {
    Asked asked = RunJson.read(arguments[0], Asked.class);
    List<Double> seconds = new ArrayList<>();
    int rank = Integer.parseInt(arguments[1]);
    String address = asked.addresses().get(rank / 2 * 2);
    try (SocketProcess socket = new SocketProcess(connection(address, rank % 2 == 0))) {
      for (int mebibytes : asked.mebibytes()) {
        ByteBuffer out = ByteBuffer.allocateDirect(Asked.bytes(mebibytes));
        ByteBuffer in = ByteBuffer.allocateDirect(Asked.bytes(mebibytes));
        seconds.add(asked.median(() -> socket.exchange(out.clear(), in.clear())));
      }
    }
    System.out.println(RunJson.write(new Asked.Answer(seconds)));
  }

  private static SocketChannel connection(String address, boolean called)
      throws IOException, InterruptedException {
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    if (called) {
      try (ServerSocketChannel door = ServerSocketChannel.open().bind(loopback)) {
        return door.accept();
      }
    }
    for (int tries = 0; ; tries++) {
      try {
        return SocketChannel.open(loopback);
      } catch (IOException e) {
        if (tries == 100) {
          throw e;
        }
        Thread.sleep(100); // The other process is not there yet.
      }
    }
  }

  private void exchange(ByteBuffer out, ByteBuffer in) throws IOException {
    while (out.hasRemaining() || in.hasRemaining()) {
      channel.write(out);
      if (in.hasRemaining() && channel.read(in) < 0) {
        throw new EOFException("the other process is gone");
      }
      key.interestOps(
          (out.hasRemaining() ? SelectionKey.OP_WRITE : 0)
              | (in.hasRemaining() ? SelectionKey.OP_READ : 0));
      if (key.interestOps() != 0) {
        selector.select();
        selector.selectedKeys().clear();
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    selector.close();
  }
}
