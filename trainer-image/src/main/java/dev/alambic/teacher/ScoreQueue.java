package dev.alambic.teacher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Requests that wait for the engine, bounded by their tokens. A batch is what has gathered while
 * the engine was busy: the oldest request and those that follow it with the same settings, as many
 * as fit. Nothing waits for a fuller batch.
 */
final class ScoreQueue {
  private final int maxBatchTokens;
  private final long maxQueuedTokens;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<ScoreTask> tasks = new ArrayDeque<>();
  private long tokens;
  private boolean closed;

  ScoreQueue(int maxBatchTokens, long maxQueuedTokens) {
    this.maxBatchTokens = maxBatchTokens;
    this.maxQueuedTokens = maxQueuedTokens;
  }

  enum Admission {
    ACCEPTED,
    FULL,
    CLOSED
  }

  /** Adds a task at the end; an empty queue takes any. */
  Admission offer(ScoreTask task) {
    lock.lock();
    try {
      if (closed) {
        return Admission.CLOSED;
      } else if (!tasks.isEmpty() && tokens + task.tokens() > maxQueuedTokens) {
        return Admission.FULL;
      }
      tasks.add(task);
      tokens += task.tokens();
      changed.signalAll();
      return Admission.ACCEPTED;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next batch; empty when the queue is closed and all is taken. */
  List<ScoreTask> take() throws InterruptedException {
    lock.lock();
    try {
      while (tasks.isEmpty() && !closed) {
        changed.await();
      }
      return nextBatch();
    } finally {
      lock.unlock();
    }
  }

  private List<ScoreTask> nextBatch() {
    List<ScoreTask> batch = new ArrayList<>();
    int batchTokens = 0;
    while (!tasks.isEmpty()) {
      ScoreTask next = tasks.peek();
      boolean fits =
          batch.isEmpty()
              || (batchTokens + next.tokens() <= maxBatchTokens
                  && next.settings().equals(batch.get(0).settings()));
      if (!fits) {
        break;
      }
      batch.add(tasks.remove());
      batchTokens += next.tokens();
      tokens -= next.tokens();
    }
    return batch;
  }

  /** Removes a task whose caller has gone. */
  void remove(ScoreTask task) {
    lock.lock();
    try {
      for (Iterator<ScoreTask> i = tasks.iterator(); i.hasNext(); ) {
        if (i.next().result() == task.result()) {
          i.remove();
          tokens -= task.tokens();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more tasks; those that are there can still be taken. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int requests() {
    lock.lock();
    try {
      return tasks.size();
    } finally {
      lock.unlock();
    }
  }

  long tokens() {
    lock.lock();
    try {
      return tokens;
    } finally {
      lock.unlock();
    }
  }
}
