package dev.alambic.parallel;

import com.sun.jna.Library;
import com.sun.jna.Structure;

/**
 * NCCL's C functions, those that are called here, by their own names: JNA makes the binding from
 * this interface, tests implement it. Pointers, {@code size_t}, communicators and streams are
 * {@code long}, which is what they are on 64-bit Linux; a result that is not {@link #SUCCESS} is
 * turned into an exception by {@link NcclError}.
 *
 * <p>JNA, and not java.lang.foreign: DJL brings JNA, and it runs on the Java 17 that this is
 * compiled for. It costs a few microseconds a call, a collective over a layer milliseconds.
 *
 * @see <a href="https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/api.html">NCCL's API</a>
 */
public interface Nccl extends Library {
  int SUCCESS = 0;
  int FLOAT32 = 7;
  int SUM = 0;

  /** {@code ncclUniqueId}, which C passes by value. */
  @Structure.FieldOrder("internal")
  final class UniqueId extends Structure implements Structure.ByValue {
    public static final int BYTES = 128;

    public byte[] internal = new byte[BYTES];

    /** For JNA. */
    public UniqueId() {}

    /** Of the bytes that {@link Nccl#ncclGetUniqueId} gave. */
    public static UniqueId of(byte[] bytes) {
      if (bytes.length != BYTES) {
        throw new IllegalArgumentException("a unique id has 128 bytes, not " + bytes.length);
      }
      UniqueId id = new UniqueId();
      id.internal = bytes.clone();
      return id;
    }
  }

  int ncclGetVersion(int[] version);

  int ncclGetUniqueId(byte[] id);

  int ncclCommInitRank(long[] communicator, int size, UniqueId id, int rank);

  int ncclCommGetAsyncError(long communicator, int[] error);

  int ncclCommDestroy(long communicator);

  int ncclCommAbort(long communicator);

  String ncclGetErrorString(int result);

  String ncclGetLastError(long communicator);

  int ncclGroupStart();

  int ncclGroupEnd();

  int ncclAllReduce(
      long send, long receive, long count, int type, int operation, long communicator, long stream);

  int ncclReduceScatter(
      long send, long receive, long each, int type, int operation, long communicator, long stream);

  int ncclAllGather(long send, long receive, long each, int type, long communicator, long stream);

  int ncclReduce(
      long send,
      long receive,
      long count,
      int type,
      int operation,
      int root,
      long communicator,
      long stream);

  int ncclBroadcast(
      long send, long receive, long count, int type, int root, long communicator, long stream);
}
