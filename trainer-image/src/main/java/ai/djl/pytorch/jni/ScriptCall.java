package ai.djl.pytorch.jni;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import java.util.List;

/**
 * Runs a TorchScript method with the caller's grad mode. DJL's public {@code IValueUtils.runMethod}
 * forces inference mode and {@code PyTorchLibrary} is package-private, hence this one class in
 * DJL's package.
 */
public final class ScriptCall {
  private ScriptCall() {}

  /**
   * Calls a method of a loaded module.
   *
   * @param arguments {@link NDArray}, list of {@link NDArray}, {@link Long}, {@link Integer},
   *     {@link Double} or {@link Boolean}
   * @return the tensor or tensors that the method returns, attached to {@code scope}
   * @throws IllegalArgumentException for an argument of another type
   * @throws ai.djl.engine.EngineException when the script fails
   */
  public static NDList run(
      PtNDManager scope, PtSymbolBlock module, String method, Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    try {
      long[] handles = new long[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(arguments[i]);
        handles[i] = values[i].getHandle();
      }
      try (IValue result =
          new IValue(
              PyTorchLibrary.LIB.moduleRunMethod(
                  module.getHandle(), method, handles, true, false))) {
        return tensors(scope, result);
      }
    } finally {
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private static IValue value(Object argument) {
    if (argument instanceof PtNDArray tensor) {
      return IValue.from(tensor);
    } else if (argument instanceof List<?> tensors) {
      return IValue.listFrom(tensors.toArray(PtNDArray[]::new));
    } else if (argument instanceof Double number) {
      return IValue.from(number);
    } else if (argument instanceof Long number) {
      return IValue.from(number);
    } else if (argument instanceof Integer number) {
      return IValue.from(number.longValue());
    } else if (argument instanceof Boolean flag) {
      return IValue.from(flag);
    }
    throw new IllegalArgumentException("not a TorchScript argument: " + argument);
  }

  private static NDList tensors(PtNDManager scope, IValue result) {
    if (!result.isTuple()) {
      return new NDList(result.toTensor(scope));
    }
    NDList tensors = new NDList();
    for (IValue part : result.toIValueTuple()) {
      try (part) {
        tensors.add(part.toTensor(scope));
      }
    }
    return tensors;
  }
}
