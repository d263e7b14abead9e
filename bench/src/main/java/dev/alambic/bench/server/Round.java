package dev.alambic.bench.server;

/**
 * The same sequences three times, one way after the other, so that whatever else the machine does
 * falls on all of them.
 *
 * @param forward the forward pass to the logits, and no more
 * @param scoring signals made in this process
 * @param serving signals asked for over gRPC
 */
record Round(Spent forward, Spent scoring, Spent serving) {
  static Round of(ServedTeacher teacher) {
    return new Round(
        Spent.on(teacher::forward), Spent.on(teacher::score), Spent.on(teacher::serve));
  }
}
