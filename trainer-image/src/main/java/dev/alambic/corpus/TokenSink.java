package dev.alambic.corpus;

import java.io.IOException;

/** Takes tokens, in order. */
interface TokenSink {
  void write(int[] tokens) throws IOException;
}
