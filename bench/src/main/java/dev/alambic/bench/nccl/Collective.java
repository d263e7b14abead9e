package dev.alambic.bench.nccl;

/** What is measured. */
public enum Collective {
  ALL_REDUCE("all-reduce", 2),
  REDUCE_SCATTER("reduce-scatter", 1),
  ALL_GATHER("all-gather", 1),
  BROADCAST("broadcast", 0);

  private final String label;
  private final int passes;

  Collective(String label, int passes) {
    this.label = label;
    this.passes = passes;
  }

  /** Its name in tables. */
  public String label() {
    return label;
  }

  /** Whether segments may be of unequal length, which takes other calls. */
  boolean segmented() {
    return passes == 1;
  }

  /**
   * What each link carries of an array, by the algorithm that moves the least: nccl-tests' factor
   * of bus bandwidth. It makes numbers of different sizes, and of different collectives,
   * comparable.
   */
  public double busFactor(int size) {
    return passes == 0 ? 1 : passes * (size - 1.0) / size;
  }
}
