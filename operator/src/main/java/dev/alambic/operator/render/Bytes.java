package dev.alambic.operator.render;

import io.fabric8.kubernetes.api.model.Quantity;

/** Amounts of bytes in Kubernetes' canonical form: the largest binary unit that leaves it whole. */
final class Bytes {
  static final long MI = 1L << 20;
  static final long GI = 1L << 30;

  private static final String[] UNITS = {"", "Ki", "Mi", "Gi", "Ti", "Pi"};

  private Bytes() {}

  /** A number of bytes, rounded up to whole units. */
  static Quantity roundedUp(long bytes, long unit) {
    long whole = (bytes + unit - 1) / unit * unit;
    int power = 0;
    while (power < UNITS.length - 1 && whole % 1024 == 0 && whole > 0) {
      whole /= 1024;
      power++;
    }
    return new Quantity(String.valueOf(whole), UNITS[power]);
  }
}
