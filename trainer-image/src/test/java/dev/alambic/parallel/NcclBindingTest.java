package dev.alambic.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Function;
import com.sun.jna.Pointer;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The binding, as far as it goes without NCCL: {@code bench/nccl} has the rest. */
class NcclBindingTest {
  interface CommInitRank extends Callback {
    int invoke(Pointer communicator, int size, Nccl.UniqueId id, int rank);
  }

  /** 128 bytes by value, between other arguments, through native code and back. */
  @Test
  void theUniqueIdGoesByValue() {
    byte[] bytes = new byte[Nccl.UniqueId.BYTES];
    IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) (i * 7));
    AtomicReference<String> seen = new AtomicReference<>();
    AtomicReference<byte[]> seenBytes = new AtomicReference<>();
    CommInitRank called =
        (communicator, size, id, rank) -> {
          communicator.setLong(0, 1L << 40);
          seen.set(size + " " + rank);
          seenBytes.set(id.internal.clone());
          return 3;
        };
    long[] handle = new long[1];
    Object[] arguments = {handle, 5, Nccl.UniqueId.of(bytes), 4};
    int result =
        Function.getFunction(CallbackReference.getFunctionPointer(called)).invokeInt(arguments);
    assertThat(result).isEqualTo(3);
    assertThat(handle[0]).isEqualTo(1L << 40);
    assertThat(seen).hasValue("5 4");
    assertThat(seenBytes.get()).isEqualTo(bytes);
  }

  /** The second is there, but has none of NCCL's functions. */
  @Test
  void saysWhereItLookedForNccl() {
    assertThatExceptionOfType(RunException.class)
        .isThrownBy(
            () ->
                NcclLibrary.load(
                    List.of(
                        new NcclLibrary.Source("libabsent.so.9", 1),
                        new NcclLibrary.Source("libc.so.6", 1))))
        .withMessageStartingWith("NCCL: none of [libabsent.so.9, libc.so.6] has it: use an image")
        .matches(e -> e.exitCode() == ExitCode.USAGE);
  }
}
