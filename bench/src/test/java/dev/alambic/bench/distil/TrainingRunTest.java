package dev.alambic.bench.distil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real runs of a few steps on a text of a few thousand words. */
class TrainingRunTest {
  private static final long TOKENS = 12 * Models.STEP;

  /** Enough to know more of the text than how often each token comes: others are refused. */
  private static final long TEACHER_TOKENS = 3 * TOKENS;

  @TempDir private Path folder;

  @Test
  void aStudentLearnsFromTheTeacherThatAnEarlierRunLeft() throws IOException {
    WorkFolder work = new WorkFolder(Files.createDirectories(folder.resolve("work")));
    String digest = work.prepare(texts());
    Run pretraining = Run.fromScratch(Models.SMALL, TEACHER_TOKENS, 1e-2, 1);
    Result teacher = TrainingRun.carryOut(pretraining, work);
    Run run = Run.fromScratch(Models.STUDENT, TOKENS, 1e-2, 2).distilledFrom(pretraining);
    Result student = TrainingRun.carryOut(run, work);

    assertThat(teacher.corpus()).isEqualTo(digest);
    assertThat(teacher.crossEntropy()).isLessThan(Math.log(Models.VOCABULARY));
    assertThat(teacher.divergence()).isNull();
    assertThat(student.teacherCrossEntropy()).isCloseTo(teacher.crossEntropy(), within(1e-4));
    assertThat(student.divergence()).isPositive();

    WorkFolder again = new WorkFolder(Files.createDirectories(folder.resolve("again")));
    again.prepare(texts());
    TrainingRun.carryOut(pretraining, again);
    assertThat(TrainingRun.carryOut(run, again).crossEntropy()).isEqualTo(student.crossEntropy());
  }

  @Test
  void textThatIsNotThereIsNamed() {
    WorkFolder work = new WorkFolder(folder.resolve("work"));
    assertThatThrownBy(() -> work.prepare(folder.resolve("nowhere")))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith("--data: ")
        .hasMessageEndingWith("tinyshakespeare/input.txt is not there");
  }

  private Path texts() throws IOException {
    Path data = folder.resolve("data");
    write(data.resolve("tinyshakespeare/input.txt"), 1);
    write(data.resolve("wikitext-2/valid.txt"), 2);
    return data;
  }

  /** Sentences of made-up words, some more frequent than others. */
  private static void write(Path file, long seed) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int sentence = 0; sentence < 4000; sentence++) {
      for (int word = 0; word < 8; word++) {
        int rank = (int) Math.exp(random.nextDouble() * Math.log(2000));
        text.append(Integer.toString(7919 * rank, 26)).append(' ');
      }
      text.append(sentence % 5 == 0 ? ".\n\n" : ".\n");
    }
    Files.writeString(file, text);
  }
}
