package dev.alambic.model.reference;

import java.util.function.DoubleSupplier;

/** Gradients by central differences of the reference. */
public final class FiniteDifference {

  private static final double STEP = 1e-4;

  private FiniteDifference() {}

  /**
   * The derivative of a function with respect to one element of an array that it reads. Four points
   * (error of the order of the fourth power of the step) leave about ten right digits.
   *
   * @param function reads {@code parameters} anew at each call
   */
  public static double derivative(DoubleSupplier function, double[] parameters, int index) {
    double near = at(function, parameters, index, STEP) - at(function, parameters, index, -STEP);
    double far =
        at(function, parameters, index, 2 * STEP) - at(function, parameters, index, -2 * STEP);
    return (8 * near - far) / (12 * STEP);
  }

  /** The derivatives with respect to these elements, in their order. */
  public static double[] gradient(DoubleSupplier function, double[] parameters, int... indices) {
    double[] gradient = new double[indices.length];
    for (int i = 0; i < indices.length; i++) {
      gradient[i] = derivative(function, parameters, indices[i]);
    }
    return gradient;
  }

  private static double at(DoubleSupplier function, double[] parameters, int index, double shift) {
    double kept = parameters[index];
    parameters[index] = kept + shift;
    try {
      return function.getAsDouble();
    } finally {
      parameters[index] = kept;
    }
  }
}
