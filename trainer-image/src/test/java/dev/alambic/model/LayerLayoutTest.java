package dev.alambic.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.model.reference.TestModels;
import org.junit.jupiter.api.Test;

class LayerLayoutTest {

  private static final DecoderConfig GEMMA_2_27B =
      DecoderConfig.gemma2(256128, 4608, 46, 32, 16, 128, 36864, 4096, 8192, 1e4, 1e-6, 50, 30, 144);

  @Test
  void slicesFollowEachOtherAndFillTheLayer() {
    for (DecoderConfig config : new DecoderConfig[] {TestModels.TINY, GEMMA_2_27B}) {
      LayerLayout layout = new LayerLayout(config);
      long next = 0;
      for (LayerLayout.Slice slice : layout.slices()) {
        assertThat(slice.offset()).isEqualTo(next);
        next += slice.shape().elements();
      }
      assertThat(next).isEqualTo(layout.length()).isEqualTo(config.layerParameters());
    }
  }

  @Test
  void projectionsAreOutByIn() {
    assertThat(new LayerLayout(TestModels.TINY).slices())
        .extracting(slice -> slice.suffix() + " " + slice.shape())
        .containsExactly(
            "self_attn.q_proj.weight [32, 24]",
            "self_attn.k_proj.weight [16, 24]",
            "self_attn.v_proj.weight [16, 24]",
            "self_attn.o_proj.weight [24, 32]",
            "mlp.gate_proj.weight [40, 24]",
            "mlp.up_proj.weight [40, 24]",
            "mlp.down_proj.weight [24, 40]",
            "input_layernorm.weight [24]",
            "post_attention_layernorm.weight [24]",
            "pre_feedforward_layernorm.weight [24]",
            "post_feedforward_layernorm.weight [24]");
  }

  @Test
  void theNamesCountAllParameters() {
    long elements =
        TensorNames.expected(GEMMA_2_27B).values().stream().mapToLong(TensorShape::elements).sum();

    assertThat(elements).isEqualTo(GEMMA_2_27B.parameters());
  }
}
