package dev.alambic.parallel;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where NCCL is. PyTorch's library for CUDA has it inside (DJL's natives for CUDA 12.4: NCCL
 * 2.21.5) or depends on {@code libnccl.so.2} (PyTorch from PyPI): either way it is the one that
 * PyTorch was built with. Where PyTorch has no CUDA a {@code libnccl.so.2} on the loader's path
 * will do.
 */
public final class NcclLibrary {
  private static final int RTLD_LAZY = 1;
  private static final int RTLD_NOLOAD = 4;

  /** Never a second PyTorch: only what DJL has loaded, which the loader knows by its soname. */
  private static final Source PYTORCH = new Source("libtorch_cuda.so", RTLD_LAZY | RTLD_NOLOAD);

  private static final Source ON_PATH = new Source("libnccl.so.2", RTLD_LAZY);

  /**
   * A shared library that may have NCCL's functions.
   *
   * @param flags dlopen's
   */
  record Source(String name, int flags) {}

  private NcclLibrary() {}

  /**
   * NCCL; after the engine has started.
   *
   * @throws RunException USAGE when this process has none
   */
  public static Nccl load() {
    return load(List.of(PYTORCH, ON_PATH));
  }

  static Nccl load(List<Source> sources) {
    return sources.stream()
        .flatMap(source -> open(source).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new RunException(
                    ExitCode.USAGE,
                    "NCCL: none of %s has it: use an image with PyTorch for CUDA (docs/images.md), or put the folder of libnccl.so.2 into LD_LIBRARY_PATH"
                        .formatted(sources.stream().map(Source::name).toList())));
  }

  private static Optional<Nccl> open(Source source) {
    Map<String, Object> options = Map.of(Library.OPTION_OPEN_FLAGS, source.flags());
    try {
      NativeLibrary.getInstance(source.name(), options).getFunction("ncclCommInitRank");
      return Optional.of(Native.load(source.name(), Nccl.class, options));
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty();
    }
  }
}
