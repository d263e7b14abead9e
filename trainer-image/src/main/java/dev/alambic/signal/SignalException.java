package dev.alambic.signal;

import java.io.Serial;

/** A record that is not a signal, or not the requested one; the message names what and where. */
public final class SignalException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public SignalException(String message) {
    super(message);
  }
}
