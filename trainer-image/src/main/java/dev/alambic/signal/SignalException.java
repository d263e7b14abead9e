package dev.alambic.signal;

import java.io.Serial;

/** A record that is no signal, or not the one asked for; the message says what and where. */
public final class SignalException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public SignalException(String message) {
    super(message);
  }
}
