package dev.alambic.parallel;

import java.io.Closeable;
import java.io.IOException;

/** What is closed because it is of no use any more, may fail to. */
final class Sockets {
  private Sockets() {}

  /** Closes; null is closed already. */
  static void close(Closeable closeable) {
    if (closeable == null) {
      return;
    }
    try {
      closeable.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
