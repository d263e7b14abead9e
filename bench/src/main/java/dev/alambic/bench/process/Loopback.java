package dev.alambic.bench.process;

import dev.alambic.cli.local.Ports;
import java.util.List;

/** Where processes of this machine meet. */
public final class Loopback {
  private Loopback() {}

  /** Addresses, host:port, that are free now. */
  public static List<String> addresses(int count) {
    return Ports.free(count).stream().map(port -> "127.0.0.1:" + port).toList();
  }
}
