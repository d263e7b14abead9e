package dev.alambic.run;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses written short, as Slurm writes host lists: {@code trainer-[0-2].svc:[9091-9092]} stands
 * for six. The last range changes fastest. A job of a thousand pods would fill a ConfigMap
 * otherwise, which holds 1 MiB.
 */
final class AddressRanges {
  /** More than any job has. */
  private static final long MOST = 1 << 20;

  private static final Pattern RANGE = Pattern.compile("\\[(\\d{1,9})-(\\d{1,9})]");

  private AddressRanges() {}

  /**
   * How many addresses these stand for.
   *
   * @throws RunException USAGE for a range that goes down, or too many addresses
   */
  static int count(List<String> addresses) {
    long all = 0;
    for (String address : addresses) {
      long product = 1;
      Matcher range = RANGE.matcher(address);
      while (range.find()) {
        product *= 1 + last(range) - first(range);
        require(product > 0 && product <= MOST, address);
      }
      all += product;
      require(all <= MOST, address);
    }
    return (int) all;
  }

  /** Each of them. */
  static List<String> each(List<String> addresses) {
    List<String> each = new ArrayList<>(count(addresses));
    addresses.forEach(address -> expand(address, each));
    return List.copyOf(each);
  }

  private static void expand(String address, List<String> into) {
    Matcher range = RANGE.matcher(address);
    if (!range.find()) {
      into.add(address);
      return;
    }
    for (long number = first(range); number <= last(range); number++) {
      String head = address.substring(0, range.start()) + number;
      List<String> tails = new ArrayList<>();
      expand(address.substring(range.end()), tails);
      tails.forEach(tail -> into.add(head + tail));
    }
  }

  private static long first(Matcher range) {
    return Long.parseLong(range.group(1));
  }

  private static long last(Matcher range) {
    return Long.parseLong(range.group(2));
  }

  private static void require(boolean holds, String address) {
    if (!holds) {
      throw new RunException(
          ExitCode.USAGE,
          "trainers.addresses: %s stands for no address, or for more than %d"
              .formatted(address, MOST));
    }
  }
}
