package dev.alambic.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A header whose checksum is right and whose numbers are not: damage, and nothing else. */
class TokenFileTest {
  private static final int WIDTH_AT = 8;
  private static final int TRAIN_AT = 12;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "2, -1",
    "2, 9223372036854775807",
    "2, 4611686018427387904",
    "2, 5",
    "0, 4",
    "1, 4",
    "-2, 4",
    "2147483647, 4"
  })
  void impossibleNumbersAreDamage(int width, long tokens) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(TokenFile.HEADER + 8).order(ByteOrder.LITTLE_ENDIAN);
    file.put("AMBCTOK1".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    file.putInt(WIDTH_AT, width).putLong(TRAIN_AT, tokens);
    CRC32C checksum = new CRC32C();
    checksum.update(file.array(), 0, TokenFile.HEADER - Integer.BYTES);
    file.putInt(TokenFile.HEADER - Integer.BYTES, (int) checksum.getValue());
    Path path = Files.write(folder.resolve("x.tokens"), file.array());
    assertThatThrownBy(() -> TokenFile.map(path)).isInstanceOf(TokenFile.DamagedException.class);
  }

  @Test
  void anEmptyFileIsDamage() throws IOException {
    Path path = Files.createFile(folder.resolve("x.tokens"));
    assertThatThrownBy(() -> TokenFile.map(path)).isInstanceOf(TokenFile.DamagedException.class);
  }
}
