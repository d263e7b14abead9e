package dev.alambic.bench.server;

import ai.djl.ndarray.NDArray;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.bench.recipe.RandomText;
import dev.alambic.bench.recipe.Recipe;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.Decoder;
import dev.alambic.operator.plan.Gemma2;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.SampledSignal;
import dev.alambic.signal.Signal;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.DecoderScorer;
import dev.alambic.teacher.RetryPolicy;
import dev.alambic.teacher.TeacherClient;
import dev.alambic.teacher.TeacherServer;
import dev.alambic.torch.Torch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One model in this process that can be asked three ways: for its logits, for signals, and for
 * signals over gRPC. They share its weights and are asked one after the other.
 */
final class ServedTeacher implements AutoCloseable {
  private static final SignalSettings SETTINGS =
      new SignalSettings(SignalEncoding.Sampled, Recipe.DRAWS, 1, 1);

  private static final int HALVINGS = 12;

  /**
   * A model that is served with random weights.
   *
   * @param requests requests of a round, all under way at once
   * @param sequences sequences of a request
   */
  record Model(DecoderConfig shape, int requests, int sequences) {
    /** Positions of a sequence. */
    static final int POSITIONS = 256;

    /** From a toy to a size whose vocabulary is small beside its layers, as with real teachers. */
    static List<Model> all() {
      return List.of(
          new Model(Gemma2.decoder(2048, 64, 3, 4, 2, 16, 160, POSITIONS, POSITIONS, 16), 16, 4),
          new Model(Gemma2.decoder(2048, 224, 4, 4, 2, 56, 576, POSITIONS, POSITIONS, 56), 12, 2),
          new Model(Gemma2.decoder(8192, 512, 5, 8, 4, 64, 1536, POSITIONS, POSITIONS, 64), 6, 1),
          new Model(
              Gemma2.decoder(16_384, 768, 12, 12, 6, 64, 2304, POSITIONS, POSITIONS, 64), 3, 1));
    }

    /** Positions of a round. */
    int positions() {
      return requests * sequences * POSITIONS;
    }

    /** Tokens of a request: a sequence has one more than positions. */
    int requestTokens() {
      return sequences * (POSITIONS + 1);
    }
  }

  private final Decoder decoder;
  private final DecoderScorer scorer;
  private final TeacherServer server;
  private final TeacherClient client;
  private final List<List<int[]>> requests = new ArrayList<>();

  /**
   * Starts a server and a client of it.
   *
   * @param nats mean entropy; NaN for that of random weights
   */
  ServedTeacher(Model model, double nats) throws IOException, InterruptedException {
    decoder = Recipe.random(model.shape(), Precision.FP32, 1);
    scorer = new DecoderScorer(decoder, new ModelDigests("-", "-", "-"));
    RandomText text = new RandomText(model.shape().vocabulary().size(), Model.POSITIONS);
    for (int i = 0; i < model.requests(); i++) {
      requests.add(text.tokens(model.sequences()));
    }
    if (!Double.isNaN(nats)) {
      sharpen(nats);
    }
    TeacherServer.Settings settings = TeacherServer.Settings.of(0, model.requestTokens());
    server = TeacherServer.start(settings, this::prepared, new SimpleMeterRegistry());
    List<String> endpoints = List.of("localhost:" + server.port());
    client = TeacherClient.connect(endpoints, SETTINGS, RetryPolicy.DEFAULT);
  }

  /**
   * Makes random weights as sure as trained ones, by the gain of the final norm, which all logits
   * are multiples of: how many ids are drawn, and with it the length of a record, depends on that.
   */
  private void sharpen(double nats) {
    double low = 1;
    double high = 64;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = Math.sqrt(low * high);
      NDArray norm = decoder.parameters().norm();
      float[] weights = new float[(int) norm.size()];
      Arrays.fill(weights, (float) (middle - 1)); // Gemma's norms add 1 to their weight.
      norm.set(FloatBuffer.wrap(weights));
      if (entropy() > nats) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }

  /** On the engine's thread. */
  private DecoderScorer prepared() {
    Torch.prepareThread();
    return scorer;
  }

  void forward() {
    requests.forEach(sequences -> sequences.forEach(tokens -> Recipe.forward(decoder, tokens)));
  }

  void score() {
    requests.forEach(sequences -> scorer.score(sequences, SETTINGS));
  }

  /** All requests are under way at once, as with a trainer that asks ahead. */
  void serve() {
    CompletableFuture.allOf(
            requests.stream().map(client::score).toArray(CompletableFuture<?>[]::new))
        .join();
  }

  /** Mean entropy, nats. */
  double entropy() {
    double sum = 0;
    for (float nats : first().entropy()) {
      sum += nats;
    }
    return sum / Model.POSITIONS;
  }

  /** Mean number of ids that the draws of a position hit. */
  double distinctIds() {
    return (double) ((SampledSignal) first()).ids().length / Model.POSITIONS;
  }

  private Signal first() {
    return scorer.score(requests.get(0).subList(0, 1), SETTINGS).get(0);
  }

  /** The server closes the scorer, and that the decoder. */
  @Override
  public void close() {
    client.close();
    server.close();
  }
}
