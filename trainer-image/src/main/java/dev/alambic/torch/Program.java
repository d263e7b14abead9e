package dev.alambic.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.ScriptCall;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A piece of TorchScript from this package's resources, loaded into the engine. */
public final class Program implements AutoCloseable {
  private final PtSymbolBlock module;

  private Program(PtSymbolBlock module) {
    this.module = module;
  }

  /**
   * Loads a piece.
   *
   * @param manager decides the device
   * @param piece the resource's name without {@code .py}
   */
  public static Program load(NDManager manager, String piece) {
    InputStream archive = new ByteArrayInputStream(ScriptArchive.of(source(piece)));
    try {
      return new Program(JniUtils.loadModule((PtNDManager) manager, archive, true, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String source(String piece) {
    try (InputStream in = Program.class.getResourceAsStream(piece + ".py")) {
      return new String(Objects.requireNonNull(in, piece).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Calls a method that returns one tensor; under the thread's grad mode.
   *
   * @param arguments tensors, lists of tensors, integers, doubles and booleans, as the method asks
   */
  public NDArray call(NDManager scope, String method, Object... arguments) {
    return callAll(scope, method, arguments).singletonOrThrow();
  }

  /** Calls a method that returns a tuple of tensors; under the thread's grad mode. */
  public NDList callAll(NDManager scope, String method, Object... arguments) {
    return ScriptCall.run((PtNDManager) scope, module, method, arguments);
  }

  @Override
  public void close() {
    module.close();
  }
}
