package dev.alambic.teacher.openai;

import java.io.IOException;
import java.io.InputStream;

/** How a server is asked for the most probable ids of a prompt, and how it answers. */
sealed interface Dialect permits VllmDialect, SglangDialect {
  /** The path of the question below the server's root. */
  String path();

  /**
   * The question.
   *
   * @param tokens of the prompt
   * @param size ids per position
   * @return JSON
   */
  byte[] question(int[] tokens, int size);

  /**
   * Reads an answer into {@code answer}.
   *
   * @throws dev.alambic.signal.SignalException saying what is wrong with it
   * @throws IOException if the network fails
   */
  void read(InputStream body, TopKAnswer answer) throws IOException;

  /** Told to the user when the server keeps fewer ids than it is asked for. */
  String moreIds(int size);

  /**
   * The dialect of a server: SGLang's names itself as the owner of its models, and answers OpenAI's
   * path without probabilities of the prompt; any other is asked as vLLM is.
   */
  static Dialect of(ModelCard card) {
    return "sglang".equals(card.owner())
        ? new SglangDialect()
        : new VllmDialect(card.id(), card.names());
  }
}
