package dev.alambic.corpus.text;

import java.io.Closeable;
import java.io.IOException;

/** Reads one file of a corpus, passage by passage. */
interface PassageReader extends Closeable {
  /**
   * The next passage, or null at the end.
   *
   * @throws dev.alambic.failure.RunException DATA with file, line and reason if the text is
   *     unusable
   */
  Passage next() throws IOException;
}
