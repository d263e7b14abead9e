package dev.alambic.bench.fuzz;

import java.util.ArrayList;
import java.util.List;

/** What one parser made of all its inputs. Used by one thread. */
final class Tally {
  private final String parser;
  private final List<Failure> crashes = new ArrayList<>();
  private int inputs;
  private int accepted;
  private int refused;
  private byte[] slowest = {};
  private byte[] hungriest = {};
  private long slowestNanos;
  private long mostBytes;
  private long peakHeapBytes;

  /** An input that crashed the parser. */
  record Failure(int number, byte[] input, String reason) {}

  Tally(String parser) {
    this.parser = parser;
  }

  /**
   * Counts an input.
   *
   * @param nanos that it took
   * @param bytes that its thread allocated
   */
  void count(byte[] input, Verdict verdict, long nanos, long bytes) {
    if (nanos > slowestNanos) {
      slowestNanos = nanos;
      slowest = input;
    }
    if (bytes > mostBytes) {
      mostBytes = bytes;
      hungriest = input;
    }
    if (verdict instanceof Verdict.Crash crash) {
      crashes.add(new Failure(inputs, input, crash.reason()));
    } else if (verdict instanceof Verdict.Refused) {
      refused++;
    } else {
      accepted++;
    }
    inputs++;
  }

  void peakHeap(long bytes) {
    peakHeapBytes = bytes;
  }

  String parser() {
    return parser;
  }

  int inputs() {
    return inputs;
  }

  int accepted() {
    return accepted;
  }

  int refused() {
    return refused;
  }

  List<Failure> crashes() {
    return crashes;
  }

  /** The input that took longest. */
  byte[] slowest() {
    return slowest;
  }

  /** The input whose thread allocated most. */
  byte[] hungriest() {
    return hungriest;
  }

  long slowestNanos() {
    return slowestNanos;
  }

  /** Most bytes that one input's thread allocated in all. */
  long mostBytes() {
    return mostBytes;
  }

  /** Most bytes of heap in use at a time, those of seeds and of other parsers' classes included. */
  long peakHeapBytes() {
    return peakHeapBytes;
  }
}
