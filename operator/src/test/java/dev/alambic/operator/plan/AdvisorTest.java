package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.plan.Advice.Code;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdvisorTest {
  private static final Facts BIG_GPU = Specs.gemma(Device.gpu(1_000_000_000_000L, 8));

  private static List<Code> codes(Facts facts, String... fields) {
    return Specs.plan(facts, fields).advice().stream().map(Advice::code).toList();
  }

  private static String message(Code code, Facts facts, String... fields) {
    return Specs.plan(facts, fields).advice().stream()
        .filter(advice -> advice.code() == code)
        .map(Advice::message)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void thePublishedBudgetOfThePublishedStudentNeedsNoAdvice() {
    assertThat(
            codes(
                BIG_GPU,
                "student: {size: 2.6B}",
                "tokenBudget: 2T",
                "data: {validationUri: file:///held-out}"))
        .isEmpty();
  }

  @Test
  void aBudgetBeyondSaturationIsNamedWithWhereTheNumberComesFrom() {
    assertThat(
            message(
                Code.BudgetBeyondSaturation, BIG_GPU, "student: {size: 2.6B}", "tokenBudget: 4T"))
        .isEqualTo(
            "a 2.6B student is expected to saturate near 2T tokens (by the Gemma team's statement"
                + " in an interview: 2T at 2.6B, 8T at 9B, 13T at 27B), and near 2.17T, 154B to"
                + " 8.12T, by the token term of the scaling law of arXiv 2404.10102 at a quarter of"
                + " its size term; of the budget of 4T the rest may bring little");
    assertThat(codes(BIG_GPU, "student: {size: 9B}", "tokenBudget: 8T"))
        .doesNotContain(Code.BudgetBeyondSaturation);
  }

  @Test
  void aBudgetUnderTwentyTokensPerParameterIsSmall() {
    assertThat(codes(Specs.toy(), "tokenBudget: 3M")).contains(Code.FewTokensPerParameter);
    assertThat(codes(Specs.toy(), "tokenBudget: 10M")).doesNotContain(Code.FewTokensPerParameter);
  }

  @Test
  void aStudentShouldBeSmallerThanItsTeacher() {
    assertThat(codes(Specs.toy(), "student: {size: 4M}")).contains(Code.StudentNotSmaller);
    assertThat(codes(Specs.toy(), "student: {size: 2M}")).doesNotContain(Code.StudentNotSmaller);
    assertThat(codes(Facts.of(Device.cpu(1)), "student: {size: 400M}"))
        .doesNotContain(Code.StudentNotSmaller);
  }

  @Test
  void aPublishedNameWithASmallVocabularyHasFewerParameters() {
    Facts llama = Facts.of(new Facts.Teacher(null, 32_000, 8192), Device.unknownGpu(8));

    assertThat(message(Code.SizeDiffers, llama, "student: {size: 2.6B}", "tokenBudget: 2T"))
        .isEqualTo(
            "the student has 2.1B parameters, not 2.6B: it is Gemma 2's shape of that name with a"
                + " vocabulary of 32000");
  }

  @Test
  void aGuessedVocabularyIsSaid() {
    assertThat(codes(Facts.of(Device.cpu(1)), "student: {size: 400M}"))
        .contains(Code.VocabularyAssumed);
  }

  @Test
  void aStudentThatDoesNotFitItsGpuIsSaid() {
    Facts small = Specs.gemma(Device.gpu(24_000_000_000L, 8));

    assertThat(message(Code.MemoryExceeded, small, "student: {size: 2.6B}", "tokenBudget: 2T"))
        .contains("the device has 24B")
        .endsWith("or share it: spec.trainer.sharding Full, and several spec.trainer.replicas");
    String shared = "trainer: {replicas: 2, sharding: Full}";
    assertThat(
            message(Code.MemoryExceeded, small, "student: {size: 9B}", "tokenBudget: 2T", shared))
        .endsWith("or share it among more spec.trainer.replicas");
    assertThat(codes(small, "student: {size: 400M}")).doesNotContain(Code.MemoryExceeded);
  }

  @Test
  void unusualSequencesAndBatchesAreSaid() {
    assertThat(codes(Specs.toy(), "training: {sequenceLength: 32}"))
        .contains(Code.SequenceLengthUnusual);
    assertThat(codes(Specs.toy(), "training: {batchTokens: 4M}")).contains(Code.BatchOverBudget);
    assertThat(codes(Specs.toy())).doesNotContain(Code.SequenceLengthUnusual, Code.BatchOverBudget);
  }

  @Test
  void aLongRunShouldNameItsHeldOutSet() {
    assertThat(codes(Specs.toy(), "tokenBudget: 1B")).contains(Code.HeldOutFromCorpus);
    assertThat(codes(Specs.toy(), "tokenBudget: 3M")).doesNotContain(Code.HeldOutFromCorpus);
  }

  @Test
  void aDenseSignalOverALargeVocabularyIsLarge() {
    assertThat(codes(BIG_GPU, "student: {size: 2.6B}", "signal: {encoding: Dense}"))
        .contains(Code.SignalLarge);
    assertThat(codes(Specs.toy(), "signal: {encoding: Dense}")).doesNotContain(Code.SignalLarge);
  }
}
