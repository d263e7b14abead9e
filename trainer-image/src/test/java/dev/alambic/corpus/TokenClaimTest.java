package dev.alambic.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenClaimTest {
  @TempDir private Path folder;
  private long now;
  private TokenClaim mine;
  private TokenClaim theirs;

  @BeforeEach
  void make() {
    Path file = folder.resolve("claim");
    mine = new TokenClaim(file, () -> now);
    theirs = new TokenClaim(file, () -> now);
  }

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void oneHasItAtATime() throws IOException {
    assertThat(mine.take()).isTrue();
    assertThat(theirs.take()).isFalse();
    mine.giveBack();
    theirs.await();
    assertThat(theirs.take()).isTrue();
    assertThat(mine.take()).isFalse();
  }

  @Test
  void itIsKeptWhileItsHolderLives() throws IOException {
    assertThat(theirs.take()).isTrue();
    for (int i = 0; i < 5; i++) {
      mine.await();
      pass(8);
      theirs.alive();
      assertThat(mine.take()).isFalse();
    }
  }

  /** Of one that was killed while it tokenised. */
  @Test
  void itIsTakenOverFromTheDead() throws IOException {
    assertThat(theirs.take()).isTrue();
    mine.await();
    pass(9);
    mine.await();
    assertThat(mine.take()).isFalse();
    pass(2);
    mine.await();
    assertThat(mine.take()).isTrue();
  }

  @Test
  void oneThatWasTakenForDeadGoesOn() throws IOException {
    assertThat(theirs.take()).isTrue();
    mine.await();
    pass(11);
    mine.await();
    pass(2);
    theirs.alive();
    theirs.giveBack();
    assertThat(mine.take()).isTrue();
  }
}
