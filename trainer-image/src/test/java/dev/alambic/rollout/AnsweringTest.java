package dev.alambic.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.alambic.decoder.Family;
import dev.alambic.generate.Sampler;
import dev.alambic.generate.Sampling;
import dev.alambic.model.Decoder;
import dev.alambic.model.TestDecoders;
import dev.alambic.model.reference.TestModels;
import dev.alambic.signal.Draws;
import dev.alambic.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnsweringTest {
  private static final Sampling SAMPLING = new Sampling(0.9, 1, 5);
  private static final int NEW_TOKENS = 24;
  private static final int LONGEST = 40;

  @BeforeAll
  static void startEngine() {
    Torch.start(1);
  }

  /** Windows of five tokens, so that rings go round many times. */
  private static Decoder decoder(Family family) {
    return TestDecoders.of(TestModels.random(TestModels.family(family, 5, 3), 7));
  }

  /** Prompts of one to twelve tokens. */
  private static List<Question> questions(Decoder decoder, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Question(
                    i, 100 + i, TestModels.tokens(decoder.config(), 1 + i * 7 % 12, i), null))
        .toList();
  }

  /** Some end tokens, so that answers have very different lengths. */
  private static Answering answering(Decoder decoder, Sampling sampling, int slots) {
    return new Answering(decoder, sampling, NEW_TOKENS, LONGEST, Set.of(1, 2, 3), slots);
  }

  /** Rows that come and go say what each would say alone, and what the plain reading says. */
  @ParameterizedTest
  @EnumSource
  void aFullBatchAnswersAsOneByOne(Family family) throws InterruptedException {
    try (Decoder decoder = decoder(family)) {
      List<Question> questions = questions(decoder, 17);
      List<Answer> together = answering(decoder, SAMPLING, 4).all(questions.iterator());
      assertThat(together.stream().map(Answer::number))
          .containsExactlyElementsOf(questions.stream().map(Question::number).toList());
      assertThat(together.stream().map(Answer::length).distinct().count()).isGreaterThan(3);
      for (int i = 0; i < questions.size(); i++) {
        Question question = questions.get(i);
        Answer alone = answering(decoder, SAMPLING, 1).all(List.of(question).iterator()).get(0);
        assertThat(together.get(i).tokens()).as("answer %d", i).isEqualTo(alone.tokens());
        assertThat(together.get(i).logProbabilities())
            .containsExactly(alone.logProbabilities(), within(1e-4f));
        requireAsRead(decoder, question, alone);
      }
    }
  }

  /** The reference: all read again for each token, and chosen in double precision. */
  private static void requireAsRead(Decoder decoder, Question question, Answer answer) {
    int[] text = answer.sequence();
    for (int i = 0; i < answer.length(); i++) {
      double uniform = Draws.uniforms(SAMPLING.seed(), question.key(), i, 1)[0];
      float[] logits = logits(decoder, text, question.prompt().length + i);
      Sampler.Choice choice = Sampler.choose(logits, SAMPLING, uniform);
      assertThat(answer.tokens()[i]).isEqualTo(choice.token());
      assertThat((double) answer.logProbabilities()[i])
          .isCloseTo(choice.logProbability(), within(1e-4));
    }
  }

  private static float[] logits(Decoder decoder, int[] text, int length) {
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray ids = Decoder.ids(scope, List.of(text), length);
      NDArray rows = decoder.hidden(scope, ids).reshape(length, -1);
      return decoder.logits(scope, rows.get(new NDIndex("{}:", length - 1))).toFloatArray();
    }
  }

  @Test
  void answersHaveExactlyTheTokensAskedForAndAreToldInOrder() throws InterruptedException {
    try (Decoder decoder = decoder(Family.Gemma2)) {
      List<Answer> all = answering(decoder, SAMPLING, 4).all(questions(decoder, 17).iterator());
      List<Answer> told = new ArrayList<>();
      List<Answer> some =
          answering(decoder, SAMPLING, 4)
              .answer(questions(decoder, 1000).iterator(), 50, told::add);
      assertThat(told).isEqualTo(some);
      assertThat(some.stream().mapToInt(Answer::length).sum()).isEqualTo(50);
      for (int i = 0; i < some.size(); i++) {
        int[] whole = all.get(i).tokens();
        assertThat(some.get(i).tokens())
            .isEqualTo(Arrays.copyOf(whole, Math.min(whole.length, some.get(i).length())));
      }
    }
  }

  @Test
  void theDatasOwnAnswersStandBetweenTheStudents() throws InterruptedException {
    try (Decoder decoder = decoder(Family.Qwen3)) {
      List<Question> questions = new ArrayList<>(questions(decoder, 6));
      List<Answer> own = answering(decoder, SAMPLING, 2).all(questions.iterator());
      int[] given = IntStream.range(4, 44).map(i -> i % 8 + 4).toArray();
      questions.set(2, new Question(2, 0, questions.get(2).prompt(), given));
      List<Answer> mixed = answering(decoder, SAMPLING, 2).all(questions.iterator());
      assertThat(mixed.get(2).tokens()).isEqualTo(Arrays.copyOf(given, NEW_TOKENS));
      assertThat(mixed.get(2).logProbabilities()).isNull();
      for (int i : new int[] {0, 1, 3, 4, 5}) {
        assertThat(mixed.get(i).tokens()).isEqualTo(own.get(i).tokens());
      }
    }
  }

  @Test
  void logitsThatAreNotFiniteAreRefused() {
    try (Decoder decoder = decoder(Family.Llama)) {
      decoder.parameters().norm().muli(Float.NaN);
      assertThatThrownBy(
              () -> answering(decoder, SAMPLING, 2).all(questions(decoder, 2).iterator()))
          .hasMessageStartingWith("a logit of the student is not finite");
    }
  }
}
