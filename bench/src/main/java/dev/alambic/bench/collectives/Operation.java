package dev.alambic.bench.collectives;

import ai.djl.ndarray.NDArray;
import dev.alambic.bench.nccl.Collective;
import dev.alambic.parallel.Collectives;

/** What is measured: a {@link Collective} as trainers call it. */
enum Operation {
  ALL_REDUCE(Collective.ALL_REDUCE, (collectives, whole, part) -> collectives.allReduce(whole)),
  REDUCE_SCATTER(Collective.REDUCE_SCATTER, Collectives::reduceScatter),
  ALL_GATHER(
      Collective.ALL_GATHER, (collectives, whole, part) -> collectives.allGather(part, whole));

  private final Collective collective;
  private final Call call;

  Operation(Collective collective, Call call) {
    this.collective = collective;
    this.call = call;
  }

  private interface Call {
    void on(Collectives collectives, NDArray whole, NDArray part);
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
  void call(Collectives collectives, NDArray whole, NDArray part) {
    call.on(collectives, whole, part);
  }
}
