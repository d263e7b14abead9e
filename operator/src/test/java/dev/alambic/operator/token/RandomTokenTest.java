package dev.alambic.operator.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RandomTokenTest {
  @Test
  void has256BitsAndIsAnotherEachTime() {
    RandomToken tokens = new RandomToken();
    String first = tokens.get();
    assertThat(first).matches("[A-Za-z0-9_-]{43}");
    assertThat(tokens.get()).isNotEqualTo(first);
  }
}
