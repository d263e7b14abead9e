package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.run.RunSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchTest {

  @ParameterizedTest
  @CsvSource({
    // budget, batch tokens, sequence length, steps
    "3M, 1024, 128, 2930",
    "20M, 8192, 512, 2442",
    "1B, 65536, 8192, 15259",
    "20B, 524288, 8192, 38147",
    "2T, 4194304, 8192, 476838",
    "13T, 4194304, 8192, 3099442"
  })
  void theDefaultBatchGrowsWithTheBudget(String budget, long tokens, int sequence, long steps) {
    int context = sequence <= 512 ? 512 : 8192;
    Facts facts = Facts.of(new Facts.Teacher(null, 2048, context), Device.cpu(2));
    RunSpec.Training training = Specs.plan(facts, "tokenBudget: " + budget).training();

    assertThat(training.batchTokens()).isEqualTo(tokens);
    assertThat(training.sequenceLength()).isEqualTo(sequence);
    assertThat(training.steps()).isEqualTo(steps);
  }

  @Test
  void theStepsSpendTheWholeBudgetAndNoMoreThanABatchBeyond() {
    for (long budget = 1; budget < 4_000_000_000_000L; budget = budget * 3 + 1) {
      RunSpec.Training training =
          Specs.plan(Specs.toy(), "tokenBudget: \"" + budget + "\"").training();
      long spent = training.steps() * training.batchTokens();
      assertThat(spent - budget).isBetween(0L, training.batchTokens() - 1);
    }
  }

  @Test
  void batchTokensAreRoundedDownToWholeSequences() {
    RunSpec.Training training =
        Specs.plan(Specs.toy(), "training: {sequenceLength: 300, batchTokens: 1M}").training();

    assertThat(training.batchSequences()).isEqualTo(3333);
  }

  @Test
  void aLongSequenceMakesTheDefaultBatchHoldAtLeastOne() {
    Facts facts = Facts.of(new Facts.Teacher(null, 2048, 8192), Device.cpu(2));
    RunSpec.Training training =
        Specs.plan(facts, "training: {sequenceLength: 8192}", "tokenBudget: 3M").training();

    assertThat(training.batchSequences()).isEqualTo(1);
  }

  @Test
  void theDefaultSequenceIsNoLongerThanTheTeachersContext() {
    Facts facts = Facts.of(new Facts.Teacher(null, 2048, 100), Device.cpu(2));

    assertThat(Specs.plan(facts).training().sequenceLength()).isEqualTo(100);
  }
}
