package dev.alambic.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappedTokensTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"2,65000", "4,250000"})
  void readsAcrossPieces(int width, int largest) throws Exception {
    int[] tokens = IntStream.range(0, 1000).map(i -> largest - i).toArray();
    try (FileChannel channel = create()) {
      channel.position(8);
      TokenWriter writer = new TokenWriter(channel, width);
      writer.write(tokens);
      TokenFile.Part part = writer.finish();
      for (int piece : new int[] {1, 7, 64, 999, 1000, 1 << 28}) {
        MappedTokens mapped = new MappedTokens(channel, 8, 1000, width, piece);
        assertThat(mapped.read(0, 1000)).isEqualTo(tokens);
        assertThat(mapped.read(990, 10))
            .isEqualTo(IntStream.range(990, 1000).map(i -> largest - i).toArray());
        assertThat(mapped.checksum()).isEqualTo(part.checksum());
      }
    }
  }

  /** A file with a hole: as long as it says, but it takes no room. */
  @Test
  void readsBeyondTwoGibibytes() throws Exception {
    long count = 1_500_000_000L;
    try (FileChannel channel = create()) {
      channel.write(ByteBuffer.wrap(new byte[] {7, 0, 8, 0, 9, 0}), 2 * (count - 3));
      MappedTokens tokens = new MappedTokens(channel, 0, count, 2, MappedTokens.PIECE_TOKENS);
      MappedSequences sequences = new MappedSequences(tokens, 4, null);
      assertThat(sequences.count()).isEqualTo((count - 1) / 4);
      assertThat(sequences.sequence(sequences.count() - 1)).containsExactly(0, 0, 0, 0, 0);
      assertThat(tokens.read(count - 4, 4)).containsExactly(0, 7, 8, 9);
    }
  }

  private FileChannel create() throws IOException {
    return FileChannel.open(
        folder.resolve("tokens"),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }
}
