package dev.alambic.parallel;

/** NCCL's functions, all of them successful and without effect. */
class NcclStub implements Nccl {
  static final long HANDLE = 77;

  @Override
  public int ncclGetVersion(int[] version) {
    version[0] = 22105;
    return SUCCESS;
  }

  @Override
  public int ncclGetUniqueId(byte[] id) {
    return SUCCESS;
  }

  @Override
  public int ncclCommInitRank(long[] communicator, int size, UniqueId id, int rank) {
    communicator[0] = HANDLE;
    return SUCCESS;
  }

  @Override
  public int ncclCommGetAsyncError(long communicator, int[] error) {
    return SUCCESS;
  }

  @Override
  public int ncclCommDestroy(long communicator) {
    return SUCCESS;
  }

  @Override
  public int ncclCommAbort(long communicator) {
    return SUCCESS;
  }

  @Override
  public String ncclGetErrorString(int result) {
    return "error " + result;
  }

  @Override
  public String ncclGetLastError(long communicator) {
    return "";
  }

  @Override
  public int ncclGroupStart() {
    return SUCCESS;
  }

  @Override
  public int ncclGroupEnd() {
    return SUCCESS;
  }

  @Override
  public int ncclAllReduce(
      long send,
      long receive,
      long count,
      int type,
      int operation,
      long communicator,
      long stream) {
    return SUCCESS;
  }

  @Override
  public int ncclReduceScatter(
      long send, long receive, long each, int type, int operation, long communicator, long stream) {
    return SUCCESS;
  }

  @Override
  public int ncclAllGather(
      long send, long receive, long each, int type, long communicator, long stream) {
    return SUCCESS;
  }

  @Override
  public int ncclReduce(
      long send,
      long receive,
      long count,
      int type,
      int operation,
      int root,
      long communicator,
      long stream) {
    return SUCCESS;
  }

  @Override
  public int ncclBroadcast(
      long send, long receive, long count, int type, int root, long communicator, long stream) {
    return SUCCESS;
  }
}
