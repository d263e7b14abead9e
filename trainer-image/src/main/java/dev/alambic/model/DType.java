package dev.alambic.model;

import dev.alambic.api.v1alpha1.Precision;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Element types that weights are stored in, under safetensors' own names; all little-endian. */
public enum DType {
  /** IEEE 754 binary32. */
  F32(4, "float32", 6),
  /** IEEE 754 binary16. */
  F16(2, "float16", 5),
  /** The upper half of a binary32. */
  BF16(2, "bfloat16", 15);

  private final int bytes;
  private final String torchName;
  private final int torchCode;

  DType(int bytes, String torchName, int torchCode) {
    this.bytes = bytes;
    this.torchName = torchName;
    this.torchCode = torchCode;
  }

  /** The type that safetensors calls by this name, if it is one of these. */
  public static Optional<DType> named(String name) {
    for (DType dtype : values()) {
      if (dtype.name().equals(name)) {
        return Optional.of(dtype);
      }
    }
    return Optional.empty();
  }

  /** The type of numbers in this precision. */
  static DType of(Precision precision) {
    return precision == Precision.BF16 ? BF16 : F32;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  /** PyTorch's name, as in {@code torch_dtype} of a {@code config.json}. */
  public String torchName() {
    return torchName;
  }

  /** PyTorch's number for it, as TorchScript takes it ({@code c10/core/ScalarType.h}). */
  int torchCode() {
    return torchCode;
  }

  /** Reads the next element; exact. */
  float get(ByteBuffer littleEndian) {
    return switch (this) {
      case F32 -> littleEndian.getFloat();
      case F16 -> Half.toFloat(littleEndian.getShort());
      case BF16 -> Float.intBitsToFloat(littleEndian.getShort() << 16);
    };
  }

  /** Writes the next element, rounded to nearest, ties to even, as PyTorch does. */
  void put(ByteBuffer littleEndian, float value) {
    switch (this) {
      case F32 -> littleEndian.putFloat(value);
      case F16 -> littleEndian.putShort(Half.fromFloat(value));
      case BF16 -> littleEndian.putShort(toBFloat16(value));
    }
  }

  private static short toBFloat16(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16);
    }
    // Half a unit in the last place kept, less one if that place is even: ties go to even.
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
