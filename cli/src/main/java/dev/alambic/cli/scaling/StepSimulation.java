package dev.alambic.cli.scaling;

import dev.alambic.api.v1alpha1.Sharding;

/**
 * One optimizer step, event by event: a GPU that computes, and a network that carries one
 * collective at a time beside it. Both have a clock; a collective begins when what it carries is
 * there and the one before is done.
 *
 * <ul>
 *   <li>None and Optimizer: after the last micro-batch's backward pass of a layer that layer's
 *       gradient is summed, beside the backward pass of the layer below. Then the optimizer; with
 *       Optimizer the weights are gathered after it, beside nothing.
 *   <li>Full: in every micro-batch a layer's weights are gathered before its forward pass and, if
 *       activations are recomputed, before its backward pass once more; its gradient is
 *       reduce-scattered after it. The next layer is gathered beside the one that is computed.
 *       Embedding and head are gathered when a step begins and reduce-scattered when it ends.
 * </ul>
 */
final class StepSimulation {
  private final StepWork work;
  private final Speed speed;
  private final Ring ring;
  private final Exchange exchange;
  private final Sharding sharding;
  private final Passes passes;

  private double computeClock;
  private double networkClock;
  private double compute;
  private double communication;

  private StepSimulation(
      StepWork work, Speed speed, Ring ring, Exchange exchange, Sharding sharding, Passes passes) {
    this.work = work;
    this.speed = speed;
    this.ring = ring;
    this.exchange = exchange;
    this.sharding = sharding;
    this.passes = passes;
  }

  /** The time of a step. */
  static StepTime of(
      StepWork work, Speed speed, Ring ring, Exchange exchange, Sharding sharding, Passes passes) {
    return new StepSimulation(work, speed, ring, exchange, sharding, passes).run();
  }

  private StepTime run() {
    boolean full = sharding == Sharding.Full;
    if (full) {
      gather(work.counts().embedding());
      gather(work.counts().head());
      waitFor(networkClock);
    }
    for (long left = passes.tokens(); left > 0; left -= passes.each()) {
      long tokens = Math.min(left, passes.each());
      if (full) {
        shardedPass(tokens);
      } else {
        wholePass(tokens, left <= passes.each());
      }
    }
    if (full) {
      scatter(work.counts().head());
      scatter(work.counts().embedding());
    }
    waitFor(networkClock);
    double update = update();
    computeClock += update;
    if (sharding == Sharding.Optimizer) {
      gatherAll();
    }
    return new StepTime(compute, communication, computeClock - compute - update, update);
  }

  private void wholePass(long tokens, boolean last) {
    compute(work.forward().of(tokens).times(work.layers()));
    compute(work.head().of(tokens));
    sum(last, work.counts().head());
    for (int layer = 0; layer < work.layers(); layer++) {
      compute(backward(tokens));
      sum(last, work.counts().layer());
    }
    compute(work.embedding().of(tokens));
    sum(last, work.counts().embedding());
  }

  private void sum(boolean last, long parameters) {
    if (last) {
      scatter(parameters);
      if (sharding == Sharding.None) {
        send(parameters, exchange.gradient());
      }
    }
  }

  private void shardedPass(long tokens) {
    layers(work.forward().of(tokens), true, false);
    compute(work.head().of(tokens));
    layers(backward(tokens), passes.recompute(), true);
    compute(work.embedding().of(tokens));
  }

  /** Two layers' weights are there at most: the one that is computed and the one that comes. */
  private void layers(Work layerWork, boolean gathers, boolean scatters) {
    double gathered = gathers ? gather(work.counts().layer()) : 0;
    for (int layer = 0; layer < work.layers(); layer++) {
      waitFor(gathered);
      boolean another = gathers && layer < work.layers() - 1;
      gathered = another ? gather(work.counts().layer()) : 0;
      compute(layerWork);
      if (scatters) {
        scatter(work.counts().layer());
      }
    }
  }

  private Work backward(long tokens) {
    Work backward = work.backward().of(tokens);
    return passes.recompute() ? backward.plus(work.forward().of(tokens)) : backward;
  }

  private double update() {
    double parameters = work.parameters() / (sharding == Sharding.None ? 1 : ring.gpus());
    return speed.seconds(work.update().times(parameters));
  }

  private void gatherAll() {
    for (int layer = 0; layer < work.layers(); layer++) {
      gather(work.counts().layer());
    }
    gather(work.counts().head());
    gather(work.counts().embedding());
    waitFor(networkClock);
  }

  /** When it is done. */
  private double gather(long parameters) {
    return send(parameters, exchange.parameter());
  }

  private void scatter(long parameters) {
    send(parameters, exchange.gradient());
  }

  /** A collective that may begin now; when it is done. */
  private double send(long parameters, int bytes) {
    if (parameters > 0) {
      double seconds = ring.seconds((double) parameters * bytes);
      communication += seconds;
      networkClock = Math.max(networkClock, computeClock) + seconds;
    }
    return networkClock;
  }

  private void compute(Work what) {
    double seconds = speed.seconds(what);
    compute += seconds;
    computeClock += seconds;
  }

  private void waitFor(double moment) {
    computeClock = Math.max(computeClock, moment);
  }
}
