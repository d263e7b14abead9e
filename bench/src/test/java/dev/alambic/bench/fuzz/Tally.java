package dev.alambic.bench.fuzz;

import java.util.ArrayList;
import java.util.List;

/** What one parser made of all its inputs. Used by one thread. */
final class Tally {
  final String parser;
  final List<Attempt> crashes = new ArrayList<>();
  int inputs;
  int refused;
  Attempt slowest = new Attempt(0, new byte[0], null, null, 0, 0);
  Attempt hungriest = slowest;

  /** Most bytes of heap in use at a time, those of seeds and of other parsers' classes included. */
  long peakHeapBytes;

  /**
   * One input.
   *
   * @param thrown by the parser, or null
   * @param crash why that is a crash, or null
   * @param nanos that the parser took
   * @param bytes that its thread allocated in all
   */
  record Attempt(
      int number, byte[] input, Throwable thrown, String crash, long nanos, long bytes) {}

  Tally(String parser) {
    this.parser = parser;
  }

  void count(Attempt attempt) {
    inputs++;
    slowest = attempt.nanos > slowest.nanos ? attempt : slowest;
    hungriest = attempt.bytes > hungriest.bytes ? attempt : hungriest;
    if (attempt.crash != null) {
      crashes.add(attempt);
    } else if (attempt.thrown != null) {
      refused++;
    }
  }

  int accepted() {
    return inputs - refused - crashes.size();
  }
}
