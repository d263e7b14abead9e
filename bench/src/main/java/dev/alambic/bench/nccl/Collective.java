package dev.alambic.bench.nccl;

import static dev.alambic.parallel.Cuda.DEFAULT_STREAM;

import dev.alambic.parallel.NcclCommunicator;

/** What is measured. */
public enum Collective {
  ALL_REDUCE("all-reduce", 2, false) {
    @Override
    void call(NcclCommunicator communicator, long whole, long part, long count) {
      communicator.allReduce(whole, count, DEFAULT_STREAM);
    }
  },
  REDUCE_SCATTER("reduce-scatter", 1, true) {
    @Override
    void call(NcclCommunicator communicator, long whole, long part, long count) {
      communicator.reduceScatter(whole, part, count, DEFAULT_STREAM);
    }
  },
  ALL_GATHER("all-gather", 1, true) {
    @Override
    void call(NcclCommunicator communicator, long whole, long part, long count) {
      communicator.allGather(part, whole, count, DEFAULT_STREAM);
    }
  },
  BROADCAST("broadcast", 0, false) {
    @Override
    void call(NcclCommunicator communicator, long whole, long part, long count) {
      communicator.broadcast(whole, count, communicator.world().size() - 1, DEFAULT_STREAM);
    }
  };

  private final String label;
  private final int passes;
  private final boolean segmented;

  Collective(String label, int passes, boolean segmented) {
    this.label = label;
    this.passes = passes;
    this.segmented = segmented;
  }

  public String label() {
    return label;
  }

  /** Whether segments may be of unequal length, which takes other calls. */
  boolean segmented() {
    return segmented;
  }

  /**
   * What each link carries of an array, by the algorithm that moves the least: nccl-tests' factor
   * of bus bandwidth. It makes numbers of different sizes, and of different collectives,
   * comparable.
   */
  public double busFactor(int size) {
    return passes == 0 ? 1 : passes * (size - 1.0) / size;
  }

  abstract void call(NcclCommunicator communicator, long whole, long part, long count);
}
