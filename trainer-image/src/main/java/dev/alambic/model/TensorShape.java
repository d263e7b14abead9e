package dev.alambic.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The dimensions of a row-major tensor, outermost first.
 *
 * @param dimensions none for a scalar
 */
public record TensorShape(List<Long> dimensions) {

  public TensorShape {
    dimensions = List.copyOf(dimensions);
  }

  public static TensorShape of(long... dimensions) {
    return new TensorShape(Arrays.stream(dimensions).boxed().toList());
  }

  /**
   * How many elements a tensor of this shape has.
   *
   * @throws ArithmeticException if that is more than a long holds
   */
  public long elements() {
    // A zero makes the product zero whatever the others are; they must not overflow before it.
    if (dimensions.contains(0L)) {
      return 0;
    }
    return dimensions.stream().reduce(1L, Math::multiplyExact);
  }

  public long[] toArray() {
    return dimensions.stream().mapToLong(Long::longValue).toArray();
  }

  /** As PyTorch prints it: {@code [256000, 2304]}. */
  @Override
  public String toString() {
    return dimensions.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
