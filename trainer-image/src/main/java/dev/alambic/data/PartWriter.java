package dev.alambic.data;

import java.io.IOException;

/**
 * Joins the passages of one part of a corpus. A document ends with the end of text, and starts with
 * the begin of text where the family has one, as Llama 3's and Gemma's own training text did: what
 * torchtitan packs with {@code encode(text, add_bos=True, add_eos=True)}.
 */
final class PartWriter {
  private final TokenWriter out;
  private final int endOfText;
  private final Integer beginOfText;
  private Passage last;

  /**
   * A writer.
   *
   * @param beginOfText or null for a family that has none
   */
  PartWriter(TokenWriter out, int endOfText, Integer beginOfText) {
    this.out = out;
    this.endOfText = endOfText;
    this.beginOfText = beginOfText;
  }

  void write(Passage passage, int[] tokens) throws IOException {
    if (!follows(passage)) {
      separate(tokens);
    }
    out.write(tokens);
    last = passage;
  }

  private void separate(int[] tokens) throws IOException {
    if (last != null) {
      out.write(endOfText);
    }
    boolean writtenOut = tokens.length > 0 && beginOfText != null && tokens[0] == beginOfText;
    if (beginOfText != null && !writtenOut) {
      out.write(beginOfText);
    }
  }

  /** Whether the passage goes on where the last one written ended. */
  private boolean follows(Passage passage) {
    return last != null
        && passage.continues()
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
