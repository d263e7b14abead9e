package dev.alambic.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InspectCommandTest {
  /** The config.json of google/gemma-2-2b, what is read of it. */
  private static final String GEMMA_2_2B =
      """
      {"architectures": ["Gemma2ForCausalLM"], "model_type": "gemma2", "vocab_size": 256000,
       "hidden_size": 2304, "num_hidden_layers": 26, "num_attention_heads": 8,
       "num_key_value_heads": 4, "head_dim": 256, "intermediate_size": 9216,
       "sliding_window": 4096, "max_position_embeddings": 8192, "query_pre_attn_scalar": 256,
       "bos_token_id": 2, "eos_token_id": 1, "pad_token_id": 0, "torch_dtype": "bfloat16"}
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("config.json"), GEMMA_2_2B);
    Files.write(folder.resolve("model-00001-of-00002.safetensors"), new byte[700]);
    Files.write(folder.resolve("model-00002-of-00002.safetensors"), new byte[800]);
  }

  @Test
  void saysWhatGemma2Is() {
    // 2 x 2 bytes x 4 heads x 256 x (13 x 4096 + 13 x 8192) tokens remembered = 654 MB.
    assertThat(InspectCommand.report(folder).text())
        .startsWith(
            """
            family          gemma2
            parameters      2.61B (2614341888), 590M of them embedding, shared with the head
            layers          26, 13 of them see 4096 tokens back
            hidden size     2304
            attention       8 heads of 256, 4 of keys and values
            feed-forward    9216 wide
            context         8192 tokens
            vocabulary      256000 tokens
            special tokens  begin 2, end 1, padding 0
            dtype           bfloat16
            files           1.5 kB in 2 files of safetensors
            to serve        5.2 GB in BF16, and 654.3 MB for a sequence of 8192 tokens
            to train       \s""");
  }

  @Test
  void saysTheSameToPrograms() throws IOException {
    JsonNode json = new ObjectMapper().readTree(RunJson.write(InspectCommand.report(folder)));
    assertThat(json.path("family").asText()).isEqualTo("gemma2");
    assertThat(json.path("parameters").asLong()).isEqualTo(2_614_341_888L);
    assertThat(json.at("/shape/hiddenSize").asInt()).isEqualTo(2304);
    assertThat(json.at("/files/bytes").asLong()).isEqualTo(1500);
    assertThat(json.at("/specialTokens/end/0").asInt()).isEqualTo(1);
    assertThat(json.at("/memory/serve/weights").asLong()).isEqualTo(2 * 2_614_341_888L);
    assertThat(json.at("/memory/train/optimizer").asLong()).isEqualTo(8 * 2_614_341_888L);
  }

  @Test
  void generationConfigHasTheLastWordOnTokens() throws IOException {
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": [1, 107]}");
    assertThat(InspectCommand.report(folder).text()).contains("begin 2, end 1 or 107, padding 0");
  }

  @Test
  void aBadFolderIsOneLineAndExitCode2() throws IOException {
    assertRefused(folder.resolve("nowhere"), "nowhere: no such folder");
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"bert\"}");
    assertRefused(folder, "config.json: model_type: is \"bert\"");
    Files.writeString(folder.resolve("config.json"), GEMMA_2_2B);
    Files.writeString(folder.resolve("generation_config.json"), "nonsense");
    assertRefused(folder, "generation_config.json: not JSON");
    Files.delete(folder.resolve("generation_config.json"));
    Files.delete(folder.resolve("model-00001-of-00002.safetensors"));
    Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
    assertRefused(folder, ": has no *.safetensors; weights in other formats are not read");
  }

  private static void assertRefused(Path folder, String message) {
    assertThatThrownBy(() -> InspectCommand.report(folder))
        .isInstanceOf(RunException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
    assertThat(new CommandLine(new InspectCommand()).execute(folder.toString())).isEqualTo(2);
  }
}
