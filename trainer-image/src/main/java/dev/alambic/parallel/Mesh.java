package dev.alambic.parallel;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;

/**
 * A connection to each other process, on which all of them send and receive at the same time: no
 * process waits for one that waits for it.
 */
final class Mesh implements AutoCloseable {
  private final Selector selector;
  private final List<SocketChannel> channels;

  /**
   * A mesh over connections by rank; takes them over.
   *
   * @param channels null for this process itself
   */
  Mesh(List<SocketChannel> channels) throws IOException {
    this.channels = channels;
    this.selector = Selector.open();
    for (int rank = 0; rank < channels.size(); rank++) {
      SocketChannel channel = channels.get(rank);
      if (channel != null) {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, 0, rank);
      }
    }
  }

  /**
   * Sends and receives until every buffer is at its end.
   *
   * @param out to each rank, or null where nothing is to be sent
   * @param in from each rank, or null where nothing is expected
   * @throws IOException if a connection is gone, or this mesh is closed meanwhile
   */
  void exchange(ByteBuffer[] out, ByteBuffer[] in) throws IOException {
    receive(out, in);
    advanceUntil(out, in, out);
  }

  /**
   * Receives until every buffer is full, and sends meanwhile, as far as others take it.
   *
   * @param out as of {@link #exchange}; what is left is sent by calls that follow
   * @param in as of {@link #exchange}
   * @throws IOException if a connection is gone, or this mesh is closed meanwhile
   */
  void receive(ByteBuffer[] out, ByteBuffer[] in) throws IOException {
    advanceUntil(out, in, in);
  }

  private void advanceUntil(ByteBuffer[] out, ByteBuffer[] in, ByteBuffer[] done)
      throws IOException {
    for (SelectionKey key : selector.keys()) {
      advance(key, out, in);
    }
    while (remain(done)) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        advance(key, out, in);
      }
      selector.selectedKeys().clear();
    }
  }

  private static boolean remain(ByteBuffer[] buffers) {
    return Arrays.stream(buffers).anyMatch(buffer -> buffer != null && buffer.hasRemaining());
  }

  /** Does what can be done now, and notes what else is to be done. */
  private void advance(SelectionKey key, ByteBuffer[] out, ByteBuffer[] in) throws IOException {
    int rank = (Integer) key.attachment();
    SocketChannel channel = channels.get(rank);
    int more = 0;
    if (out[rank] != null && out[rank].hasRemaining()) {
      channel.write(out[rank]);
      more |= out[rank].hasRemaining() ? SelectionKey.OP_WRITE : 0;
    }
    if (in[rank] != null && in[rank].hasRemaining()) {
      if (channel.read(in[rank]) < 0) {
        throw new EOFException("the connection was closed");
      }
      more |= in[rank].hasRemaining() ? SelectionKey.OP_READ : 0;
    }
    key.interestOps(more);
  }

  @Override
  public void close() {
    for (SocketChannel channel : channels) {
      Sockets.close(channel);
    }
    Sockets.close(selector);
  }
}
