package dev.alambic.corpus;

import dev.alambic.corpus.text.Passage;
import dev.alambic.tokenizer.TextCut;
import dev.alambic.tokenizer.TextPiece;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of one part of a corpus. Passages that go on from each other are one text again, which
 * is cut only where that changes no token. A document ends with the end of text, and starts with
 * the begin of text where the family has one, as Llama 3's and Gemma's own training text did: what
 * torchtitan packs with {@code encode(text, add_bos=True, add_eos=True)}. What a document has of
 * these itself is not doubled.
 */
final class PartTokens {
  /** Characters tokenised at once. */
  private static final int BATCH = 1 << 20;

  /** Where a place to cut at is looked for is the same however much text there is yet. */
  private static final int ENOUGH_TO_CUT = (TextCut.LONGEST + 1) * Tokenizer.PIECE;

  private final Tokenizer tokenizer;
  private final TextCut cut;
  private final TokenSink out;
  private final List<TextPiece> pieces = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private boolean starts;
  private boolean skipped = true;
  private int lastToken = -1;
  private long waiting;
  private long documents;

  PartTokens(Tokenizer tokenizer, TokenSink out) {
    this.tokenizer = tokenizer;
    this.cut = tokenizer.cut();
    this.out = out;
  }

  /** Adds a passage, which is the next one if none was skipped. */
  void add(Passage passage) throws IOException {
    if (skipped || !passage.continues()) {
      endText();
      starts = true;
      documents++;
    }
    skipped = false;
    text.append(passage.text());
    while (text.length() > ENOUGH_TO_CUT) {
      take(cut.length(text, Tokenizer.PIECE));
    }
    if (waiting >= BATCH) {
      encode();
    }
  }

  /** Skips a passage of another part; the next one starts a new document. */
  void skip() {
    skipped = true;
  }

  private void endText() {
    while (text.length() > Tokenizer.PIECE) {
      take(cut.length(text, Tokenizer.PIECE));
    }
    if (!text.isEmpty()) {
      take(text.length());
    }
  }

  private void take(int length) {
    pieces.add(new TextPiece(text.substring(0, length), starts));
    starts = false;
    waiting += length;
    text.delete(0, length);
  }

  private void encode() throws IOException {
    List<int[]> encoded = tokenizer.encode(pieces);
    for (int i = 0; i < pieces.size(); i++) {
      int[] piece = encoded.get(i);
      if (pieces.get(i).starts()) {
        endDocument();
        startDocument(piece);
      }
      write(piece);
    }
    pieces.clear();
    waiting = 0;
  }

  private void endDocument() throws IOException {
    if (lastToken >= 0 && lastToken != tokenizer.endOfText()) {
      write(new int[] {tokenizer.endOfText()});
    }
  }

  private void startDocument(int[] piece) throws IOException {
    Integer begin = tokenizer.beginOfText();
    if (begin != null && (piece.length == 0 || piece[0] != begin)) {
      write(new int[] {begin});
    }
  }

  private void write(int[] more) throws IOException {
    if (more.length > 0) {
      out.write(more);
      lastToken = more[more.length - 1];
    }
  }

  /** Ends the last document; nothing may be added any more. */
  void finish() throws IOException {
    endText();
    encode();
    endDocument();
  }

  /** Documents so far; a part of a document that nothing continues counts as one. */
  long documents() {
    return documents;
  }
}
