package dev.alambic.parallel;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
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
    int busy = 0;
    for (SelectionKey key : selector.keys()) {
      busy += advance(key, out, in) ? 1 : 0;
    }
    while (busy > 0) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        if (key.interestOps() != 0 && !advance(key, out, in)) {
          busy--;
        }
      }
      selector.selectedKeys().clear();
    }
  }

  /** Does what can be done now; whether more is to be done. */
  private boolean advance(SelectionKey key, ByteBuffer[] out, ByteBuffer[] in) throws IOException {
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
    return more != 0;
  }

  @Override
  public void close() {
    for (SocketChannel channel : channels) {
      Sockets.close(channel);
    }
    Sockets.close(selector);
  }
}
