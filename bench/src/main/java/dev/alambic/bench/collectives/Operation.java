package dev.alambic.bench.collectives;

import ai.djl.ndarray.NDArray;
import dev.alambic.bench.nccl.Collective;
import dev.alambic.parallel.Collectives;

/** What is measured: a {@link Collective} as trainers call it. */
enum Operation {
  ALL_REDUCE(Collective.ALL_REDUCE) {
    @Override
    void call(Collectives collectives, NDArray whole, NDArray part) {
      collectives.allReduce(whole);
    }
  },
  REDUCE_SCATTER(Collective.REDUCE_SCATTER) {
    @Override
    void call(Collectives collectives, NDArray whole, NDArray part) {
      collectives.reduceScatter(whole, part);
    }
  },
  ALL_GATHER(Collective.ALL_GATHER) {
    @Override
    void call(Collectives collectives, NDArray whole, NDArray part) {
      collectives.allGather(part, whole);
    }
  };

  private final Collective collective;

  Operation(Collective collective) {
    this.collective = collective;
  }

  String label() {
    return collective.label();
  }

  /** What each process sends, and receives, of an array. */
  double busFactor(int processes) {
    return collective.busFactor(processes);
  }

  /**
   * One call.
   *
   * @param whole float32, all of the array
   * @param part this process's segment
   */
  abstract void call(Collectives collectives, NDArray whole, NDArray part);
}
