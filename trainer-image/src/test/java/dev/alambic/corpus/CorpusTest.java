package dev.alambic.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.OnBadRecord;
import dev.alambic.corpus.text.Passage;
import dev.alambic.corpus.text.Passages;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.run.RunSpec;
import dev.alambic.tokenizer.BytePairTrainer;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
  private static final int LENGTH = 32;

  @TempDir Path folder;
  private Tokenizer tokenizer;
  private Path text;
  private Path cache;

  @BeforeEach
  void write() throws Exception {
    Random random = new Random(1);
    text = Files.createDirectories(folder.resolve("text"));
    cache = folder.resolve("cache");
    // Passage 3 of this file is held out: HeldOutSplitTest.
    Files.writeString(text.resolve("corpus.txt"), Texts.prose(random, 8000));
    for (int i = 0; i < 4; i++) {
      Files.writeString(text.resolve("doc" + i + ".txt"), Texts.prose(random, 400));
    }
    BytePairTrainer.train(Texts.passages(List.of(Texts.prose(random, 2000))), 512)
        .write(folder.resolve("model"));
    tokenizer = Tokenizer.load(folder.resolve("model"));
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  @Test
  void packsEveryTokenOfBothPartsInOrder() {
    Corpus corpus = open(text());
    List<Integer> train = new ArrayList<>();
    List<Integer> heldOut = new ArrayList<>();
    expect(train, heldOut);
    assertThat(corpus.train().windows()).isEqualTo(1);
    assertPacked(corpus.sample(), train);
    assertPacked(corpus.heldOut(), heldOut);
    assertThat(corpus.heldOut().count()).isPositive();
  }

  private static void assertPacked(PackedSequences sequences, List<Integer> tokens) {
    assertThat(sequences.count()).isEqualTo((tokens.size() - 1) / LENGTH);
    for (int i = 0; i < sequences.count(); i++) {
      int[] expected =
          tokens.subList(i * LENGTH, i * LENGTH + LENGTH + 1).stream().mapToInt(t -> t).toArray();
      assertThat(sequences.sequence(i)).isEqualTo(expected);
    }
    assertThatThrownBy(() -> sequences.sequence(sequences.count()))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** Joins the passages the plain way: an end of text wherever the text does not go on. */
  private void expect(List<Integer> train, List<Integer> heldOut) {
    Passage lastTrain = null;
    Passage lastHeldOut = null;
    try (Passages passages = Passages.open(text, DataFormat.Text, null)) {
      while (passages.hasNext()) {
        Passage passage = passages.next();
        boolean held = HeldOutSplit.chosen(passage.file(), passage.number());
        List<Integer> part = held ? heldOut : train;
        Passage last = held ? lastHeldOut : lastTrain;
        boolean goesOn =
            last != null
                && last.file().equals(passage.file())
                && last.number() + 1 == passage.number();
        if (last != null && !goesOn) {
          part.add(tokenizer.endOfText());
        }
        Arrays.stream(tokenizer.encode(passage.text())).forEach(part::add);
        lastTrain = held ? lastTrain : passage;
        lastHeldOut = held ? passage : lastHeldOut;
      }
    }
    train.add(tokenizer.endOfText());
    heldOut.add(tokenizer.endOfText());
  }

  @Test
  void tokenisesOnce() throws Exception {
    Corpus first = open(text());
    Path file = cached();
    FileTime written = Files.getLastModifiedTime(file);
    Object inode = Files.getAttribute(file, "unix:ino");
    Corpus second = open(text());
    assertThat(second.digest()).isEqualTo(first.digest()).matches("[0-9a-f]{64}");
    assertThat(cached()).isEqualTo(file);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
  }

  @Test
  void theSameTextElsewhereGivesTheSameTokens() throws Exception {
    Corpus here = open(text());
    Path copy = Files.createDirectories(folder.resolve("copy"));
    try (Stream<Path> files = Files.list(text)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    RunSpec.Data there =
        new RunSpec.Data(
            copy.toString(),
            DataFormat.Text,
            null,
            null,
            folder.resolve("cache2").toString(),
            null);
    assertThat(open(there).digest()).isEqualTo(here.digest());
  }

  @Test
  void tokenisesAgainWhenAFileChanges() throws Exception {
    String before = open(text()).digest();
    Path changed = text.resolve("doc3.txt");
    FileTime time = Files.getLastModifiedTime(changed);
    Files.writeString(changed, Files.readString(changed).replaceFirst("[a-z]", "X"));
    Files.setLastModifiedTime(changed, FileTime.from(time.toInstant().plusSeconds(1)));
    assertThat(open(text()).digest()).isNotEqualTo(before);
  }

  @Test
  void rebuildsADamagedCache() throws Exception {
    String good = open(text()).digest();
    for (Path file : files(cache)) {
      byte[] bytes = Files.readAllBytes(file);
      for (int at : new int[] {0, 9, 20, 47, bytes.length / 2, bytes.length - 1}) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= 0x10;
        Files.write(file, damaged);
        assertThat(open(text()).digest()).isEqualTo(good);
      }
      for (int length : new int[] {0, 1, 47, 48, bytes.length / 2, bytes.length - 1}) {
        Files.write(file, Arrays.copyOf(bytes, length));
        assertThat(open(text()).digest()).isEqualTo(good);
      }
      Files.write(file, Arrays.copyOf(bytes, bytes.length + 2));
      assertThat(open(text()).digest()).isEqualTo(good);
    }
  }

  /** Damage is mended in its place: the file does not grow. */
  @Test
  void aDamagedFileIsMadeWhatItWas() throws Exception {
    Corpus good = open(text());
    byte[] bytes = Files.readAllBytes(cached());
    byte[] damaged = bytes.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(cached(), damaged);
    assertThat(open(text()).digest()).isEqualTo(good.digest());
    assertThat(cached()).hasBinaryContent(bytes);
  }

  @RepeatedTest(10)
  void severalAtOnceDoNoHarm() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      Callable<String> task = () -> open(text()).digest();
      List<String> digests = new ArrayList<>();
      for (var result : threads.invokeAll(Collections.nCopies(6, task))) {
        digests.add(result.get());
      }
      assertThat(digests).containsOnly(open(text()).digest());
      assertThat(files(cache)).hasSize(2);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void removesWhatOtherCorporaLeftLongAgoAndNothingElse() throws Exception {
    Files.createDirectories(cache);
    String key = "0123456789abcdef".repeat(2);
    Path old = Files.writeString(cache.resolve(key + ".tokens"), "old");
    Path oldIndex = Files.writeString(cache.resolve(key + ".index"), "old");
    Path other = Files.writeString(cache.resolve("notes.tokens"), "the user's");
    for (Path file : List.of(old, oldIndex, other)) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    }
    Path fresh = Files.writeString(cache.resolve("f" + key.substring(1) + ".tokens"), "fresh");
    open(text());
    assertThat(old).doesNotExist();
    assertThat(oldIndex).doesNotExist();
    assertThat(other).exists();
    assertThat(fresh).exists();
  }

  @Test
  void leavesNoClaimBehindWhenTextIsBad() throws Exception {
    Files.write(text.resolve("bad.txt"), new byte[] {0});
    assertThat(failure(text())).hasMessageContaining("bad.txt:1: ");
    assertThat(files(cache)).isEmpty();
  }

  @Test
  void evaluatesOnTheValidationCorpusIfThereIsOne() throws Exception {
    Path validation =
        Files.writeString(folder.resolve("validation.txt"), Texts.prose(new Random(9), 500));
    Corpus corpus =
        open(
            new RunSpec.Data(
                text.toString(),
                DataFormat.Text,
                null,
                validation.toString(),
                cache.toString(),
                null));
    assertThat(tokenizer.decode(corpus.heldOut().sequence(0)))
        .isEqualTo(
            tokenizer.decode(
                Arrays.copyOf(tokenizer.encode(Files.readString(validation)), LENGTH + 1)));
    assertThat(corpus.sample().count()).isGreaterThan(open(text()).sample().count());
  }

  @Test
  void readsJsonLines() throws Exception {
    List<String> lines =
        IntStream.range(0, 200)
            .mapToObj(i -> "{\"body\": \"" + Texts.prose(new Random(i), 11) + "\"}")
            .toList();
    Path file = Files.write(folder.resolve("a.jsonl"), lines);
    Corpus corpus =
        open(
            new RunSpec.Data(
                file.toString(), DataFormat.JSONLines, "body", null, cache.toString(), null));
    String expected =
        IntStream.range(0, 200)
            .filter(i -> !HeldOutSplit.chosen("a.jsonl", i))
            .mapToObj(i -> Texts.prose(new Random(i), 11) + "<|endoftext|>")
            .collect(Collectors.joining());
    int[] inputs =
        LongStream.range(0, corpus.sample().count())
            .mapToObj(corpus.sample()::sequence)
            .flatMapToInt(sequence -> Arrays.stream(sequence).limit(LENGTH))
            .toArray();
    String actual = tokenizer.decode(inputs);
    assertThat(expected).startsWith(actual);
    assertThat(expected.length() - actual.length()).isLessThan(200);
  }

  @Test
  void refusesACorpusShorterThanOneSequence() throws Exception {
    Path file = Files.writeString(folder.resolve("short.txt"), "too short");
    RunSpec.Data data =
        new RunSpec.Data(file.toString(), DataFormat.Text, null, null, cache.toString(), null);
    assertThat(failure(data))
        .hasMessageContaining("less than one sequence of 32")
        .extracting(RunException::exitCode)
        .isEqualTo(ExitCode.DATA);
  }

  @Test
  void saysWhichPartIsTooShort() {
    RunException failure =
        catchThrowableOfType(
            RunException.class, () -> Corpus.open(text(), tokenizer, new Packing(5_000, 8, 0)));
    assertThat(failure).hasMessageStartingWith("the held-out twentieth of " + text);
  }

  @Test
  void saysThatTheCacheCannotBeWritten() throws Exception {
    Files.writeString(cache, "a file where the folder should be");
    assertThat(failure(text()))
        .hasMessageStartingWith(cache + ": cannot keep the tokenised corpus")
        .extracting(RunException::exitCode)
        .isEqualTo(ExitCode.IO);
  }

  @Test
  void refusesACacheInTheCorpus() {
    Path inside = text.resolve("run/tokens");
    RunSpec.Data data =
        new RunSpec.Data(text.toString(), DataFormat.Text, null, null, inside.toString(), null);
    assertThat(failure(data))
        .hasMessage(
            "%s: the run's own tokens would lie in the corpus %s: give the run another folder",
            inside, text)
        .extracting(RunException::exitCode)
        .isEqualTo(ExitCode.DATA);
  }

  /** What was skipped before is not found in the cache by one that is to fail. */
  @Test
  void tokensAreOfTheirTreatmentOfBadRecords() throws Exception {
    Path file = folder.resolve("c.jsonl");
    String good = "{\"text\": \"" + Texts.prose(new Random(1), 60).replace("\n", " ") + "\"}\n";
    Files.writeString(file, good.repeat(30) + "{}\n" + good.repeat(30));
    RunSpec.Data skipping =
        new RunSpec.Data(
            file.toString(), DataFormat.JSONLines, "text", null, cache.toString(), null);
    assertThat(open(skipping).sample().count()).isPositive();
    RunSpec.Data failing =
        new RunSpec.Data(
            file.toString(),
            DataFormat.JSONLines,
            "text",
            null,
            cache.toString(),
            OnBadRecord.Fail);
    assertThat(failure(failing)).hasMessage(file + ":31: no field \"text\"");
  }

  /** A corpus of one passage has none to evaluate on; of two the last is held out. */
  @Test
  void holdsOutTheLastPassageIfNoOther() throws Exception {
    Path file = folder.resolve("b.jsonl");
    String one = Texts.prose(new Random(1), 100).replace("\n", " ");
    String two = Texts.prose(new Random(2), 100).replace("\n", " ");
    Files.writeString(file, "{\"text\": \"%s\"}\n{\"text\": \"%s\"}\n".formatted(one, two));
    assertThat(HeldOutSplit.chosen("b.jsonl", 0) || HeldOutSplit.chosen("b.jsonl", 1)).isFalse();
    Corpus corpus =
        open(
            new RunSpec.Data(
                file.toString(), DataFormat.JSONLines, "text", null, cache.toString(), null));
    assertThat(one).startsWith(tokenizer.decode(corpus.sample().sequence(0)));
    assertThat(two).startsWith(tokenizer.decode(corpus.heldOut().sequence(0)));
  }

  /** Of twenty documents that the hash leaves out the last is one line: it alone would not do. */
  @Test
  void holdsOutMoreOfAFewDocumentsWhereATwentiethIsLessThanASequence() throws Exception {
    StringBuilder lines = new StringBuilder();
    String name = "d.jsonl";
    int documents = 0;
    for (int i = 0; documents < 12; i++) {
      boolean blank = HeldOutSplit.chosen(name, i);
      documents += blank ? 0 : 1;
      String prose = Texts.prose(new Random(i), 100).replace("\n", " ");
      lines.append(blank ? "\n" : "{\"text\": \"%s\"}\n".formatted(prose));
    }
    lines.append("{\"text\": \"a\"}\n");
    Path file = folder.resolve(name);
    Files.writeString(file, lines);

    Corpus corpus =
        open(
            new RunSpec.Data(
                file.toString(), DataFormat.JSONLines, "text", null, cache.toString(), null));

    assertThat(corpus.heldOut().count()).isPositive();
    assertThat(corpus.sample().count()).isGreaterThan(corpus.heldOut().count());
  }

  @Test
  void saysThatThereIsNoCorpus() {
    RunSpec.Data nowhere =
        new RunSpec.Data("/nowhere", DataFormat.Text, null, null, cache.toString(), null);
    assertThat(failure(nowhere)).extracting(RunException::exitCode).isEqualTo(ExitCode.NO_INPUT);
    RunSpec.Data noValidation =
        new RunSpec.Data(
            text.toString(), DataFormat.Text, null, "/nowhere", cache.toString(), null);
    assertThat(failure(noValidation))
        .hasMessage("/nowhere: no such file or folder")
        .extracting(RunException::exitCode)
        .isEqualTo(ExitCode.NO_INPUT);
  }

  private RunSpec.Data text() {
    return new RunSpec.Data(text.toString(), DataFormat.Text, null, null, cache.toString(), null);
  }

  private Corpus open(RunSpec.Data data) {
    return Corpus.open(data, tokenizer, new Packing(LENGTH, 8, 0));
  }

  private RunException failure(RunSpec.Data data) {
    return catchThrowableOfType(RunException.class, () -> open(data));
  }

  private Path cached() throws IOException {
    List<Path> files =
        files(cache).stream().filter(file -> file.toString().endsWith(".tokens")).toList();
    assertThat(files).hasSize(1);
    return files.get(0);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
