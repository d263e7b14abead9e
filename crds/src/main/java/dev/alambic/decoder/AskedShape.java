package dev.alambic.decoder;

import java.util.ArrayList;
import java.util.List;

/**
 * The shape that a user asks for, of a student that starts from given weights. The weights decide
 * the shape; only {@code layers} may be fewer. A field that is null is not asked for.
 */
public record AskedShape(
    Integer hiddenSize,
    Integer layers,
    Integer heads,
    Integer keyValueHeads,
    Integer headSize,
    Integer feedForwardSize,
    Integer vocabularySize,
    Integer slidingWindow,
    Integer contextLength) {

  /** Nothing is asked for: the shape is the source's. */
  public static final AskedShape ANY =
      new AskedShape(null, null, null, null, null, null, null, null, null);

  /** Where this cannot be had from the source, each one {@code field: reason}; empty if it can. */
  public List<String> conflicts(DecoderConfig source) {
    List<String> conflicts = new ArrayList<>();
    compare(conflicts, "hiddenSize", hiddenSize, source.hiddenSize());
    compare(conflicts, "heads", heads, source.attention().heads());
    compare(conflicts, "keyValueHeads", keyValueHeads, source.attention().keyValueHeads());
    compare(conflicts, "headSize", headSize, source.attention().headSize());
    compare(conflicts, "feedForwardSize", feedForwardSize, source.feedForward().size());
    compare(conflicts, "vocabularySize", vocabularySize, source.vocabulary().size());
    compare(conflicts, "slidingWindow", slidingWindow, source.positions().slidingWindow());
    compare(conflicts, "contextLength", contextLength, source.positions().contextLength());
    if (layers != null && layers > source.layers()) {
      conflicts.add("layers: " + layers + ", but the weights have only " + source.layers());
    } else if (layers != null && layers < Math.min(2, source.layers())) {
      conflicts.add(
          "layers: " + layers + ", but the first and the last are always kept: ask for 2");
    }
    return conflicts;
  }

  private static void compare(List<String> conflicts, String field, Integer asked, int source) {
    if (asked != null && asked != source) {
      conflicts.add(
          "%s: %d, but the weights have %d; only layers may differ"
              .formatted(field, asked, source));
    }
  }

  /**
   * The layers that the student takes.
   *
   * @param source a shape without conflicts
   * @see LayerChoice#evenly
   */
  public List<Integer> layersOf(DecoderConfig source) {
    return LayerChoice.evenly(source.layers(), layers == null ? source.layers() : layers);
  }
}
