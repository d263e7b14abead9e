package dev.alambic.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.api.v1alpha1.ArchitectureSpec;
import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.StudentSpec;
import dev.alambic.decoder.DecoderConfig;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentShapeTest {
  private static final int SEQUENCE = 512;

  private static DecoderConfig shape(String size, int vocabulary) throws PlanException {
    return StudentShape.of(new StudentSpec(size, null, null), null, vocabulary, SEQUENCE);
  }

  private static DecoderConfig shape(String size, ArchitectureSpec given) throws PlanException {
    return StudentShape.of(new StudentSpec(size, given, null), null, 2048, SEQUENCE);
  }

  @ParameterizedTest
  @CsvSource({
    "2.6B, 2304, 26, 8, 4, 256, 9216, 256, 2024517888",
    "9B, 3584, 42, 16, 8, 256, 14336, 256, 8324201984",
    "27B, 4608, 46, 32, 16, 128, 36864, 144, 26047480320"
  })
  void publishedSizesAreExactlyGemma2(
      String size,
      int width,
      int layers,
      int heads,
      int keyValueHeads,
      int headSize,
      int feedForward,
      double queryScale,
      long body)
      throws PlanException {
    assertThat(shape(size, 256_000))
        .isEqualTo(
            DecoderConfig.gemma2(
                256_000,
                width,
                layers,
                heads,
                keyValueHeads,
                headSize,
                feedForward,
                4096,
                8192,
                10_000,
                1e-6,
                50,
                30,
                queryScale));
    DecoderConfig shape = shape(size, 256_000);
    assertThat(shape.parameters() - shape.embeddingParameters()).isEqualTo(body);
  }

  @Test
  void theTotalOf2point6BIsThatOfThePublishedFolder() throws PlanException {
    assertThat(shape("2.6B", 256_000).parameters()).isEqualTo(2_614_341_888L);
  }

  @Test
  void publishedShapesTakeTheVocabularyOfTheTeacherAndTheWholeSequence() throws PlanException {
    DecoderConfig shape = StudentShape.of(new StudentSpec("9B", null, null), null, 32_000, 16_384);

    assertThat(shape.vocabulary().size()).isEqualTo(32_000);
    assertThat(shape.hiddenSize()).isEqualTo(3584);
    assertThat(shape.positions().contextLength()).isEqualTo(16_384);
  }

  @Test
  void anySizeTwoHundredFiftyTimesItsVocabularyHasAShapeWithinThreePercent() throws PlanException {
    Random random = new Random(1);
    for (int i = 0; i < 400; i++) {
      int vocabulary = (int) Math.round(512 * Math.pow(256_128 / 512.0, random.nextDouble()));
      double smallest = Math.max(100_000, 250.0 * vocabulary);
      long size = Math.round(smallest * Math.pow(30e9 / smallest, random.nextDouble()));

      DecoderConfig shape = shape(Long.toString(size), vocabulary);

      assertThat((double) shape.parameters() / size).as("%d", size).isBetween(0.97, 1.03);
      assertThat(shape.vocabulary().size()).isEqualTo(vocabulary);
      assertProportions(shape, size);
    }
  }

  @ParameterizedTest
  @CsvSource({"60K, 512", "100K, 1024", "400K, 2048", "2M, 2048", "278K, 512", "667K, 512"})
  void toysHaveAShape(String size, int vocabulary) throws PlanException {
    DecoderConfig shape = shape(size, vocabulary);

    assertThat((double) shape.parameters() / Count.parse(size)).isBetween(0.97, 1.03);
    assertProportions(shape, Count.parse(size));
  }

  private static void assertProportions(DecoderConfig shape, long size) {
    double ratio = (double) shape.feedForward().size() / shape.hiddenSize();
    assertThat(ratio).isBetween(2.0, 10.0);
    assertThat(shape.layers()).isBetween(2, 96);
    assertThat(shape.hiddenSize() % 16).isZero();
    assertThat(shape.attention().headSize()).isIn(16, 32, 64, 128, 256);
    double attention =
        (double) shape.attention().heads() * shape.attention().headSize() / shape.hiddenSize();
    assertThat(attention).isBetween(0.6, 1.5);
    assertThat(shape.attention().keyValueHeads())
        .isEqualTo(shape.attention().heads() == 1 ? 1 : shape.attention().heads() / 2);
    assertThat(shape.hiddenSize() % shape.attention().heads())
        .as("transformers 5 asks for it")
        .isZero();
    assertThat(shape.embeddingParameters()).isLessThanOrEqualTo((long) (0.75 * size));
    assertThat(shape.attention().queryScale()).isEqualTo(shape.attention().headSize());
  }

  @Test
  void derivedShapesGrowSmoothlyTowardsThePublishedOnes() throws PlanException {
    DecoderConfig nearly = shape("2.61B", 256_000);

    assertThat(nearly.layers()).isBetween(23, 29);
    assertThat(nearly.hiddenSize()).isBetween(2048, 2560);
  }

  @Test
  void derivedShapesSeeTheTrainingSequenceAndSlideOverHalfOfIt() throws PlanException {
    DecoderConfig shape = shape("400K", 2048);

    assertThat(shape.positions().contextLength()).isEqualTo(SEQUENCE);
    assertThat(shape.positions().slidingWindow()).isEqualTo(SEQUENCE / 2);
  }

  @Test
  void aSizeThatTheEmbeddingFillsIsRefusedWithTheNextPossibleOne() throws PlanException {
    assertThatThrownBy(() -> shape("20M", 256_000))
        .isInstanceOf(PlanException.class)
        .hasMessage(
            "spec.student.size: 20M parameters leave too little room beside the embedding of a"
                + " vocabulary of 256000; the next possible size is 44M");
    assertThat(shape("44M", 256_000).parameters()).isBetween(42_680_000L, 45_320_000L);
  }

  @ParameterizedTest
  @CsvSource({"9999", "30.1B", "999T"})
  void sizesOutOfRangeAreRefused(String size) {
    assertThatThrownBy(() -> shape(size, 2048))
        .hasMessageContaining("spec.student.size")
        .hasMessageContaining("must be from 10K to 30B parameters");
  }

  @Test
  void aVocabularyThatNoSizeHoldsIsRefused() {
    assertThatThrownBy(() -> shape("30B", Integer.MAX_VALUE))
        .hasMessageContaining("no larger size fits either");
  }

  @Test
  void givenFieldsAreKeptAndTheRestMakesUpTheSize() throws PlanException {
    DecoderConfig shape =
        shape("400K", new ArchitectureSpec(64, 4, null, null, null, null, null, 100, 1024));

    assertThat(shape.hiddenSize()).isEqualTo(64);
    assertThat(shape.layers()).isEqualTo(4);
    assertThat(shape.positions().slidingWindow()).isEqualTo(100);
    assertThat(shape.positions().contextLength()).isEqualTo(1024);
    assertThat(shape.parameters()).isBetween(388_000L, 412_000L);
  }

  @Test
  void aPublishedShapeWithOneFieldGivenKeepsTheOthers() throws PlanException {
    DecoderConfig shape =
        StudentShape.of(
            new StudentSpec(
                "2.6B",
                new ArchitectureSpec(null, 24, null, null, null, null, null, null, null),
                null),
            null,
            256_000,
            SEQUENCE);

    assertThat(shape.layers()).isEqualTo(24);
    assertThat(shape.hiddenSize()).isEqualTo(2304);
    assertThat(shape.feedForward().size()).isEqualTo(9216);
  }

  @Test
  void aShapeNeedsNoSizeIfWidthAndDepthAreGiven() throws PlanException {
    DecoderConfig shape =
        shape(null, new ArchitectureSpec(64, 3, null, null, null, null, null, null, null));

    assertThat(shape.layers()).isEqualTo(3);
    assertThat(shape.feedForward().size()).isEqualTo(256);
    assertThatThrownBy(() -> shape(null, 2048))
        .hasMessageContaining("spec.student.size: is missing");
  }

  @Test
  void fieldsThatContradictEachOtherAreRefused() {
    assertThatThrownBy(
            () ->
                shape("2.6B", new ArchitectureSpec(null, null, 6, 4, null, null, null, null, null)))
        .hasMessage(
            "spec.student.architecture: heads: 6 must be a positive multiple of keyValueHeads (4)");
    assertThatThrownBy(
            () ->
                shape(
                    "400K", new ArchitectureSpec(0, -1, null, null, null, null, null, null, null)))
        .hasMessage(
            "spec.student.architecture.hiddenSize: 0 must be positive\n"
                + "spec.student.architecture.layers: -1 must be positive");
    assertThatThrownBy(
            () ->
                shape(
                    "400K",
                    new ArchitectureSpec(null, null, null, null, null, null, null, null, 256)))
        .hasMessageContaining("contextLength: 256 is shorter than a training sequence of 512");
  }
}
