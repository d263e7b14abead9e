package dev.alambic.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Family;
import dev.alambic.model.reference.TestModels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LayerLayoutTest {

  private static final DecoderConfig GEMMA_2_27B =
      DecoderConfig.gemma2(
          256128, 4608, 46, 32, 16, 128, 36864, 4096, 8192, 1e4, 1e-6, 50, 30, 144);

  @Test
  void slicesFollowEachOtherAndFillTheLayer() {
    List<DecoderConfig> configs =
        Stream.concat(
                Stream.of(TestModels.TINY, GEMMA_2_27B),
                Arrays.stream(Family.values()).map(TestModels::family))
            .toList();
    for (DecoderConfig config : configs) {
      LayerLayout layout = new LayerLayout(config);
      long next = 0;
      for (LayerLayout.Slice slice : layout.slices()) {
        assertThat(slice.offset()).isEqualTo(next);
        next += slice.shape().elements();
      }
      assertThat(next).isEqualTo(layout.length()).isEqualTo(config.layerParameters());
    }
  }

  /** Weight decay touches the first elements only. */
  @ParameterizedTest
  @EnumSource
  void matricesComeFirst(Family family) {
    DecoderConfig config = TestModels.family(family);
    long matrices =
        new LayerLayout(config)
            .slices().stream()
                .takeWhile(LayerLayout.Slice::isMatrix)
                .mapToLong(slice -> slice.shape().elements())
                .sum();

    assertThat(matrices).isEqualTo(config.layerMatrixParameters());
    assertThat(DecoderParameters.matrixElements(config))
        .startsWith(61L * 24, matrices, matrices, matrices, 0L)
        .hasSize(config.vocabulary().tied() ? 5 : 6);
  }

  /** What is there beside the seven matrices and the norms before the blocks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Gemma2  | true  | pre_feedforward_layernorm.weight [24], post_feedforward_layernorm.weight [24], self_attn.q_proj.bias [32], self_attn.k_proj.bias [16], self_attn.v_proj.bias [16], self_attn.o_proj.bias [24]
          Gemma3  | false | pre_feedforward_layernorm.weight [24], post_feedforward_layernorm.weight [24], self_attn.q_norm.weight [8], self_attn.k_norm.weight [8]
          Llama   | false | self_attn.q_proj.bias [32], self_attn.k_proj.bias [16], self_attn.v_proj.bias [16], self_attn.o_proj.bias [24], mlp.gate_proj.bias [40], mlp.up_proj.bias [40], mlp.down_proj.bias [24]
          Mistral | true  | ''
          Qwen2   | false | self_attn.q_proj.bias [32], self_attn.k_proj.bias [16], self_attn.v_proj.bias [16]
          Qwen3   | false | self_attn.q_norm.weight [8], self_attn.k_norm.weight [8], self_attn.q_proj.bias [32], self_attn.k_proj.bias [16], self_attn.v_proj.bias [16], self_attn.o_proj.bias [24]
          """)
  void eachFamilyHasItsTensors(Family family, boolean tied, String others) {
    DecoderConfig config = TestModels.family(family);

    assertThat(new LayerLayout(config).slices())
        .extracting(slice -> slice.suffix() + " " + slice.shape())
        .filteredOn(tensor -> !tensor.contains("_proj.weight"))
        .filteredOn(tensor -> !tensor.equals("input_layernorm.weight [24]"))
        .filteredOn(tensor -> !tensor.equals("post_attention_layernorm.weight [24]"))
        .containsExactly(others.isEmpty() ? new String[0] : others.split(", ", -1));
    assertThat(TensorNames.expected(config).containsKey("lm_head.weight")).isEqualTo(!tied);
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

  @ParameterizedTest
  @EnumSource
  void theNamesCountAllParametersOfAFamily(Family family) {
    DecoderConfig config = TestModels.family(family);
    long elements =
        TensorNames.expected(config).values().stream().mapToLong(TensorShape::elements).sum();

    assertThat(elements).isEqualTo(config.parameters());
  }
}
