package dev.alambic.parallel;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** The collectives of a process that is alone: what it has is all there is. */
public final class SingleProcess implements Collectives {
  @Override
  public World world() {
    return World.ALONE;
  }

  @Override
  public void allReduce(NDArray array) {}

  @Override
  public void reduceScatter(NDArray whole, NDArray part) {
    whole.reshape(part.getShape()).copyTo(part);
  }

  @Override
  public void allGather(NDArray part, NDArray whole) {
    part.reshape(whole.getShape()).copyTo(whole);
  }

  @Override
  public void broadcast(NDArray array, int fromRank) {}

  @Override
  public List<double[]> gather(double[] mine) {
    return List.of(mine);
  }

  @Override
  public void close() {}
}
