package dev.alambic.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.BytePairTrainer;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A corpus that is too large for one window is tokenised as a run needs it, and whoever tokenises
 * what when, the run reads the same.
 */
class CorpusWindowsTest {
  private static final int LENGTH = 64;
  private static final int DOCUMENTS = 6000;
  private static final Packing PACKING = new Packing(LENGTH, 16, 5);

  @TempDir private Path folder;
  private Path text;
  private Tokenizer tokenizer;

  /** Documents of about 600 bytes, each with its number first, in three files. */
  @BeforeEach
  void write() throws IOException {
    text = Files.createDirectories(folder.resolve("text"));
    for (int file = 0; file < 3; file++) {
      StringBuilder lines = new StringBuilder();
      for (int i = file; i < DOCUMENTS; i += 3) {
        String prose = Texts.prose(new Random(i), 100).replace("\n", " ");
        lines.append("{\"text\": \"#").append(i).append("# ").append(prose).append("\"}\n");
      }
      Files.writeString(text.resolve(file + ".jsonl"), lines);
    }
    BytePairTrainer.train(Texts.passages(List.of(Texts.prose(new Random(1), 2000) + "0123#")), 512)
        .write(folder.resolve("model"));
    tokenizer = Tokenizer.load(folder.resolve("model"));
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  private RunSpec.Data data(String cache) {
    return new RunSpec.Data(
        text.toString(),
        DataFormat.JSONLines,
        "text",
        null,
        folder.resolve(cache).toString(),
        null);
  }

  private Corpus open(String cache) {
    return Corpus.open(data(cache), tokenizer, PACKING);
  }

  private static TrainingOrder order(Corpus corpus, long positions) {
    return new TrainingOrder(corpus.train(), PACKING.seed(), positions);
  }

  private static List<String> read(TrainingOrder order, long from, long to) {
    return LongStream.range(from, to).mapToObj(i -> Arrays.toString(order.sequence(i))).toList();
  }

  private long tokenBytes(String cache) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(cache))) {
      List<Path> tokens = files.filter(file -> file.toString().endsWith(".tokens")).toList();
      assertThat(tokens).hasSize(1);
      return Files.size(tokens.get(0));
    }
  }

  private static long epoch(Corpus corpus) {
    return LongStream.range(0, corpus.train().windows()).map(corpus.train()::count).sum();
  }

  @Test
  void anEpochHasAllDocumentsButTheHeldOutOnesOnce() {
    Corpus corpus = open("cache");
    assertThat(corpus.train().windows()).isGreaterThan(2);
    Set<Integer> trained = numbers(corpus.train());
    Set<Integer> heldOut = numbers(SequenceWindows.one(corpus.heldOut()));
    assertThat(heldOut).isNotEmpty().doesNotContainAnyElementsOf(trained);
    assertThat(trained.size()).isBetween((int) (DOCUMENTS * 0.93), (int) (DOCUMENTS * 0.97));
  }

  /** The numbers of all documents whose beginning is in some window; none may be there twice. */
  private Set<Integer> numbers(SequenceWindows windows) {
    List<Integer> numbers = new ArrayList<>();
    for (long window = 0; window < windows.windows(); window++) {
      PackedSequences sequences = windows.window(window);
      int[] tokens =
          LongStream.range(0, sequences.count())
              .mapToObj(sequences::sequence)
              .flatMapToInt(sequence -> Arrays.stream(sequence, 0, LENGTH))
              .toArray();
      java.util.regex.Pattern.compile("#(\\d+)#")
          .matcher(tokenizer.decode(tokens))
          .results()
          .forEach(found -> numbers.add(Integer.valueOf(found.group(1))));
    }
    assertThat(numbers).doesNotHaveDuplicates();
    return new HashSet<>(numbers);
  }

  @Test
  void aSmallBudgetTokenisesLittle() throws IOException {
    long corpus;
    try (Stream<Path> files = Files.list(text)) {
      corpus = files.mapToLong(file -> file.toFile().length()).sum();
    }
    read(order(open("cache"), 16), 0, 16);
    assertThat(corpus).isGreaterThan(3_000_000);
    assertThat(tokenBytes("cache")).isLessThan(1_000_000);
  }

  @Test
  void aResumedRunReadsTheSameWithOrWithoutTheCache() throws IOException {
    Corpus whole = open("cache");
    long epoch = epoch(whole);
    List<String> all = read(order(whole, 2 * epoch), 0, 2 * epoch);
    long written = tokenBytes("cache");
    for (long from : new long[] {0, epoch / 3, epoch - 10, epoch + 20}) {
      List<String> expected = all.subList((int) from, (int) from + 20);
      assertThat(read(order(open("cache"), 2 * epoch), from, from + 20)).isEqualTo(expected);
      assertThat(read(order(open("other" + from), 2 * epoch), from, from + 20)).isEqualTo(expected);
    }
    assertThat(tokenBytes("cache")).isEqualTo(written);
  }

  /** A run that goes on asks for the count of every window before its own. */
  @Test
  void theIndexIsReadOnceForAllWindowsThatAreInIt() throws IOException {
    long epoch = epoch(open("cache"));
    Corpus again = open("cache");
    again.train().count(0);
    Path index;
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      index = files.filter(file -> file.toString().endsWith(".index")).findFirst().orElseThrow();
    }
    Files.delete(index);
    assertThat(epoch(again)).isEqualTo(epoch);
    assertThat(index).doesNotExist();
  }

  /** What was read is overwritten: the volume of a run over a terabyte stays bounded. */
  @Test
  void aCacheThatIsTooSmallForTheCorpusStartsAgainFromTheFront() throws IOException {
    Corpus whole = open("cache");
    long epoch = epoch(whole);
    List<String> all = read(order(whole, 2 * epoch), 0, 2 * epoch);
    long most = tokenBytes("cache") / 2;
    Corpus small = Corpus.open(data("small"), tokenizer, PACKING, most);
    assertThat(read(order(small, 2 * epoch), 0, 2 * epoch)).isEqualTo(all);
    assertThat(tokenBytes("small")).isLessThanOrEqualTo(most);
    Corpus again = Corpus.open(data("small"), tokenizer, PACKING, most);
    assertThat(again.digest()).isEqualTo(small.digest()).isEqualTo(whole.digest());
    assertThat(read(order(again, 2 * epoch), epoch / 2, epoch / 2 + 9))
        .isEqualTo(all.subList((int) epoch / 2, (int) epoch / 2 + 9));
  }

  @Test
  void severalThatShareItReadTheSame() throws Exception {
    Corpus alone = open("cache");
    long epoch = epoch(alone);
    List<String> all = read(order(alone, epoch), 0, epoch);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<String>>> runs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        long from = i * epoch / 5;
        runs.add(threads.submit(() -> read(order(open("shared"), epoch), from, epoch)));
      }
      for (int i = 0; i < 4; i++) {
        assertThat(runs.get(i).get()).isEqualTo(all.subList((int) (i * epoch / 5), (int) epoch));
      }
    } finally {
      threads.shutdown();
    }
    assertThat(tokenBytes("shared")).isEqualTo(tokenBytes("cache"));
  }

  @Test
  void anotherSeedReadsOtherTextFirstAndHoldsOutTheSame() {
    Corpus one = open("one");
    Corpus two = Corpus.open(data("two"), tokenizer, new Packing(LENGTH, 16, 6));
    assertThat(one.digest()).isNotEqualTo(two.digest());
    assertThat(one.heldOut().count()).isEqualTo(two.heldOut().count());
    for (long i = 0; i < one.heldOut().count(); i++) {
      assertThat(one.heldOut().sequence(i)).isEqualTo(two.heldOut().sequence(i));
    }
  }

  /** No more is tokenised than the evaluation needs, and none of the rest is trained on. */
  @Test
  void moreIsHeldOutForALargerEvaluation() {
    Corpus little = open("cache");
    Corpus more = Corpus.open(data("cache"), tokenizer, new Packing(LENGTH, 1000, 5));
    assertThat(little.heldOut().count()).isGreaterThanOrEqualTo(16);
    assertThat(more.heldOut().count()).isGreaterThan(2 * little.heldOut().count());
    assertThat(more.heldOut().sequence(0)).isEqualTo(little.heldOut().sequence(0));
    assertThat(more.digest()).isEqualTo(little.digest());
    assertThat(numbers(SequenceWindows.one(more.heldOut())))
        .doesNotContainAnyElementsOf(numbers(little.train()));
  }

  @Test
  void aFileThatChangesInTheMiddleOfARunIsRefused() throws IOException {
    Corpus corpus = open("cache");
    try (Stream<Path> files = Files.list(text)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.writeString(file, Files.readString(file) + "{\"text\": \"more\"}\n");
      }
    }
    assertThatThrownBy(() -> corpus.train().window(2))
        .isInstanceOfSatisfying(
            RunException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.IO))
        .hasMessageEndingWith(".jsonl: changed while the corpus was read; start again");
  }
}
