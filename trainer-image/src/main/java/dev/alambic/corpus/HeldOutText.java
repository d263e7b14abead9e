package dev.alambic.corpus;

import dev.alambic.corpus.TokenCache.Made;
import dev.alambic.corpus.text.Block;
import dev.alambic.corpus.text.CorpusFile;
import dev.alambic.corpus.text.Passage;
import dev.alambic.tokenizer.IntList;
import java.io.IOException;
import java.util.List;

/**
 * The text that is held out: all of a small corpus's, of a large one's only as much as the
 * evaluation needs. It is the same for everybody who evaluates as much on the same corpus, and
 * whatever it is, none of it is trained on by anybody.
 */
final class HeldOutText {
  /** Held-out windows are dealt in an order of their own, whatever the run's seed. */
  private static final long SEED = 0;

  /** The rest is to be trained on. */
  private static final int MOST_TWENTIETHS = 8;

  private final CorpusReading reading;
  private final CorpusListing listing;
  private final BlockPlan plan;
  private final int sequenceLength;
  private int twentieths = 1;
  private Passage alone;
  private long documents;

  HeldOutText(CorpusReading reading, CorpusListing listing, int sequenceLength) {
    this.reading = reading;
    this.listing = listing;
    this.sequenceLength = sequenceLength;
    List<CorpusFile> files = listing.heldOut().files();
    this.plan = new BlockPlan(files, sequenceLength, SEED);
  }

  /**
   * Its tokens.
   *
   * @param needed fewest, if there are as many
   */
  int[] tokens(TokenCache cache, long needed) throws IOException {
    IntList tokens = new IntList(1 << 12);
    for (long window = 0; window < plan.windows() && tokens.size() < needed; window++) {
      List<Block> blocks = plan.window(window);
      add(cache.get(-1 - window, alive -> reading.tokens(blocks, this::isHeldOut, alive)), tokens);
    }
    if (listing.validation() != null || tokens.size() > sequenceLength) {
      return tokens.toArray();
    }
    if (tokens.size() == 0) {
      alone = reading.last(listing.train().files());
      add(reading.tokens(ofAlone(), this::isHeldOut, () -> {}), tokens);
    }
    return tokens.size() > sequenceLength ? tokens.toArray() : more();
  }

  /** A corpus of few documents, whose twentieth may be one short line, gives up more of them. */
  private int[] more() throws IOException {
    IntList tokens = new IntList(1 << 12);
    while (tokens.size() <= sequenceLength && 2 * twentieths <= MOST_TWENTIETHS) {
      twentieths *= 2;
      tokens = new IntList(1 << 12);
      documents = 0;
      for (long window = 0; window < plan.windows(); window++) {
        add(reading.tokens(plan.window(window), this::isHeldOut, () -> {}), tokens);
      }
    }
    return tokens.toArray();
  }

  private List<Block> ofAlone() {
    return listing.train().files().stream()
        .filter(file -> alone != null && file.name().equals(alone.file()))
        .map(Block::whole)
        .toList();
  }

  private void add(Made made, IntList tokens) {
    tokens.add(made.tokens());
    documents += made.documents();
  }

  private boolean isHeldOut(Passage passage) {
    return listing.validation() != null || chosen(passage);
  }

  /** The last passage is held out if no other is. */
  private boolean chosen(Passage passage) {
    return HeldOutSplit.chosen(passage, twentieths)
        || (alone != null
            && alone.number() == passage.number()
            && alone.file().equals(passage.file()));
  }

  /** Whether a passage is trained on; to be asked once the held-out tokens are there. */
  boolean isTrainedOn(Passage passage) {
    return listing.validation() != null || !chosen(passage);
  }

  /** How many documents, or parts of some, the tokens are of. */
  long documents() {
    return documents;
  }
}
