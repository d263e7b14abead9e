package dev.alambic.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
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
    assertThat(
            crash(
                in -> {
                  throw new NullPointerException("x");
                }))
        .startsWith("java.lang.NullPointerException: x at ");
    assertThat(crash(in -> descend(0))).startsWith("java.lang.StackOverflowError");
    assertThat(
            crash(
                in -> {
                  throw new RunException(ExitCode.DATA, " ");
                }))
        .startsWith("a refusal without a reason");
    assertThat(
            crash(
                in -> {
                  throw new RunException(ExitCode.DATA, "a\nb");
                }))
        .isEqualTo("a refusal with control characters: a?b");
  }

  @Test
  void aParserThatHangsIsGivenUp() throws Exception {
    Target hanging = target(in -> Thread.sleep(60_000));
    Tally tally = new Trial(hanging, 1, Duration.ofMillis(30)).run(2);
    assertThat(tally.crashes).hasSize(2);
    assertThat(tally.crashes.get(0).crash()).startsWith("takes over 0 s in ");
  }

  private static int descend(int depth) {
    return depth < 0 ? 0 : descend(depth + 1) + 1;
  }

  private static String crash(Target.Reader reader) throws Exception {
    return new Trial(target(reader), 1, LIMIT).run(1).crashes.get(0).crash();
  }

  private static Target target(Target.Reader reader) {
    return Target.of("test", List.of(Seeds.text("x")), List.of("y"), RunException.class, reader);
  }
}
