package dev.alambic.operator.token;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/** Tokens of 256 random bits each, in characters that headers and environments have. */
public final class RandomToken implements Supplier<String> {
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  @Override
  public String get() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
