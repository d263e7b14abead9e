package dev.alambic.teacher.openai;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.SignalException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A server's description of the model that it serves.
 *
 * @param id the name to ask for
 * @param names all names of the same model: a server may answer under another than it was asked for
 * @param root where it was loaded from, or null
 * @param owner of the model, by which SGLang's server is known; or null
 * @param contextLength longest sequence with its answer, in tokens; null if it isn't given
 */
record ModelCard(String id, Set<String> names, String root, String owner, Integer contextLength) {
  static final String PATH = "/v1/models";
  private static final int MOST_MODELS = 1000;
  private static final int MOST_SHOWN = 5;

  /**
   * Reads the list of models.
   *
   * @throws SignalException if it is none
   */
  static List<ModelCard> readAll(InputStream body) throws IOException {
    List<ModelCard> cards = new ArrayList<>();
    JsonAnswer.read(
        body,
        (json, name) -> {
          if (name.equals("data")) {
            json.array((element, none) -> cards.add(one(element, cards.size())));
          } else {
            json.skip();
          }
        });
    return cards;
  }

  private static ModelCard one(JsonAnswer json, int before) throws IOException {
    if (before == MOST_MODELS) {
      throw new SignalException("lists more than " + MOST_MODELS + " models");
    }
    String[] texts = new String[3];
    Integer[] length = new Integer[1];
    json.object(
        (member, name) -> {
          switch (name) {
            case "id" -> texts[0] = member.text();
            case "root" -> texts[1] = member.text();
            case "owned_by" -> texts[2] = member.text();
            case "max_model_len" -> length[0] = member.isNull() ? null : member.integer();
            default -> member.skip();
          }
        });
    if (texts[0] == null) {
      throw new SignalException("lists a model without an id");
    }
    return new ModelCard(texts[0], Set.of(texts[0]), texts[1], texts[2], length[0]);
  }

  /**
   * The model to ask.
   *
   * @param asked its name, or null: the only one there is
   * @throws RunException if it isn't there, or there are several
   */
  static ModelCard choose(List<ModelCard> cards, String asked, ServerUrl server) {
    if (asked == null && distinct(cards) != 1) {
      throw new RunException(
          ExitCode.DATA,
          "teacher %s serves %s: name one of them in spec.teacher.servedModel"
              .formatted(server, list(cards)));
    }
    ModelCard chosen =
        cards.stream()
            .filter(card -> asked == null || card.id.equals(asked))
            .findFirst()
            .orElseThrow(
                () ->
                    new RunException(
                        ExitCode.DATA,
                        "spec.teacher.servedModel: teacher %s serves no %s, but %s"
                            .formatted(server, asked, list(cards))));
    return chosen.named(cards);
  }

  /** One model may be served under several names. */
  private static long distinct(List<ModelCard> cards) {
    return cards.stream().map(card -> card.root == null ? card.id : card.root).distinct().count();
  }

  private ModelCard named(List<ModelCard> cards) {
    Set<String> all =
        cards.stream()
            .filter(card -> card.id.equals(id) || (root != null && root.equals(card.root)))
            .map(ModelCard::id)
            .collect(Collectors.toUnmodifiableSet());
    return new ModelCard(id, all, root, owner, contextLength);
  }

  private static String list(List<ModelCard> cards) {
    return cards.isEmpty()
        ? "no model"
        : cards.stream()
                .limit(MOST_SHOWN)
                .map(card -> ServerText.brief(card.id))
                .collect(Collectors.joining(", "))
            + (cards.size() > MOST_SHOWN ? ", …" : "");
  }

  /** What distinguishes this model from another, as far as the server shows it; a line each. */
  String identity() {
    return "id=" + id + "\nroot=" + root + "\nmax_model_len=" + Objects.toString(contextLength);
  }
}
