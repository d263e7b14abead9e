package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.ArchitectureSpec;
import dev.alambic.decoder.DecoderConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the least unusual decoder with a given number of parameters. Every width and depth is
 * tried; the feed-forward width takes up what remains; and the candidate wins whose depth and
 * feed-forward ratio are nearest, on a logarithmic scale, to the line through Gemma 2's shapes.
 *
 * @param size parameters asked for, the tied embedding included
 * @param given what the user fixed; with anything fixed, the limits on proportions are lifted
 */
record ShapeSearch(long size, int vocabularySize, int sequenceLength, ArchitectureSpec given) {
  /** Parameters may differ from the size asked for by this share. */
  static final double TOLERANCE = 0.03;

  /** The embedding may take this share of the parameters. */
  static final double LARGEST_EMBEDDING_SHARE = 0.75;

  static final ArchitectureSpec NOTHING_GIVEN =
      new ArchitectureSpec(null, null, null, null, null, null, null, null, null);

  private static final int FEWEST_LAYERS = 2;
  private static final int MOST_LAYERS = 96;
  private static final double LARGEST_DEPTH_FACTOR = 3;
  private static final double SMALLEST_RATIO = 2;
  private static final double LARGEST_RATIO = 10;
  private static final List<Integer> WIDTHS = widths();

  /** Parameters besides the embedding, against layers: two in a toy, then as published. */
  private static final LogLogCurve LAYERS =
      LogLogCurve.through(5e4, 2, body(0), 26, body(1), 42, body(2), 46);

  /** Parameters besides the embedding, against feed-forward width over hidden size. */
  private static final LogLogCurve RATIO =
      LogLogCurve.through(1e4, 4, body(0), 4, body(1), 4, body(2), 8, 1e12, 8);

  private record Candidate(DecoderConfig config, double cost) {}

  /** The best shape within the tolerance; with fields given, simply the best. */
  Optional<DecoderConfig> find() {
    Candidate best = null;
    for (int width : widthsToTry()) {
      for (int layers : layersToTry()) {
        Candidate candidate = candidate(width, layers);
        if (candidate != null && (best == null || candidate.cost() < best.cost())) {
          best = candidate;
        }
      }
    }
    return Optional.ofNullable(best).map(Candidate::config);
  }

  private List<Integer> widthsToTry() {
    return given.hiddenSize() != null ? List.of(given.hiddenSize()) : WIDTHS;
  }

  private List<Integer> layersToTry() {
    if (given.layers() != null) {
      return List.of(given.layers());
    }
    List<Integer> layers = new ArrayList<>();
    for (int i = FEWEST_LAYERS; i <= MOST_LAYERS; i++) {
      layers.add(i);
    }
    return layers;
  }

  /** The candidate of this width and depth, or null if it is out of bounds. */
  private Candidate candidate(int width, int layers) {
    if (bounded() && (double) vocabularySize * width > LARGEST_EMBEDDING_SHARE * size) {
      return null;
    }
    int headSize = given.headSize() != null ? given.headSize() : headSize(width);
    int heads = given.heads() != null ? given.heads() : heads(width, headSize);
    int keyValueHeads = keyValueHeads(heads);
    if (heads % keyValueHeads != 0) {
      return null;
    }
    double body = Math.max(1, size - (double) vocabularySize * width);
    long attention = (long) width * headSize * (2L * heads + 2L * keyValueHeads);
    double remaining = body / layers - attention - 4.0 * width;
    int feedForward = feedForward(width, remaining / (3.0 * width));
    DecoderConfig config =
        Gemma2.decoder(
            vocabularySize,
            width,
            layers,
            heads,
            keyValueHeads,
            headSize,
            feedForward,
            Math.max(1, Math.min(Gemma2.SLIDING_WINDOW, sequenceLength / 2)),
            sequenceLength,
            headSize);
    return bounded() && !withinBounds(config, body)
        ? null
        : new Candidate(config, cost(config, body));
  }

  /** With nothing given, proportions are bounded; a user who gives some knows what to do. */
  private boolean bounded() {
    return given.hiddenSize() == null
        && given.layers() == null
        && given.heads() == null
        && given.keyValueHeads() == null
        && given.headSize() == null
        && given.feedForwardSize() == null;
  }

  private int keyValueHeads(int heads) {
    if (given.keyValueHeads() != null) {
      return given.keyValueHeads();
    }
    return heads % 2 == 0 ? heads / 2 : heads;
  }

  private int feedForward(int width, double ideal) {
    if (given.feedForwardSize() != null) {
      return given.feedForwardSize();
    }
    int multiple = width <= 256 ? 16 : width <= 1024 ? 32 : 128;
    return (int) Math.min(1 << 24, Math.max(1, Math.round(ideal / multiple))) * multiple;
  }

  private boolean withinBounds(DecoderConfig config, double body) {
    double depth = config.layers() / LAYERS.at(body);
    double ratio = (double) config.feedForward().size() / config.hiddenSize();
    return Math.abs(config.parameters() - size) <= TOLERANCE * size
        && depth <= LARGEST_DEPTH_FACTOR
        && depth >= 1 / LARGEST_DEPTH_FACTOR
        && ratio >= SMALLEST_RATIO
        && ratio <= LARGEST_RATIO;
  }

  private double cost(DecoderConfig config, double body) {
    double depth = Math.log(config.layers() / LAYERS.at(body));
    double ratio =
        Math.log((double) config.feedForward().size() / config.hiddenSize() / RATIO.at(body));
    double error = ((double) config.parameters() / size - 1) / TOLERANCE;
    return depth * depth + ratio * ratio + error * error / 4;
  }

  private static int headSize(int width) {
    if (width < 64) {
      return 16;
    }
    if (width < 256) {
      return 32;
    }
    if (width < 1024) {
      return 64;
    }
    return width < 2048 || width >= 4096 ? 128 : 256;
  }

  /**
   * An even number of heads that together are about as wide as the layer. It divides the width:
   * transformers 5 loads no other config, though no head is as wide as their quotient.
   */
  private static int heads(int width, int headSize) {
    if (width <= headSize) {
      return 1;
    }
    int ideal = Math.max(2, 2 * Math.round(width / (2f * headSize)));
    for (int away = 0; away < ideal; away += 2) {
      if (width % (ideal - away) == 0) {
        return ideal - away;
      } else if (width % (ideal + away) == 0) {
        return ideal + away;
      }
    }
    return 1;
  }

  private static List<Integer> widths() {
    List<Integer> widths = new ArrayList<>();
    for (int width = 16; width <= 8192; width += step(width)) {
      widths.add(width);
    }
    return List.copyOf(widths);
  }

  private static int step(int width) {
    if (width < 256) {
      return 16;
    }
    if (width < 1024) {
      return 32;
    }
    return width < 2048 ? 64 : 128;
  }

  private static double body(int published) {
    return Gemma2.SHAPES.get(published).bodyParameters();
  }
}
