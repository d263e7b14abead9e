package dev.alambic.bench.trainers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.Sharding;
import dev.alambic.bench.trainers.TrainOne.Result;
import dev.alambic.decoder.DecoderConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetupTest {
  private static final DecoderConfig STUDENT = Setup.student(50_000_000);

  @Test
  void theStudentHasTheSizeThatIsAskedForAndFewEmbeddings() {
    assertThat(STUDENT.parameters()).isBetween(50_000_000L, 62_000_000L);
    assertThat(STUDENT.embeddingParameters()).isLessThan(STUDENT.layerParameters());
  }

  @Test
  void oneTrainerHasNothingToShare() {
    assertThat(Setup.all(List.of(Sharding.values()), List.of(1, 2)))
        .containsExactly(
            new Setup(Sharding.None, 1, 1),
            new Setup(Sharding.None, 2, 2),
            new Setup(Sharding.Optimizer, 2, 2),
            new Setup(Sharding.Full, 2, 2));
  }

  @Test
  void ofACheckpointTheOthersHoldWhatIsSharded() {
    long parameters = STUDENT.parameters();
    assertThat(new Setup(Sharding.None, 2, 2).firstAlone(STUDENT)).isEqualTo(16 * parameters);
    assertThat(new Setup(Sharding.Full, 2, 2).firstAlone(STUDENT)).isEqualTo(4 * parameters);
  }

  @Test
  void curvesDifferByTheLargestDifference() {
    Result one = new Result(0, 0, List.of(1.0, 2.0, 3.0));
    assertThat(one.difference(one)).isZero();
    assertThat(one.difference(new Result(0, 0, List.of(1.5, 1.25, 3.0)))).isEqualTo(0.75);
  }
}
