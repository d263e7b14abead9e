package dev.alambic.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FuzzTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder;

  /** Few inputs of each: the command tries many. */
  @Test
  void noParserCrashes() throws Exception {
    try (Targets targets = new Targets(folder)) {
      for (Target target : targets.all()) {
        Tally tally = new Trial(target, 7, LIMIT).run(60 / target.share() + 2);
        assertThat(tally.crashes).as(target.name()).isEmpty();
        assertThat(tally.accepted()).as(target.name() + ": its seed is sound").isPositive();
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameInputs() {
    assertThat(mutator(1).next()).isEqualTo(mutator(1).next());
    Mutator many = mutator(2);
    for (int i = 0; i < 2_000; i++) {
      assertThat(many.next()).hasSizeLessThanOrEqualTo(Mutator.MOST_BYTES);
    }
  }

  private static Mutator mutator(long seed) {
    return new Mutator(
        List.of(Seeds.text("{\"a\": 12}")), List.of("null"), new SplittableRandom(seed));
  }

  @Test
  void whatIsNotDocumentedIsACrash() throws Exception {
    assertThat(crash(new NullPointerException("x")))
        .startsWith("java.lang.NullPointerException: x at ");
    assertThat(crash(new StackOverflowError())).startsWith("java.lang.StackOverflowError");
    assertThat(crash(new IllegalArgumentException(" "))).startsWith("a refusal without a reason");
    assertThat(crash(new IllegalArgumentException("a".repeat(2001))))
        .isEqualTo("a refusal of 2001 characters");
    assertThat(crash(new IllegalArgumentException("a\nb")))
        .isEqualTo("a refusal with control characters: a?b");
  }

  @Test
  void aParserThatHangsIsGivenUp() throws Exception {
    Target hanging = target(in -> Thread.sleep(60_000));
    Tally tally = new Trial(hanging, 1, Duration.ofMillis(30)).run(2);
    assertThat(tally.crashes).hasSize(2);
    assertThat(tally.crashes.get(0).crash()).startsWith("takes over 0 s in ");
  }

  private static String crash(Throwable thrown) throws Exception {
    Target target =
        target(
            in -> {
              if (thrown instanceof Error error) {
                throw error;
              }
              throw (Exception) thrown;
            });
    return new Trial(target, 1, LIMIT).run(1).crashes.get(0).crash();
  }

  private static Target target(Target.Reader reader) {
    return Target.of(
        "test", List.of(Seeds.text("x")), List.of("y"), IllegalArgumentException.class, reader);
  }
}
