package dev.alambic.bench.server;

/**
 * The same sequences three times, one way after the other, so that whatever else the machine does
 * falls on all of them.
 *
 * @param forward the forward pass to the logits, and no more
 * @param scoring signals made in this process
 * @param serving signals asked for over gRPC
 */
record Round(CpuTime forward, CpuTime scoring, CpuTime serving) {
  static Round of(ServedTeacher teacher) {
    return new Round(
        CpuTime.on(teacher::forward), CpuTime.on(teacher::score), CpuTime.on(teacher::serve));
  }
}
