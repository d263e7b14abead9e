package dev.alambic.corpus;

import dev.alambic.corpus.TokenCache.Made;
import dev.alambic.corpus.text.BadRecords;
import dev.alambic.corpus.text.Block;
import dev.alambic.corpus.text.CorpusFile;
import dev.alambic.corpus.text.Passage;
import dev.alambic.corpus.text.Passages;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.IntList;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes tokens of blocks. */
public final class CorpusReading {
  private static final Logger LOG = LoggerFactory.getLogger(CorpusReading.class);

  private final RunSpec.Data data;
  private final Tokenizer tokenizer;

  public CorpusReading(RunSpec.Data data, Tokenizer tokenizer) {
    this.data = data;
    this.tokenizer = tokenizer;
  }

  /**
   * The tokens of the wanted passages. A passage after an unwanted one starts a new document.
   *
   * @param alive called now and then
   */
  public Made tokens(List<Block> blocks, Predicate<Passage> wanted, Runnable alive)
      throws IOException {
    IntList tokens = new IntList(1 << 16);
    PartTokens part =
        new PartTokens(
            tokenizer,
            more -> {
              alive.run();
              tokens.add(more);
            });
    BadRecords bad = new BadRecords(data.onBadRecord());
    try (Passages passages = passages(blocks, bad)) {
      while (passages.hasNext()) {
        Passage passage = passages.next();
        if (wanted.test(passage)) {
          part.add(passage);
        } else {
          part.skip();
        }
      }
    }
    part.finish();
    if (bad.skipped() > 0) {
      LOG.warn("corpus {}: {}", data.path(), bad.inWords());
    }
    return new Made(tokens.toArray(), part.documents(), bad.skipped());
  }

  private Passages passages(List<Block> blocks, BadRecords bad) {
    return new Passages(blocks, data.format(), data.textField(), bad);
  }

  /** The last passage of some files, or null if there is none; few files are read for it. */
  Passage last(List<CorpusFile> files) {
    for (int file = files.size() - 1; file >= 0; file--) {
      CorpusFile of = files.get(file);
      long cells = (of.size() - 1) / Block.CELL + 1;
      for (long cell = cells - 1; cell >= 0; cell--) {
        long from = cell * Block.CELL;
        Block block = new Block(of, from, Math.min(of.size(), from + Block.CELL));
        Passage last = null;
        try (Passages passages = passages(List.of(block), new BadRecords(data.onBadRecord()))) {
          while (passages.hasNext()) {
            last = passages.next();
          }
        }
        if (last != null) {
          return last;
        }
      }
    }
    return null;
  }
}
