package dev.alambic.tokenizer;

import java.util.Arrays;

/** Numbers that become more: four bytes each, and as much again while the list grows. */
public final class IntList {
  private int[] values;
  private int size;

  public IntList(int expected) {
    this.values = new int[Math.max(16, expected)];
  }

  public int size() {
    return size;
  }

  /** The last one; there must be one. */
  int last() {
    return values[size - 1];
  }

  public void add(int value) {
    reserve(1);
    values[size++] = value;
  }

  public void add(int[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, values, size, more.length);
    size += more.length;
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > values.length) {
      values = Arrays.copyOf(values, Math.max(needed, values.length + (values.length >> 1)));
    }
  }

  public int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
