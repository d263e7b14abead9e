package dev.alambic.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.chat.ChatTemplate;
import dev.alambic.corpus.Corpus;
import dev.alambic.corpus.Packing;
import dev.alambic.corpus.text.Passage;
import dev.alambic.corpus.text.Passages;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.SpecialTokens;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import dev.alambic.model.DType;
import dev.alambic.model.ModelFolder;
import dev.alambic.model.ModelFolderWriter;
import dev.alambic.model.Tensor;
import dev.alambic.model.TensorNames;
import dev.alambic.run.RunSpec;
import dev.alambic.signal.ModelDigests;
import dev.alambic.tokenizer.BytePairTrainer;
import dev.alambic.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is read through a link that leaves its volume, and nothing written through any. */
class VolumeLinksTest {
  private static final DecoderConfig TINY =
      DecoderConfig.gemma2(61, 8, 1, 2, 1, 4, 12, 5, 16, 1e4, 1e-6, 50, 30, 4);
  private static final String TEXT = "to be, or not to be, that is the question\n";

  @TempDir private Path pod;
  private Path teacher;
  private Path data;
  private Path run;
  private Path secret;

  @BeforeEach
  void mount() throws IOException {
    pod = pod.toRealPath();
    teacher = Files.createDirectories(pod.resolve("alambic/teacher"));
    data = Files.createDirectories(pod.resolve("alambic/data"));
    run = Files.createDirectories(pod.resolve("alambic/run/job"));
    secret = Files.writeString(pod.resolve("environ"), "KEY=secret");
    System.setProperty(Mounted.PROPERTY, pod.resolve("alambic").toString());
  }

  @AfterEach
  void unmount() {
    System.clearProperty(Mounted.PROPERTY);
  }

  @Test
  void aModelOfTheHuggingFaceCacheIsRead() throws IOException {
    Path snapshot = Files.createDirectories(teacher.resolve("models--x/snapshots/1f"));
    Path blobs = Files.createDirectories(teacher.resolve("models--x/blobs"));
    writeModel(teacher.resolve("plain"));
    moveBehindLinks(teacher.resolve("plain"), blobs, snapshot);
    assertThat(ModelFolder.read(snapshot).decoder()).isEqualTo(TINY);
    assertThat(ModelDigests.of(snapshot).weights()).hasSize(64);
    try (Tokenizer tokenizer = Tokenizer.load(snapshot)) {
      assertThat(tokenizer.encode("to be")).isNotEmpty();
    }
  }

  @Test
  void noFileOfAModelMayLeadOut() throws IOException {
    for (String name :
        List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
      Path folder = teacher.resolve("without-" + name);
      writeModel(folder);
      Files.delete(folder.resolve(name));
      Files.createSymbolicLink(folder.resolve(name), secret);
      assertRefused(
          () -> {
            ModelFolder.read(folder);
            Tokenizer.load(folder).close();
          },
          folder.resolve(name) + ": leads to " + secret);
    }
  }

  @Test
  void noChatTemplateMayLeadOut() throws IOException {
    Path template = teacher.resolve("chat_template.jinja");
    Files.createSymbolicLink(template, secret);
    assertRefused(() -> ChatTemplate.of(teacher), template + ": leads to " + secret);
  }

  @Test
  void noCorpusMayLeadOut() throws IOException {
    Path file = Files.createSymbolicLink(data.resolve("web.txt"), secret);
    assertRefused(() -> Passages.open(file, DataFormat.Text, "text"), "leads to " + secret);
    Path folder = Files.createSymbolicLink(data.resolve("web"), pod);
    assertRefused(() -> Passages.open(folder, DataFormat.Text, "text"), "leads to " + pod);
  }

  /** A folder with other files in it skips the link, as it always did. */
  @Test
  void aLinkAmongTextsIsSkipped() throws IOException {
    Files.writeString(data.resolve("a.txt"), "text");
    Files.createSymbolicLink(data.resolve("b.txt"), secret);
    try (Passages passages = Passages.open(data, DataFormat.Text, "text")) {
      assertThat(passages.next().text()).isEqualTo("text");
      assertThat(passages.hasNext()).isFalse();
    }
  }

  @Test
  void theStudentIsNotWrittenThroughALink() throws IOException {
    Path other = Files.createDirectories(pod.resolve("alambic/run/other/student"));
    writeModel(other);
    Path student = Files.createSymbolicLink(run.resolve("student"), other);
    assertRefused(() -> writeModel(student), student + ": is behind a link");
    assertThat(other.resolve("model.safetensors")).exists();
  }

  @Test
  void whatIsCarriedOverIsNotReadThroughALink() throws IOException {
    Path source = teacher.resolve("source");
    writeModel(source);
    Path link = Files.createSymbolicLink(source.resolve("tokenizer.model"), secret);
    assertRefused(() -> write(run.resolve("student"), Optional.of(source)), link + ": leads to");
  }

  /** On one's own machine a linked student is replaced; what the link led to stays. */
  @Test
  void elsewhereALinkedStudentIsReplacedAndItsTargetKept() throws IOException {
    Path mine = pod.resolve("mine");
    writeModel(mine);
    Path student = Files.createSymbolicLink(pod.resolve("student"), mine);
    writeModel(student);
    assertThat(student).isDirectory();
    assertThat(Files.isSymbolicLink(student)).isFalse();
    assertThat(mine.resolve("model.safetensors")).exists();
  }

  @Test
  void tokensAreNotKeptThroughALink() throws IOException {
    Files.writeString(data.resolve("a.txt"), TEXT.repeat(100));
    writeModel(teacher);
    Path tokens = Files.createSymbolicLink(run.resolve("tokens"), data);
    RunSpec.Data corpus =
        new RunSpec.Data(data.toString(), DataFormat.Text, "text", null, tokens.toString(), null);
    try (Tokenizer tokenizer = Tokenizer.load(teacher)) {
      assertRefused(
          () -> Corpus.open(corpus, tokenizer, new Packing(8, 1, 0)),
          tokens + ": is behind a link");
    }
  }

  private static void assertRefused(Runnable reading, String reason) {
    assertThatThrownBy(reading::run)
        .isInstanceOf(RunException.class)
        .hasMessageContaining(reason)
        .message()
        .doesNotContain("KEY=");
  }

  private static void writeModel(Path folder) {
    write(folder, Optional.empty());
    Passage passage = new Passage("text", 0, false, TEXT);
    BytePairTrainer.train(List.of(passage).iterator(), 300).write(folder);
  }

  private static void write(Path folder, Optional<Path> tokenizerFrom) {
    List<Tensor> tensors =
        TensorNames.expected(TINY).entrySet().stream()
            .map(
                e ->
                    Tensor.ofFloats(
                        e.getKey(),
                        DType.F32,
                        e.getValue(),
                        new float[(int) e.getValue().elements()]))
            .toList();
    ModelFolderWriter.write(folder, TINY, SpecialTokens.NONE, tensors, tokenizerFrom);
  }

  private static void moveBehindLinks(Path from, Path blobs, Path snapshot) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(from)) {
      files = found.toList();
    }
    for (Path file : files) {
      Path blob = blobs.resolve("b-" + file.getFileName());
      Files.move(file, blob);
      Files.createSymbolicLink(snapshot.resolve(file.getFileName()), snapshot.relativize(blob));
    }
  }
}
