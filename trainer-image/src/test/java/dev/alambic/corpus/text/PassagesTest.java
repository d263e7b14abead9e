package dev.alambic.corpus.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.api.v1alpha1.OnBadRecord;
import dev.alambic.corpus.Texts;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassagesTest {
  @TempDir Path folder;

  @Test
  void readsFilesByNameAndSkipsHiddenOnes() throws Exception {
    write("b.txt", "b");
    write("a/z.txt", "z");
    write("a.txt", "a");
    write(".hidden", "no");
    write(".git/x", "no");
    assertThat(text(folder)).extracting(Passage::file).containsExactly("a.txt", "a/z.txt", "b.txt");
  }

  @Test
  void readsOneFileEvenThroughALink() throws Exception {
    Path file = write("a.txt", "hello");
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), file);
    assertThat(text(link)).containsExactly(new Passage("link.txt", 0, false, "hello"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void cutsTextAtLineBreaksAndLosesNothing(int seed) throws Exception {
    Random random = new Random(seed);
    String whole =
        Texts.prose(random, 20_000)
            + "中\ud83d\ude00é".repeat(10_000)
            + "\n"
            + Texts.prose(random, 999);
    List<Passage> passages = text(write("a.txt", whole));
    assertThat(passages.stream().map(Passage::text).collect(Collectors.joining())).isEqualTo(whole);
    assertThat(passages).allSatisfy(p -> assertThat(bytes(p)).isBetween(1, 2 * TextReader.PASSAGE));
    for (int i = 0; i < passages.size(); i++) {
      assertThat(passages.get(i).continues()).isEqualTo(i > 0);
    }
    assertThat(passages.subList(0, 7)).extracting(Passage::number).startsWith(0L, 1L, 2L);
    assertThat(passages).extracting(Passage::number).contains(65_536L, 65_537L, 131_072L);
    assertThat(passages.subList(0, 6))
        .allSatisfy(p -> assertThat(p.text()).endsWith("\n"))
        .allSatisfy(
            p -> assertThat(bytes(p)).isBetween(TextReader.PASSAGE, TextReader.PASSAGE + 200));
  }

  @ParameterizedTest
  @ValueSource(ints = {8191, 8192, 8193, 16383, 16384, 16385})
  void cutsLinesOfAnyLength(int length) throws Exception {
    for (String line : List.of("x".repeat(length), "é".repeat(length), "\n".repeat(length))) {
      List<Passage> passages = text(write("a.txt", line));
      assertThat(passages.stream().map(Passage::text).collect(Collectors.joining()))
          .isEqualTo(line);
    }
  }

  @Test
  void dropsAByteOrderMark() throws Exception {
    assertThat(text(write("a.txt", "\ufeffhello")))
        .extracting(Passage::text)
        .containsExactly("hello");
    assertThat(jsonLines(write("a.jsonl", "\ufeff{\"text\": \"hello\"}")))
        .extracting(Passage::text)
        .containsExactly("hello");
  }

  @Test
  void readsOneDocumentALine() throws Exception {
    Path file =
        write(
            "a.jsonl",
            """
            {"text": "one\\ntwo", "meta": {"text": ["no", {"a": 1}]}}

            {"id": 7, "text": ""}
            {"meta": null, "text": "中\\ud83d\\ude00"}\
            """);
    assertThat(jsonLines(file))
        .containsExactly(
            new Passage("a.jsonl", 0, false, "one\ntwo"),
            new Passage("a.jsonl", 3, false, "中\ud83d\ude00"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "[1] 2; more than one JSON object on the line",
        "[1; not JSON: ",
        "{\"text\": \"a\"} {\"text\": \"b\"}; more than one JSON object on the line",
        "{\"text\": \"a\"; not JSON: ",
        "{\"text\": \"a\\q\"}; not JSON: ",
        "hello; not JSON: ",
      })
  void refusesLinesThatAreNoDocument(String line, String reason) throws Exception {
    Path file = write("a.jsonl", "{\"text\": \"good\"}\n\n" + line + "\n");
    assertThat(refusal(file, DataFormat.JSONLines))
        .hasMessageStartingWith(file + ":3: " + reason)
        .hasMessageNotContaining("\n");
  }

  /** A read-only volume cannot be mended. */
  @Test
  void skipsRecordsWithoutTextUnlessToldToFail() throws Exception {
    String bad =
        """
        {"txt": 1}
        {"text": null}
        {"text": 7}
        {"text": {"a": "b"}}
        {}
        null
        []
        """;
    String good = "{\"text\": \"good\", \"score\": NaN, \"x\": [-Infinity]}\n".repeat(20);
    Path file = write("a.jsonl", good + bad + good);
    BadRecords counted = new BadRecords(null);
    assertThat(read(file, "text", counted)).hasSize(40);
    assertThat(counted.skipped()).isEqualTo(7);
    assertThat(counted.inWords())
        .startsWith("7 of 47 records skipped: " + file + ":21: no field \"text\"; ")
        .endsWith("...");
    assertThatThrownBy(() -> read(file, "text", new BadRecords(OnBadRecord.Fail)))
        .hasMessage(file + ":21: no field \"text\"");
    Files.writeString(file, good + "no JSON\n[]\n");
    assertThatThrownBy(() -> read(file, "text", new BadRecords(null)))
        .hasMessageStartingWith(file + ":21: not JSON");
    assertThat(read(file, "text", new BadRecords(OnBadRecord.Skip))).hasSize(20);
  }

  @Test
  void refusesWhatIsMostlyBad() throws Exception {
    String good = "{\"text\": \"good\"}\n";
    Path file = write("a.jsonl", "{\"content\": \"a\"}\n");
    assertThatThrownBy(() -> read(file, "text", new BadRecords(null)))
        .hasMessage(
            "1 of 1 records have no text or prompt: check data.textField and data.format; %s:1: no field"
                + " \"text\"",
            file);
    Files.writeString(file, good.repeat(9) + "{}\n".repeat(11));
    assertThatThrownBy(() -> read(file, "text", new BadRecords(OnBadRecord.Skip)))
        .hasMessageStartingWith("11 of 20 records have no text");
    Files.writeString(file, good.repeat(499) + "{}\n".repeat(501) + "not reached");
    assertThatThrownBy(() -> read(file, "text", new BadRecords(null)))
        .hasMessageStartingWith("501 of 1000 records have no text");
    Files.writeString(file, good.repeat(500) + "{}\n".repeat(500));
    assertThat(read(file, "text", new BadRecords(null))).hasSize(500);
  }

  @Test
  void findsANestedField() throws Exception {
    Path file =
        write(
            "a.jsonl",
            """
            {"a": {"b": {"c": "one"}, "c": "no"}, "b.c": "no"}
            {"a.b": {"c": "two"}}
            {"a.b.c": "three"}
            {"a": {"b.c": "four"}}
            {"a": {"b": "no"}}
            """);
    assertThat(read(file, "a.b.c", new BadRecords(null)))
        .extracting(Passage::text)
        .containsExactly("one", "two", "three", "four");
  }

  private static List<Passage> read(Path file, String field, BadRecords bad) {
    List<Block> blocks = FoundFiles.at(file).files().stream().map(Block::whole).toList();
    return read(new Passages(blocks, DataFormat.JSONLines, field, bad));
  }

  private static List<Passage> read(Passages passages) {
    List<Passage> all = new ArrayList<>();
    try (passages) {
      passages.forEachRemaining(all::add);
    }
    return all;
  }

  /** Whichever blocks a file is cut into, its lines and passages are the same. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void theBlocksOfAFileTogetherHaveAllOfIt(int seed) throws Exception {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    while (text.length() < 500_000) {
      int length = 1 << random.nextInt(18);
      text.append("{\"text\": \"")
          .append((random.nextBoolean() ? "é" : "\ud83d\ude00").repeat(length / 2))
          .append("\"}")
          .append(random.nextInt(3) == 0 ? "\n\n" : "\n");
    }
    CorpusFile file = FoundFiles.at(write("a", text.toString())).files().get(0);
    for (DataFormat format : DataFormat.values()) {
      List<Passage> whole = read(passages(List.of(Block.whole(file)), format));
      List<Passage> parts = new ArrayList<>();
      for (long from = 0; from < file.size(); ) {
        long to = Math.min(file.size(), from + (1L + random.nextInt(3)) * Block.CELL);
        parts.addAll(read(passages(List.of(new Block(file, from, to)), format)));
        from = to;
      }
      assertThat(parts)
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("continues")
          .isEqualTo(whole);
      assertThat(whole).extracting(Passage::number).doesNotHaveDuplicates();
    }
  }

  private static Passages passages(List<Block> blocks, DataFormat format) {
    return new Passages(blocks, format, "text", new BadRecords(null));
  }

  @Test
  void saysWhereInALargeFileALineIsBad() throws Exception {
    String line = "{\"text\": \"" + "x".repeat(1000) + "\"}\n";
    CorpusFile file = FoundFiles.at(write("a", line.repeat(100) + "bad\n")).files().get(0);
    assertThatThrownBy(
            () ->
                read(
                    passages(
                        List.of(new Block(file, Block.CELL, file.size())), DataFormat.JSONLines)))
        .hasMessageStartingWith(file.path() + ": line 36 after byte 65536: not JSON");
  }

  @Test
  void refusesAFileThatChanges() throws Exception {
    CorpusFile file = FoundFiles.at(write("a", "text\n")).files().get(0);
    Files.writeString(file.path(), "other text\n");
    assertThatThrownBy(() -> passages(List.of(Block.whole(file)), DataFormat.Text))
        .hasMessage(file.path() + ": changed while the corpus was read; start again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Text", "JSONLines"})
  void refusesWhatIsNotText(DataFormat format) throws Exception {
    String good = "{\"text\": \"" + "x".repeat(10_000) + "\"}\n";
    for (byte[] bad :
        List.of(
            new byte[] {'a', (byte) 0xE9, 'b'}, new byte[] {(byte) 0xC3}, new byte[] {'a', 0})) {
      Path file = folder.resolve("a");
      try (OutputStream out = Files.newOutputStream(file)) {
        out.write((good + good).getBytes(StandardCharsets.UTF_8));
        out.write(bad);
      }
      assertThat(refusal(file, format))
          .hasMessageStartingWith(file + ":3: ")
          .hasMessageContaining(bad[bad.length - 1] == 0 ? "NUL" : "not UTF-8");
    }
  }

  @Test
  void refusesALineWithoutEndAndKeepsMemoryBounded() throws Exception {
    Path file = folder.resolve("a.jsonl");
    Files.writeString(file, "{\"text\": \"ok\"}\n");
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      byte[] megabyte = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 17; i++) {
        out.write(megabyte);
      }
    }
    assertThat(refusal(file, DataFormat.JSONLines)).hasMessage(file + ":2: longer than 16 MiB");
  }

  @Test
  void refusesDeepNesting() throws Exception {
    Path file = write("a.jsonl", "{\"a\": " + "[".repeat(100_000) + "\n");
    assertThat(refusal(file, DataFormat.JSONLines)).hasMessageStartingWith(file + ":1: not JSON: ");
  }

  @Test
  void refusesAnEmptyCorpus() throws Exception {
    assertThat(refusal(folder, DataFormat.Text)).hasMessage(folder + ": no files in it");
    write("empty.txt", "");
    assertThat(refusal(folder, DataFormat.Text))
        .hasMessage(folder + ": no files in it; left out: 1 empty (empty.txt)");
    write("blank.jsonl", "\n\n");
    assertThat(refusal(folder, DataFormat.JSONLines)).hasMessage(folder + ": the corpus is empty");
  }

  @Test
  void saysThatNothingIsThere() {
    Path nowhere = folder.resolve("nowhere");
    RunException failure =
        catchThrowableOfType(
            RunException.class, () -> Passages.open(nowhere, DataFormat.Text, null).close());
    assertThat(failure).hasMessage(nowhere + ": no such file or folder");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.NO_INPUT);
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static int bytes(Passage passage) {
    return passage.text().getBytes(StandardCharsets.UTF_8).length;
  }

  private static List<Passage> text(Path path) {
    return read(path, DataFormat.Text);
  }

  private static List<Passage> jsonLines(Path path) {
    return read(path, DataFormat.JSONLines);
  }

  private static List<Passage> read(Path path, DataFormat format) {
    List<Passage> all = new ArrayList<>();
    try (Passages passages = Passages.open(path, format, "text")) {
      passages.forEachRemaining(all::add);
    }
    return all;
  }

  private static RunException refusal(Path path, DataFormat format) {
    RunException failure = catchThrowableOfType(RunException.class, () -> read(path, format));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.DATA);
    return failure;
  }

  @ParameterizedTest
  @CsvSource({
    "1f8b0800000000000003, gzip: unpack it",
    "5041523115041500, Parquet: write its text as JSON lines",
    "504b030414000000, a zip archive: unpack it",
    "28b52ffd04000000, zstd: unpack it",
    "fffe740065007800, UTF-16: write it as UTF-8"
  })
  void aFileOfAnotherFormatIsNamed(String start, String kind) throws IOException {
    Path file = folder.resolve("corpus");
    Files.write(file, HexFormat.of().parseHex(start));
    for (DataFormat format : DataFormat.values()) {
      assertThat(refusal(file, format)).hasMessage(file + ": no text file, it looks like " + kind);
    }
  }
}
