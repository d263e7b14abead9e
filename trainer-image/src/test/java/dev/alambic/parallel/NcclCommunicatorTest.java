package dev.alambic.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class NcclCommunicatorTest {
  private static final byte[] ID = new byte[Nccl.UniqueId.BYTES];
  private static final World SECOND_OF_THREE = new World(1, 3);
  private static final long WHOLE = 0x10000;
  private static final long PART = 0x90000;

  private static final long STREAM = 5;

  /** Segments of the smallest size, 64 floats. */
  private static final long SEGMENT_BYTES = 16384;

  private final RecordedNccl recorded = new RecordedNccl();
  private final NcclCommunicator communicator = open(new NcclStub());

  private NcclCommunicator open(Nccl asked) {
    NcclCommunicator opened =
        NcclCommunicator.open(recorded.of(asked), SECOND_OF_THREE, ID, Duration.ofMillis(10));
    recorded.calls.clear();
    return opened;
  }

  @Test
  void joinsAsItsRank() {
    NcclCommunicator.open(recorded.of(new NcclStub()), SECOND_OF_THREE, ID);
    assertThat(recorded.calls).containsExactly("ncclCommInitRank(3, id, 1)");
  }

  /** float32 is 7 and the sum 0 in nccl.h. */
  @Test
  void allReduceAndBroadcastAreInPlace() {
    communicator.allReduce(WHOLE, 1000, STREAM);
    communicator.broadcast(WHOLE, 1000, 2, STREAM);
    assertThat(recorded.calls)
        .containsExactly(
            "ncclAllReduce(65536, 65536, 1000, 7, 0, 77, 5)",
            "ncclBroadcast(65536, 65536, 1000, 7, 2, 77, 5)");
  }

  @Test
  void equalSegmentsAreOneCall() {
    communicator.reduceScatter(WHOLE, PART, 12288, STREAM);
    communicator.allGather(PART, WHOLE, 12288, STREAM);
    assertThat(recorded.calls)
        .containsExactly(
            "ncclReduceScatter(65536, 589824, 4096, 7, 0, 77, 5)",
            "ncclAllGather(589824, 65536, 4096, 7, 77, 5)");
  }

  /** The last segment is shorter: each is reduced to its owner, whose result goes to its part. */
  @Test
  void unequalSegmentsAreReducedOneByOne() {
    communicator.reduceScatter(WHOLE, PART, 8194, STREAM);
    assertThat(recorded.calls)
        .containsExactly(
            "ncclGroupStart()",
            "ncclReduce(65536, 65536, 4096, 7, 0, 0, 77, 5)",
            "ncclReduce(81920, 589824, 4096, 7, 0, 1, 77, 5)",
            "ncclReduce(98304, 98304, 2, 7, 0, 2, 77, 5)",
            "ncclGroupEnd()");
  }

  @Test
  void unequalSegmentsAreBroadcastOneByOne() {
    communicator.allGather(PART, WHOLE, 8194, STREAM);
    assertThat(recorded.calls)
        .containsExactly(
            "ncclGroupStart()",
            "ncclBroadcast(65536, 65536, 4096, 7, 0, 77, 5)",
            "ncclBroadcast(589824, 81920, 4096, 7, 1, 77, 5)",
            "ncclBroadcast(98304, 98304, 2, 7, 2, 77, 5)",
            "ncclGroupEnd()");
  }

  /** All processes leave the same segments out. */
  @Test
  void emptySegmentsAreLeftOut() {
    communicator.reduceScatter(WHOLE, WHOLE + SEGMENT_BYTES, 4097, STREAM);
    assertThat(recorded.calls)
        .containsExactly(
            "ncclGroupStart()",
            "ncclReduce(65536, 65536, 4096, 7, 0, 0, 77, 5)",
            "ncclReduce(81920, 81920, 1, 7, 0, 1, 77, 5)",
            "ncclGroupEnd()");
  }

  @Test
  void saysWhatFailedWhereAndWhatToDo() {
    NcclStub broken =
        new NcclStub() {
          @Override
          public String ncclGetErrorString(int result) {
            return "remote process exited or there was a network error";
          }

          @Override
          public String ncclGetLastError(long handle) {
            return "\nNET/Socket : peer 10.0.0.7 closed\n";
          }
        };
    NcclCommunicator failing = open(broken);
    recorded.results.put("ncclAllReduce", 6);
    assertThatExceptionOfType(RunException.class)
        .isThrownBy(() -> failing.allReduce(WHOLE, 1000, STREAM))
        .withMessage(
            "NCCL: all-reduce of 1000 floats failed on trainer 1 of 3: remote process exited or there was a network error (NET/Socket : peer 10.0.0.7 closed); see why another trainer ended: its own log says")
        .matches(e -> e.exitCode() == ExitCode.TRY_AGAIN);
  }

  @Test
  void aFailedStartNamesTheRank() {
    recorded.results.put("ncclCommInitRank", 1);
    assertThatExceptionOfType(RunException.class)
        .isThrownBy(() -> open(new NcclStub()))
        .withMessageStartingWith(
            "NCCL: joining the communicator failed on trainer 1 of 3: error 1; see that the pod has its GPU");
  }

  /** A group that is not ended takes every later call into it. */
  @Test
  void aGroupEndsAfterAFailureInIt() {
    recorded.results.put("ncclReduce", 5);
    assertThatExceptionOfType(RunException.class)
        .isThrownBy(() -> communicator.reduceScatter(WHOLE, PART, 130, STREAM))
        .withMessageContaining("error 5");
    assertThat(recorded.calls).hasSize(3).last().isEqualTo("ncclGroupEnd()");
  }

  @Test
  void aGroupThatFailsAtItsEndHasFailed() {
    recorded.results.put("ncclGroupEnd", 2);
    assertThatExceptionOfType(RunException.class)
        .isThrownBy(() -> communicator.allGather(PART, WHOLE, 130, STREAM))
        .withMessageContaining("error 2");
  }

  /** The kernels of an earlier call failed after it had returned. */
  @Test
  void whatFailedMeanwhileIsSaidBeforeTheNextCall() {
    NcclCommunicator failing =
        open(
            new NcclStub() {
              @Override
              public int ncclCommGetAsyncError(long handle, int[] error) {
                error[0] = 6;
                return SUCCESS;
              }
            });
    assertThatExceptionOfType(RunException.class)
        .isThrownBy(() -> failing.allReduce(WHOLE, 1000, STREAM))
        .withMessageContaining("what came before all-reduce");
    assertThatExceptionOfType(RunException.class).isThrownBy(failing::check);
    assertThat(recorded.calls).isEmpty();
  }

  @Test
  void leavesOnceAndInOrder() {
    communicator.check();
    communicator.close();
    communicator.close();
    communicator.abort("late");
    assertThat(recorded.calls).containsExactly("ncclCommDestroy(77)");
  }

  /** Destroying waits for what is under way, which after a failure may be forever. */
  @Test
  void leavesAtOnceAfterAFailure() {
    recorded.results.put("ncclBroadcast", 3);
    assertThatExceptionOfType(RunException.class)
        .isThrownBy(() -> communicator.broadcast(WHOLE, 1, 0, STREAM));
    communicator.check();
    recorded.calls.clear();
    communicator.close();
    assertThat(recorded.calls).containsExactly("ncclCommAbort(77)");
  }

  /** The memory behind the handle is gone then. */
  @Test
  void afterAnAbortNothingIsCalled() {
    communicator.abort("rank 2 is gone");
    assertThatExceptionOfType(RunException.class)
        .isThrownBy(() -> communicator.allReduce(WHOLE, 1, STREAM))
        .withMessage("rank 2 is gone")
        .matches(e -> e.exitCode() == ExitCode.TRY_AGAIN);
    assertThatExceptionOfType(RunException.class).isThrownBy(communicator::check);
    communicator.close();
    assertThat(recorded.calls).containsExactly("ncclCommAbort(77)");
  }

  @Test
  void anAbortFreesACallThatIsStuck() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch aborted = new CountDownLatch(1);
    NcclCommunicator stuck =
        open(
            new NcclStub() {
              @Override
              public int ncclBroadcast(
                  long send, long receive, long count, int type, int root, long comm, long stream) {
                inside.countDown();
                try {
                  return aborted.await(10, TimeUnit.SECONDS) ? 3 : SUCCESS;
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }

              @Override
              public int ncclCommAbort(long handle) {
                aborted.countDown();
                return SUCCESS;
              }
            });
    CompletableFuture<Void> call =
        CompletableFuture.runAsync(() -> stuck.broadcast(WHOLE, 1, 0, STREAM));
    assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
    stuck.check();
    stuck.abort("rank 2 is gone");
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(call::join)
        .havingCause()
        .isInstanceOf(RunException.class)
        .withMessage("rank 2 is gone");
  }

  @Test
  void readsTheVersion() {
    assertThat(NcclCommunicator.version(new NcclStub(), World.ALONE)).isEqualTo("2.21.5");
  }

  @Test
  void refusesAnIdOfAnotherLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NcclCommunicator.open(new NcclStub(), World.ALONE, new byte[16]))
        .withMessageContaining("16");
  }
}
