package dev.alambic.bench.collectives;

import ai.djl.ndarray.NDArray;
import dev.alambic.parallel.Collectives;

/** What is measured. */
enum Operation {
  ALL_REDUCE("all-reduce", 2) {
    @Override
    void call(Collectives collectives, NDArray whole, NDArray part) {
      collectives.allReduce(whole);
    }
  },
  REDUCE_SCATTER("reduce-scatter", 1) {
    @Override
    void call(Collectives collectives, NDArray whole, NDArray part) {
      collectives.reduceScatter(whole, part);
    }
  },
  ALL_GATHER("all-gather", 1) {
    @Override
    void call(Collectives collectives, NDArray whole, NDArray part) {
      collectives.allGather(part, whole);
    }
  };

  private final String label;
  private final int passes;

  Operation(String label, int passes) {
    this.label = label;
    this.passes = passes;
  }

  String label() {
    return label;
  }

  /** What each process sends, and receives, of an array: nccl-tests' factor of bus bandwidth. */
  double busFactor(int processes) {
    return passes * (processes - 1.0) / processes;
  }

  /**
   * One call.
   *
   * @param whole float32, all of the array
   * @param part this process's segment
   */
  abstract void call(Collectives collectives, NDArray whole, NDArray part);
}
