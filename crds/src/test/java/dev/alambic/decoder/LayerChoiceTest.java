package dev.alambic.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LayerChoiceTest {
  @Test
  void layersAreEvenlySpaced() {
    assertThat(LayerChoice.evenly(12, 6)).containsExactly(0, 2, 4, 7, 9, 11);
    assertThat(LayerChoice.evenly(7, 4)).containsExactly(0, 2, 4, 6);
    assertThat(LayerChoice.evenly(26, 2)).containsExactly(0, 25);
    assertThat(LayerChoice.evenly(3, 3)).containsExactly(0, 1, 2);
    assertThat(LayerChoice.evenly(1, 1)).containsExactly(0);
  }

  /**
   * First and last always, no layer twice, in order, and no gap more than one larger than another.
   */
  @Test
  void holdsForEveryDepth() {
    for (int source = 2; source <= 60; source++) {
      for (int wanted = 2; wanted <= source; wanted++) {
        List<Integer> layers = LayerChoice.evenly(source, wanted);
        assertThat(layers).hasSize(wanted).startsWith(0).endsWith(source - 1);
        TreeSet<Integer> gaps = new TreeSet<>();
        for (int i = 1; i < wanted; i++) {
          gaps.add(layers.get(i) - layers.get(i - 1));
        }
        assertThat(gaps.first()).isPositive();
        assertThat(gaps.last() - gaps.first()).isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void aKeptLayerStaysWhatItIs() {
    DecoderConfig source =
        DecoderConfig.gemma2(512, 64, 8, 4, 2, 16, 256, 128, 256, 1e4, 1e-6, 50, 30, 16);
    DecoderConfig kept = source.keeping(List.of(0, 3, 5, 6));
    assertThat(kept.layers()).isEqualTo(4);
    assertThat(kept.positions().slidingLayers()).containsExactly(0, 3);
    assertThat(source.keeping(List.of(1, 7)).positions().slidingWindow()).isZero();
    assertThat(source.keeping(LayerChoice.evenly(8, 8))).isEqualTo(source);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> LayerChoice.evenly(4, 5)).hasMessage("5 layers of 4");
    assertThatThrownBy(() -> LayerChoice.evenly(4, 1)).hasMessage("1 layers of 4");
  }
}
