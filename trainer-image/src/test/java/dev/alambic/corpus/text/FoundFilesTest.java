package dev.alambic.corpus.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.corpus.CorpusListing;
import dev.alambic.corpus.text.LeftOut.Reason;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every file in a corpus's folder is read, or it is said why it is not. */
class FoundFilesTest {
  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void make() throws IOException {
    temporary = temporary.toRealPath();
    folder = Files.createDirectories(temporary.resolve("volumes/data/corpus"));
  }

  @AfterEach
  void unmount() {
    System.clearProperty(Mounted.PROPERTY);
  }

  private void mount() {
    System.setProperty(Mounted.PROPERTY, temporary.resolve("volumes").toString());
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name).normalize();
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private void link(String name, String target) throws IOException {
    Path link = folder.resolve(name);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, Path.of(target));
  }

  private List<String> names() {
    return FoundFiles.at(folder).files().stream().map(CorpusFile::name).toList();
  }

  private List<LeftOut> leftOut() {
    return FoundFiles.at(folder).leftOut();
  }

  /** Snapshots of the Hugging Face cache are links to blobs beside them. */
  @Test
  void aSnapshotOfLinksToBlobsIsRead() throws IOException {
    write("../blobs/b1", "one");
    write("../blobs/b2", "two");
    write("0.txt", "zero");
    link("1.txt", "../blobs/b1");
    link("deep/2.txt", "../../blobs/b2");
    assertThat(names()).containsExactly("0.txt", "1.txt", "deep/2.txt");
    assertThat(leftOut()).isEmpty();
    mount();
    assertThat(names()).containsExactly("0.txt", "1.txt", "deep/2.txt");
  }

  @Test
  void linksToFoldersAreFollowed() throws IOException {
    write("../shards/a.txt", "a");
    write("../shards/sub/b.txt", "b");
    link("all", "../shards");
    assertThat(names()).containsExactly("all/a.txt", "all/sub/b.txt");
  }

  @Test
  void aLinkOutOfAVolumeIsLeftOutAndSaid() throws IOException {
    write("a.txt", "a");
    Files.writeString(temporary.resolve("environ"), "KEY=secret");
    Files.createDirectories(temporary.resolve("volumes/teacher"));
    Files.writeString(temporary.resolve("volumes/teacher/x.txt"), "another volume's");
    link("b.txt", "../../../environ");
    link("c", "../../teacher");
    assertThat(names()).containsExactly("a.txt", "b.txt", "c/x.txt");
    mount();
    assertThat(names()).containsExactly("a.txt");
    assertThat(leftOut())
        .containsExactly(new LeftOut("b.txt", Reason.LINK_OUT), new LeftOut("c", Reason.LINK_OUT));
    assertThat(FoundFiles.at(folder).leftOutInWords())
        .isEqualTo("2 a link that leads out of its volume, which is not followed (b.txt, c)");
  }

  @Test
  void whatIsNoTextIsLeftOutAndSaid() throws Exception {
    write("a.txt", "a");
    write("empty.txt", "");
    write(".hidden", "h");
    write(".cache/huggingface/x.metadata", "m");
    Files.createDirectories(folder.resolve("lost+found"));
    link("dangling", "nowhere");
    Process pipe = new ProcessBuilder("mkfifo", folder.resolve("pipe").toString()).start();
    assertThat(pipe.waitFor()).isZero();
    assertThat(names()).containsExactly("a.txt");
    assertThat(leftOut())
        .containsExactly(
            new LeftOut(".cache", Reason.HIDDEN),
            new LeftOut(".hidden", Reason.HIDDEN),
            new LeftOut("dangling", Reason.LINK_TO_NOTHING),
            new LeftOut("empty.txt", Reason.EMPTY),
            new LeftOut("lost+found", Reason.SYSTEM),
            new LeftOut("pipe", Reason.SPECIAL));
  }

  /** The mounted ConfigMap's way, and two names of one blob. */
  @Test
  void nothingIsReadTwice() throws IOException {
    write("..2026/corpus.txt", "inside");
    link("..data", "..2026");
    link("corpus.txt", "..data/corpus.txt");
    link("copy.txt", "..data/corpus.txt");
    write("real/z.txt", "z");
    link("a", "real");
    link("again.txt", "real/z.txt");
    assertThat(names()).containsExactly("copy.txt", "real/z.txt");
    assertThat(leftOut())
        .contains(
            new LeftOut("corpus.txt", Reason.SAME),
            new LeftOut("a", Reason.SAME),
            new LeftOut("again.txt", Reason.SAME));
  }

  /** Each of twenty folders links to all: followed as a tree they never end. */
  @Test
  @Timeout(10)
  void circlesEnd() throws IOException {
    for (int i = 0; i < 20; i++) {
      write(i + "/text" + i + ".txt", "text");
      link(i + "/self", ".");
      link(i + "/up", "..");
      for (int k = 0; k < 20; k++) {
        link(i + "/to" + k, "../" + k);
      }
    }
    link("circle", "circle");
    assertThat(names()).hasSize(20);
    assertThat(leftOut()).contains(new LeftOut("circle", Reason.LINK_TO_NOTHING));
  }

  private CorpusListing listing(Path path, Path validation) {
    return CorpusListing.of(
        new RunSpec.Data(
            path.toString(), DataFormat.Text, null, validation.toString(), "unused", null));
  }

  private List<String> trained(Path path, Path validation) {
    return listing(path, validation).train().files().stream().map(CorpusFile::name).toList();
  }

  @Test
  void whatIsHeldOutIsNotTrainedOn() throws IOException {
    write("a.txt", "a");
    write("b.txt", "bb");
    write("held/c.txt", "ccc");
    link("linked.txt", "held/c.txt");
    Path copy = Files.writeString(temporary.resolve("copy of b"), "bb");
    Path other = Files.writeString(temporary.resolve("as long"), "cd");
    assertThat(trained(folder, folder.resolve("b.txt"))).containsExactly("a.txt", "held/c.txt");
    assertThat(trained(folder, folder.resolve("held"))).containsExactly("a.txt", "b.txt");
    assertThat(trained(folder, folder.resolve("linked.txt"))).containsExactly("a.txt", "b.txt");
    assertThat(trained(folder, copy)).containsExactly("a.txt", "held/c.txt");
    assertThat(trained(folder, other)).containsExactly("a.txt", "b.txt", "held/c.txt");
    assertThat(listing(folder, copy).inWords())
        .contains("1 held out: data.validationUri has it (b.txt)")
        .contains("1 the same as another that is read (linked.txt)");
  }

  @Test
  void aCorpusThatIsHeldOutWholeIsRefused() throws IOException {
    Path only = write("a.txt", "a");
    for (Path path : List.of(only, folder)) {
      assertThatThrownBy(() -> listing(path, folder))
          .isInstanceOf(RunException.class)
          .hasMessage(
              "data.validationUri: %s has every file of data.uri, %s: nothing is left to train on",
              folder, path);
    }
  }

  private List<String> ofFormat(DataFormat format) {
    return DownloadedFolder.only(FoundFiles.at(folder), format).files().stream()
        .map(CorpusFile::name)
        .toList();
  }

  @Test
  void ofADownloadedDataSetTheJsonLinesAreRead() throws IOException {
    write("README.md", "---\nlicense: mit\n---\n");
    write("LICENSE", "MIT");
    write("_SUCCESS", "");
    write("dataset_info.json", "{\"features\": {}}");
    write("config.json", "{\n  \"a\": 1\n}");
    write("data/more.json", "\n{\"text\": \"b\"}\n{\"text\": \"c\"}\n");
    write("data/part-00000", "{\"text\": \"d\"}\n");
    write("data/old.jsonl.gz", "\u001f");
    write("data/train.JSONL", "{\"text\": \"a\"}\n");
    assertThat(ofFormat(DataFormat.JSONLines))
        .containsExactly("data/more.json", "data/part-00000", "data/train.JSONL");
    Files.delete(folder.resolve("data/train.JSONL"));
    assertThat(ofFormat(DataFormat.JSONLines)).containsExactly("data/more.json", "data/part-00000");
  }

  @Test
  void withoutAnyExtensionAllIsReadButWhatDescribesIt() throws IOException {
    write("part-0", "{}");
    write("part-1.log", "{}");
    write("README", "about");
    write("_SUCCESS.crc", "x");
    assertThat(ofFormat(DataFormat.JSONLines)).containsExactly("part-0", "part-1.log");
  }

  /** Sources and READMEs are text too. */
  @Test
  void ofTextAllIsReadButADescriptionBesideTextFiles() throws IOException {
    write("README.md", "about");
    write("Main.java", "class Main {}");
    write("part_SUCCESS", "text");
    assertThat(ofFormat(DataFormat.Text)).containsExactly("Main.java", "README.md", "part_SUCCESS");
    write("book.txt", "text");
    assertThat(ofFormat(DataFormat.Text)).containsExactly("Main.java", "book.txt", "part_SUCCESS");
  }
}
