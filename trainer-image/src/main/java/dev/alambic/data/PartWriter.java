package dev.alambic.data;

import java.io.IOException;

/** Joins the passages of one part of a corpus: an end of text goes between documents. */
final class PartWriter {
  private final TokenWriter out;
  private final int endOfText;
  private Passage last;

  PartWriter(TokenWriter out, int endOfText) {
    this.out = out;
    this.endOfText = endOfText;
  }

  void write(Passage passage, int[] tokens) throws IOException {
    if (last != null && !follows(passage)) {
      out.write(endOfText);
    }
    out.write(tokens);
    last = passage;
  }

  /** Whether the passage goes on where the last one written ended. */
  private boolean follows(Passage passage) {
    return passage.continues()
        && passage.file().equals(last.file())
        && passage.number() == last.number() + 1;
  }

  TokenFile.Part finish() throws IOException {
    if (last != null) {
      out.write(endOfText);
    }
    return out.finish();
  }
}
