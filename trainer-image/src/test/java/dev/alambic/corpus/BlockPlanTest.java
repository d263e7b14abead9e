package dev.alambic.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.corpus.text.Block;
import dev.alambic.corpus.text.CorpusFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockPlanTest {
  private static CorpusFile file(int number, long size) {
    String name = "%05d".formatted(number);
    return new CorpusFile(name, Path.of(name), size, 0);
  }

  private static List<CorpusFile> files(Random random, int count, long most) {
    return IntStream.range(0, count)
        .mapToObj(i -> file(i, 1 + (long) (random.nextDouble() * most)))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void theWindowsHaveEveryByteOnce(int seed) {
    Random random = new Random(seed);
    List<CorpusFile> files = files(random, 1 + random.nextInt(500), 1L << (10 + 2 * seed));
    BlockPlan plan = new BlockPlan(files, 1 << (4 + seed), seed);
    List<Block> all = new ArrayList<>();
    for (long window = 0; window < plan.windows(); window++) {
      assertThat(plan.window(window))
          .isNotEmpty()
          .isSortedAccordingTo(
              Comparator.comparing((Block block) -> block.file().name())
                  .thenComparing(Block::from));
      all.addAll(plan.window(window));
    }
    assertThat(plan.window(plan.windows())).isEmpty();
    all.sort(Comparator.comparing((Block block) -> block.file().name()).thenComparing(Block::from));
    int at = 0;
    for (CorpusFile file : files) {
      long end = 0;
      while (end < file.size()) {
        Block block = all.get(at++);
        assertThat(block.file()).isEqualTo(file);
        assertThat(block.from()).isEqualTo(end);
        assertThat(block.from() % Block.CELL).isZero();
        end = block.to();
      }
      assertThat(end).isEqualTo(file.size());
    }
    assertThat(all).hasSize(at);
  }

  @Test
  void aSmallCorpusIsOneWindowOfWholeFilesWhateverTheSeed() {
    List<CorpusFile> files = List.of(file(0, 200_000), file(1, 1), file(2, 300_000));
    for (long seed = 0; seed < 5; seed++) {
      BlockPlan plan = new BlockPlan(files, 128, seed);
      assertThat(plan.windows()).isEqualTo(1);
      assertThat(plan.window(0)).isEqualTo(files.stream().map(Block::whole).toList());
    }
  }

  /** Text of 4 bytes a token: a budget of a thousand tokens must not tokenise megabytes. */
  @Test
  void theFirstWindowIsSmallAndLaterOnesAreOfFewMegabytes() {
    BlockPlan plan = new BlockPlan(List.of(file(0, 1L << 30)), 64, 3);
    assertThat(bytes(plan.window(0))).isEqualTo(512 << 10);
    assertThat(bytes(plan.window(1))).isEqualTo(1 << 20);
    assertThat(bytes(plan.window(20))).isEqualTo(32 << 20);
  }

  /** A long sequence is not made of scraps of many texts. */
  @Test
  void aBlockHasSeveralSequences() {
    BlockPlan plan = new BlockPlan(List.of(file(0, 1L << 34)), 1 << 17, 3);
    assertThat(plan.window(0))
        .allSatisfy(block -> assertThat(block.to() - block.from()).isGreaterThanOrEqualTo(4 << 20));
  }

  private static long bytes(List<Block> blocks) {
    return blocks.stream().mapToLong(block -> block.to() - block.from()).sum();
  }

  @Test
  void anotherSeedIsAnotherOrder() {
    List<CorpusFile> files = List.of(file(0, 1L << 30));
    assertThat(new BlockPlan(files, 64, 1).window(0))
        .isEqualTo(new BlockPlan(files, 64, 1).window(0))
        .isNotEqualTo(new BlockPlan(files, 64, 2).window(0));
  }

  /** A terabyte in a thousand files: planned, not read. */
  @Test
  @Timeout(10)
  void aTerabyteIsPlannedAtOnce() {
    List<CorpusFile> files = IntStream.range(0, 1000).mapToObj(i -> file(i, 1L << 30)).toList();
    BlockPlan plan = new BlockPlan(files, 4096, 1);
    assertThat(plan.windows()).isBetween(31_000L, 33_000L);
    assertThat(bytes(plan.window(plan.windows() / 2))).isEqualTo(32 << 20);
  }
}
