package dev.alambic.bench.distil;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
  private static final Run TEACHER = Run.fromScratch(Models.LARGE, 2048, 5e-3, 1);
  private static final Run SCRATCH = Run.fromScratch(Models.STUDENT, 1024, 1e-2, 1);
  private static final Run DISTILLED = SCRATCH.distilledFrom(TEACHER);

  @TempDir private Path folder;
  private Path file;
  private ResultFile results;

  @BeforeEach
  void open() {
    file = folder.resolve("results.jsonl");
    results = new ResultFile(file, "corpus");
  }

  private static Result result(Run run, String corpus, double loss) {
    boolean taught = run.teacher() != null;
    return new Result(
        run, corpus, "abc", loss, taught ? 0.5 : null, taught ? 3.0 : null, 1000, null, null);
  }

  @Test
  void nothingIsThereAtFirst() throws IOException {
    assertThat(results.read()).isEmpty();
  }

  @Test
  void whatWasAppendedIsReadByTheNextProcess() throws IOException {
    Result scratch = result(SCRATCH, "corpus", 3.5);
    Result distilled = result(DISTILLED, "corpus", 3.25);
    results.append(scratch);
    results.append(distilled);
    assertThat(new ResultFile(file, "corpus").read())
        .containsOnlyKeys(SCRATCH, DISTILLED)
        .containsEntry(SCRATCH, scratch)
        .containsEntry(DISTILLED, distilled);
  }

  @Test
  void aTornLineIsDoneAgainAndSpoilsNoOther() throws IOException {
    results.append(result(SCRATCH, "corpus", 3.5));
    String torn = ResultFile.line(result(DISTILLED, "corpus", 3.25)).substring(0, 60);
    Files.writeString(file, torn, StandardOpenOption.APPEND);
    assertThat(results.read()).containsOnlyKeys(SCRATCH);
    results.append(result(DISTILLED, "corpus", 3.0));
    assertThat(results.read()).containsOnlyKeys(SCRATCH, DISTILLED);
    assertThat(results.read().get(DISTILLED).crossEntropy()).isEqualTo(3.0);
  }

  @Test
  void resultsOnOtherTextDontCount() throws IOException {
    results.append(result(SCRATCH, "other", 3.5));
    assertThat(results.read()).isEmpty();
  }

  @Test
  void aRunWithAnyOtherSettingIsAnotherRun() throws IOException {
    results.append(result(DISTILLED, "corpus", 3.5));
    Run otherTeacher = SCRATCH.distilledFrom(Run.fromScratch(Models.LARGE, 4096, 5e-3, 1));
    assertThat(results.ofRuns(List.of(SCRATCH, otherTeacher))).isEmpty();
    assertThat(results.ofRuns(List.of(SCRATCH, DISTILLED))).containsOnlyKeys(DISTILLED);
    assertThat(List.of(SCRATCH, DISTILLED, otherTeacher))
        .extracting(Run::name)
        .doesNotHaveDuplicates();
  }

  @Test
  void aRunSurvivesTheWayToItsProcess() {
    assertThat(ResultFile.parseRun(ResultFile.line(DISTILLED))).isEqualTo(DISTILLED);
  }
}
