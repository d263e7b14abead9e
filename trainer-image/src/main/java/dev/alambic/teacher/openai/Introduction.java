package dev.alambic.teacher.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.SignalException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of a server before it is trusted: remote teachers differ without saying so. */
record Introduction(
    ServerUrl server, TeacherHttpClient asker, Retries retries, TeacherRequirements wanted) {
  private static final Logger LOG = LoggerFactory.getLogger(Introduction.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long MOST_BYTES = 1 << 20;
  private static final int MOST_IDS = 4096;

  /** Words, numbers, a name with accents, other scripts and a sign outside the first plane. */
  private static final String SAMPLE =
      "In 1908 Zoë Núñez wrote 3.14159 letters; the still (alambic) dripped on, не спеша,"
          + " 一滴一滴 🙂.\n\tif x != 0:";

  /** A server generates one token at least, for which its context must have room. */
  private static final int ANSWER_TOKENS = 1;

  private static final int PROBE_TOKENS = 64;

  /**
   * The model that is asked.
   *
   * @throws RunException if it isn't there, or takes shorter sequences than the run has
   */
  ModelCard model() throws InterruptedException {
    var cards = retries.ask(() -> asker.get(ModelCard.PATH, MOST_BYTES, ModelCard::readAll));
    ModelCard card = ModelCard.choose(cards, wanted.model(), server);
    int needed = wanted.sequenceTokens() + ANSWER_TOKENS;
    if (card.contextLength() != null && card.contextLength() < needed) {
      throw new RunException(
          ExitCode.DATA,
          ("training.sequenceLength: %d tokens, the next one and the one that a server always adds"
                  + " are %d; teacher %s takes %d: shorten the sequences or raise its context")
              .formatted(wanted.sequenceTokens() - 1, needed, server, card.contextLength()));
    }
    return card;
  }

  /**
   * Compares what both make of a sample text.
   *
   * @throws RunException if the same ids mean other tokens there
   */
  void compareTokenizers(ModelCard card) throws InterruptedException {
    ObjectNode question = MAPPER.createObjectNode();
    question.put("model", card.id()).put("prompt", SAMPLE).put("add_special_tokens", false);
    byte[] json = question.toString().getBytes(StandardCharsets.UTF_8);
    int[] theirs =
        retries.ask(() -> asker.postIfThere("/tokenize", json, MOST_BYTES, Introduction::tokens));
    if (theirs == null) {
      LOG.warn("teacher {} has no /tokenize: its tokenizer cannot be compared with ours", server);
      return;
    }
    int[] ours = wanted.tokenizer().apply(SAMPLE);
    int at = Arrays.mismatch(ours, theirs);
    if (at >= 0) {
      throw new RunException(
          ExitCode.DATA,
          ("teacher %s has another tokenizer than spec.teacher.model: token %d of a sample text is"
                  + " %s there, %s here")
              .formatted(server, at + 1, shown(theirs, at), shown(ours, at)));
    }
  }

  private static String shown(int[] ids, int at) {
    return at < ids.length ? "id " + ids[at] : "nothing";
  }

  private static int[] tokens(InputStream body) throws IOException {
    IntStream.Builder ids = IntStream.builder();
    int[] count = {-1};
    JsonAnswer.read(
        body,
        (json, name) -> {
          if (!name.equals("tokens")) {
            json.skip();
            return;
          }
          count[0] = 0;
          json.array((element, none) -> add(element, ids, count));
        });
    if (count[0] < 0) {
      throw new SignalException("its /tokenize answers without tokens");
    }
    return ids.build().toArray();
  }

  private static void add(JsonAnswer json, IntStream.Builder ids, int[] count) throws IOException {
    if (count[0]++ == MOST_IDS) {
      throw new SignalException("its /tokenize makes over " + MOST_IDS + " tokens of a sentence");
    }
    ids.add(json.integer());
  }

  /**
   * Asks about a sample text, so that a server that cannot teach is known before anything waits for
   * it.
   *
   * @throws RunException saying why it cannot
   */
  void probe(Question question) throws InterruptedException {
    int[] ids = wanted.tokenizer().apply(SAMPLE);
    int length = Math.min(ids.length, Math.min(PROBE_TOKENS, wanted.sequenceTokens()));
    retries.ask(() -> question.ask(Arrays.copyOf(ids, length)));
  }
}
