package dev.alambic.bench.report;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Numbers of tables. */
public final class Numbers {
  private Numbers() {}

  /** The arithmetic mean. */
  public static double mean(double... values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /** The sample standard deviation (n - 1); NaN for fewer than two values. */
  public static double deviation(double... values) {
    if (values.length < 2) {
      return Double.NaN;
    }
    double mean = mean(values);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }

  /** The median: of an even count, the mean of the middle two. */
  public static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The median of a number that each of these has. */
  public static <T> double median(Collection<T> all, ToDoubleFunction<T> number) {
    return median(all.stream().mapToDouble(number).toArray());
  }

  /** By a format such as {@code %.2f}, whatever the machine's language; NaN is a dash. */
  static String text(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  /** Fixed decimals. */
  public static String decimal(int places, double value) {
    return text("%." + places + "f", value);
  }

  /** The same with its sign. */
  public static String signed(int places, double value) {
    return text("%+." + places + "f", value);
  }

  /** The mean and the sample standard deviation. */
  public static String spread(int places, double... values) {
    return decimal(places, mean(values)) + " ± " + decimal(places, deviation(values));
  }

  /** A count as people say it: 272K, 1.64M. */
  public static String count(long value) {
    if (value >= 1_000_000) {
      return decimal(value >= 10_000_000 ? 1 : 2, value / 1e6) + "M";
    }
    return value >= 1_000 ? decimal(0, value / 1e3) + "K" : Long.toString(value);
  }
}
