package dev.alambic.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DTypeTest {

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "BF16"})
  void everyBitPatternSurvives(DType dtype) {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = dtype.get(ByteBuffer.allocate(2).putShort(0, (short) bits));
      short back = bits(dtype, value);
      if (Float.isNaN(value)) {
        assertThat(dtype.get(ByteBuffer.allocate(2).putShort(0, back))).isNaN();
      } else {
        assertThat(back).isEqualTo((short) bits);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "F16, 1.0, 3c00",
    "F16, -2.0, c000",
    "F16, 65504, 7bff",
    "F16, 65519.99, 7bff",
    "F16, 65520, 7c00",
    "F16, 6.103515625e-5, 0400",
    "F16, 5.960464477539063e-8, 0001",
    "F16, 2.980232238769531e-8, 0000",
    "F16, 2.98024e-8, 0001",
    "F16, 1.00048828125, 3c00",
    "F16, 1.00146484375, 3c02",
    "F16, -0.0, 8000",
    "F16, 6.1016e-5, 0400",
    "BF16, 1.0, 3f80",
    "BF16, 3.140625, 4049",
    "BF16, 1.00390625, 3f80",
    "BF16, 1.01171875, 3f82",
    "BF16, 3.4028235e38, 7f80",
    "BF16, -0.0, 8000"
  })
  void roundsToNearestTiesToEven(DType dtype, float value, String hexadecimal) {
    assertThat(bits(dtype, value)).isEqualTo((short) Integer.parseInt(hexadecimal, 16));
  }

  /** Neither neighbour is nearer; a comparison with a neighbour that is NaN is false. */
  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "BF16"})
  void roundsToTheNearest(DType dtype) {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      float value = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(10) - 6));
      short bits = bits(dtype, value);
      double error = Math.abs(value - (double) value(dtype, bits));
      assertThat(error > Math.abs(value - (double) value(dtype, bits + 1))).isFalse();
      assertThat(error > Math.abs(value - (double) value(dtype, bits - 1))).isFalse();
    }
  }

  private static short bits(DType dtype, float value) {
    ByteBuffer buffer = ByteBuffer.allocate(2);
    dtype.put(buffer, value);
    return buffer.getShort(0);
  }

  private static float value(DType dtype, int bits) {
    return dtype.get(ByteBuffer.allocate(2).putShort(0, (short) bits));
  }
}
