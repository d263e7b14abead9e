package dev.alambic.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.alambic.decoder.DecoderConfig;
import dev.alambic.decoder.Family;
import dev.alambic.model.Decoder;
import dev.alambic.model.KeyValueCache;
import dev.alambic.model.TestDecoders;
import dev.alambic.model.reference.TestModels;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GenerationTest {
  /** Windows of five tokens, sequences of up to a hundred. */
  private static DecoderConfig shape(Family family) {
    return TestModels.family(family, 5, 3);
  }

  private static Decoder decoder(Family family) {
    return TestDecoders.of(TestModels.random(shape(family), 7));
  }

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  /** Two sequences of different lengths in one cache, each as if it were alone and read whole. */
  @ParameterizedTest
  @EnumSource
  void cachedLogitsAreTheUncachedOnes(Family family) {
    try (Decoder decoder = decoder(family);
        NDManager scope = decoder.manager().newSubManager()) {
      int[] first = TestModels.tokens(decoder.config(), 30, 1);
      int[] second = TestModels.tokens(decoder.config(), 26, 2);
      try (KeyValueCache cache = decoder.cache(new int[] {7, 3}, 23)) {
        float[] a = last(decoder, scope, decoder.prefill(scope, ids(scope, first, 7), cache, 0));
        float[] b = last(decoder, scope, decoder.prefill(scope, ids(scope, second, 3), cache, 1));
        assertSame(a, uncached(decoder, scope, first, 7));
        assertSame(b, uncached(decoder, scope, second, 3));
        for (int i = 0; i < 23; i++) {
          NDArray next = scope.create(new long[] {first[7 + i], second[3 + i]}, new Shape(2, 1));
          NDArray hidden = decoder.step(scope, next, cache).reshape(2, -1);
          float[] logits = decoder.logits(scope, hidden).toFloatArray();
          int width = decoder.config().vocabulary().size();
          assertSame(Arrays.copyOf(logits, width), uncached(decoder, scope, first, 8 + i));
          assertSame(
              Arrays.copyOfRange(logits, width, 2 * width),
              uncached(decoder, scope, second, 4 + i));
        }
        assertThatThrownBy(() -> decoder.step(scope, ids(scope, first, 1), cache))
            .hasMessage("the cache is full: 30 tokens");
      }
    }
  }

  /** Within 1e-5 of the largest logit: another order of the same sums. */
  private static void assertSame(float[] cached, float[] uncached) {
    float largest = 0;
    for (float logit : uncached) {
      largest = Math.max(largest, Math.abs(logit));
    }
    assertThat(cached).containsExactly(uncached, within(1e-5f * largest));
  }

  @ParameterizedTest
  @EnumSource
  void greedyIsTheLikeliestOfAWholeReadingFor64Steps(Family family) {
    try (Decoder decoder = decoder(family);
        NDManager scope = decoder.manager().newSubManager()) {
      int[] prompt = TestModels.tokens(decoder.config(), 6, 3);
      Generated generated =
          new Generation(decoder, Sampling.GREEDY, 64, Set.of())
              .run(List.of(prompt), TokenListener.NONE)
              .get(0);
      assertThat(generated.tokens()).hasSize(64);
      assertThat(generated.ended()).isFalse();
      int[] text = Arrays.copyOf(prompt, 70);
      for (int i = 0; i < 64; i++) {
        float[] logits = uncached(decoder, scope, text, 6 + i);
        Sampler.Choice choice = Sampler.choose(logits, Sampling.GREEDY, 0);
        assertThat(generated.tokens()[i]).as("step %d", i).isEqualTo(choice.token());
        assertThat(generated.logProbabilities()[i])
            .isCloseTo(choice.logProbability(), within(1e-5));
        text[6 + i] = choice.token();
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameTextAndAnotherAnother() {
    try (Decoder decoder = decoder(Family.Gemma2)) {
      List<int[]> prompts = prompts(decoder);
      List<Generated> first = run(decoder, prompts, 5);
      List<Generated> again = run(decoder, prompts, 5);
      List<Generated> other = run(decoder, prompts, 6);
      for (int i = 0; i < 3; i++) {
        assertThat(again.get(i).tokens()).isEqualTo(first.get(i).tokens());
        assertThat(other.get(i).tokens()).isNotEqualTo(first.get(i).tokens());
      }
      // Alone or beside others: the first sequence says the same.
      assertThat(run(decoder, prompts.subList(0, 1), 5).get(0).tokens())
          .isEqualTo(first.get(0).tokens());
    }
  }

  private static List<Generated> run(Decoder decoder, List<int[]> prompts, long seed) {
    return new Generation(decoder, new Sampling(0.8, 0.9, seed), 20, Set.of())
        .run(prompts, TokenListener.NONE);
  }

  private static List<int[]> prompts(Decoder decoder) {
    return List.of(
        TestModels.tokens(decoder.config(), 4, 1),
        TestModels.tokens(decoder.config(), 9, 2),
        TestModels.tokens(decoder.config(), 1, 3));
  }

  /** Each ends at its own end token, and the others go on as if nothing had happened. */
  @Test
  void sequencesEndEachInItsTime() {
    try (Decoder decoder = decoder(Family.Llama)) {
      List<int[]> prompts = prompts(decoder);
      List<Generated> endless = run(decoder, prompts, 5);
      int end = endless.get(1).tokens()[4];
      List<List<Integer>> heard = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      List<Generated> ended =
          new Generation(decoder, new Sampling(0.8, 0.9, 5), 20, Set.of(end))
              .run(prompts, (sequence, token) -> heard.get(sequence).add(token));
      for (int i = 0; i < 3; i++) {
        int[] whole = endless.get(i).tokens();
        int length = 1;
        while (length < 20 && whole[length - 1] != end) {
          length++;
        }
        assertThat(ended.get(i).tokens()).isEqualTo(Arrays.copyOf(whole, length));
        assertThat(ended.get(i).ended()).isEqualTo(whole[length - 1] == end);
        assertThat(heard.get(i)).containsExactlyElementsOf(boxed(ended.get(i).tokens()));
      }
      assertThat(ended.get(1).ended()).isTrue();
    }
  }

  private static List<Integer> boxed(int[] tokens) {
    return Arrays.stream(tokens).boxed().toList();
  }

  @Test
  void whatDoesNotFitTheContextIsRefused() {
    try (Decoder decoder = decoder(Family.Qwen3)) {
      int context = decoder.config().positions().contextLength();
      Generation generation = new Generation(decoder, Sampling.GREEDY, context, Set.of());
      assertThatThrownBy(() -> generation.run(List.of(new int[] {1, 2}), TokenListener.NONE))
          .hasMessage(
              "a prompt of 2 tokens and %d new ones are more than the model's context of %d",
              context, context);
      assertThatThrownBy(() -> generation.run(List.of(new int[0]), TokenListener.NONE))
          .hasMessageStartingWith("the prompt is empty");
    }
  }

  private static NDArray ids(NDManager scope, int[] tokens, int length) {
    return Decoder.ids(scope, List.of(tokens), length);
  }

  private static float[] uncached(Decoder decoder, NDManager scope, int[] tokens, int length) {
    return last(decoder, scope, decoder.hidden(scope, ids(scope, tokens, length)));
  }

  private static float[] last(Decoder decoder, NDManager scope, NDArray hidden) {
    long time = hidden.getShape().get(1);
    NDArray row = hidden.reshape(time, -1).get(new NDIndex("{}:", time - 1));
    return decoder.logits(scope, row).toFloatArray();
  }
}
