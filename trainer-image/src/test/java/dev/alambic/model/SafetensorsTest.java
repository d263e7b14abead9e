package dev.alambic.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {

  private static final String TWO =
      """
      {"__metadata__":{"format":"pt"},
       "a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},
       "b":{"dtype":"BF16","shape":[4],"data_offsets":[16,24]}}""";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {4, 8, 12, 24, 1 << 30})
  void readsBackWhatItWritesHoweverItIsMapped(long largestPiece) throws IOException {
    Path file = folder.resolve("x.safetensors");
    float[] values = {1, -2, 0.5f, 3, 0, 4};

    SafetensorsWriter.write(
        file,
        List.of(
            Tensor.ofFloats("first", DType.F32, TensorShape.of(2, 3), values),
            Tensor.ofFloats("empty", DType.F16, TensorShape.of(0, 7), new float[0]),
            Tensor.ofFloats("second", DType.BF16, TensorShape.of(6), values),
            Tensor.ofFloats("third", DType.F16, TensorShape.of(3, 2, 1), values),
            Tensor.ofFloats("scalar", DType.F32, TensorShape.of(), new float[] {9})));
    Map<String, Tensor> read = SafetensorsFile.read(file, largestPiece);

    assertThat(read.keySet())
        .containsExactlyInAnyOrder("first", "empty", "second", "third", "scalar");
    assertThat(read.get("first").shape()).isEqualTo(TensorShape.of(2, 3));
    assertThat(read.get("third").shape()).isEqualTo(TensorShape.of(3, 2, 1));
    assertThat(read.get("third").dtype()).isEqualTo(DType.F16);
    for (String name : List.of("first", "second", "third")) {
      assertThat(read.get(name).toFloats()).containsExactly(values);
      assertThat(read.get(name).toFloats()).as("a second time").containsExactly(values);
    }
    assertThat(read.get("scalar").toFloats()).containsExactly(9);
    assertThat(read.get("empty").toFloats()).isEmpty();
  }

  @Test
  void tensorsInOnePieceAreOneReadOnlySlice() throws IOException {
    Map<String, Tensor> read = SafetensorsFile.read(file(TWO, new byte[24]));

    for (Tensor tensor : read.values()) {
      assertThat(tensor.slices()).hasSize(1);
      ByteBuffer slice = tensor.slices().iterator().next();
      assertThat(slice.isReadOnly()).isTrue();
      assertThat(slice.isDirect()).isTrue();
      assertThat(slice.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThat((long) slice.remaining()).isEqualTo(tensor.byteLength());
    }
  }

  @Test
  void writesAlignedDataAndTheMarkOfPyTorch() throws IOException {
    for (int length = 1; length <= 8; length++) {
      Path file = folder.resolve("x.safetensors");
      String name = "n".repeat(length);
      SafetensorsWriter.write(
          file, List.of(Tensor.ofFloats(name, DType.F32, TensorShape.of(1), new float[] {1})));

      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      long header = bytes.getLong(0);
      assertThat(header % 8).isZero();
      assertThat(bytes.capacity()).isEqualTo(8 + header + 4);
      assertThat(new String(bytes.array(), 8, (int) header, StandardCharsets.UTF_8))
          .startsWith("{\"__metadata__\":{\"format\":\"pt\"},");
    }
  }

  /** A sparse file: three tensors, of which the middle one alone is over 2 GiB. */
  @Test
  void readsPastTwoGibibytes() throws IOException {
    long large = (2L << 30) + 64;
    String header =
        "{\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]},"
            + String.format(
                "\"b\":{\"dtype\":\"BF16\",\"shape\":[%d],\"data_offsets\":[4,%d]},",
                large / 2, 4 + large)
            + String.format(
                "\"c\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}",
                4 + large, 8 + large);
    Path path = file(header, new byte[0]);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      long start = file.length();
      file.setLength(start + large + 8);
      file.seek(start + 4 + large - 2);
      file.write(new byte[] {(byte) 0x80, 0x3f});
      file.write(new byte[] {0, 0, 0, 0x40});
    }

    Map<String, Tensor> read = SafetensorsFile.read(path);

    assertThat(read.get("c").toFloats()).containsExactly(2);
    assertThat(read.get("b").slices()).hasSize(3);
    ByteBuffer last = null;
    for (Iterator<ByteBuffer> slices = read.get("b").slices().iterator(); slices.hasNext(); ) {
      last = slices.next();
    }
    assertThat(last.remaining()).isEqualTo(64);
    assertThat(last.getShort(62)).isEqualTo((short) 0x3f80);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [16,24]   | [16,25]   | tensor b: takes 8 bytes (BF16 [4]), its offsets say [16, 25]
          [16,24]   | [24,16]   | tensor b: takes 8 bytes (BF16 [4]), its offsets say [24, 16]
          [16,24]   | [12,20]   | tensor b: overlaps another tensor, at byte 12
          [16,24]   | [18,26]   | tensor b: ends at byte 26 of the data, which has 24; the file is cut short
          [0,16]    | [8,24]    | tensor a: leaves a hole before it, at byte 0
          [2,2]     | [2,3]     | tensor a: takes 24 bytes (F32 [2, 3]), its offsets say [0, 16]
          [2,2]     | [2,-2]    | tensor a: has a shape with something other than a size in it
          [2,2]     | [2,2.0]   | tensor a: has a shape with something other than a size in it
          [2,2]     | [99999999999999999999] | tensor a: has a shape with something other than a size in it
          [2,2]     | [9999999999,9999999999] | tensor a: has the impossible shape [9999999999, 9999999999]
          [2,2]     | [1,1,1,1,1,1,1,1,4] | tensor a: has more than 8 numbers in shape
          [2,2]     | [[[[[[4]]]]]] | tensor a: has a shape with something other than a size in it
          [2,2]     | 4         | tensor a: has a shape that is not an array
          "F32"     | "I64"     | tensor a: has dtype I64; only F32, F16 and BF16 are supported
          "F32"     | 3         | tensor a: has a dtype that is not text
          "b":      | "a":      | header is not sound JSON: Duplicate field 'a'
          "shape":[4] | "form":[4] | tensor b: has the unknown field "form"
          ,"shape":[4] | ''     | tensor b: needs dtype, shape and two data_offsets
          "pt"      | 1         | __metadata__ holds something other than text
          }}        | }         | header is not sound JSON
          }}        | }}}       | header is not sound JSON
          }}        | }} 7      | the header has data after its JSON object
          """)
  void refusesMalformedHeaders(String good, String bad, String message) throws IOException {
    assertThat(TWO).contains(good);

    Path file = file(TWO.replace(good, bad), new byte[24]);

    assertThatThrownBy(() -> SafetensorsFile.read(file))
        .isInstanceOf(RunException.class)
        .hasMessageStartingWith(file + ": not a sound safetensors file: " + message)
        .extracting(e -> ((RunException) e).exitCode())
        .isEqualTo(ExitCode.DATA);
  }

  @Test
  void refusesBytesThatBelongToNoTensor() throws IOException {
    Path file = file(TWO, new byte[27]);

    assertThatThrownBy(() -> SafetensorsFile.read(file))
        .hasMessageEndingWith("3 bytes at the end belong to no tensor");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, its header claims 18446744073709551615 bytes",
    "4611686018427387904, its header claims 4611686018427387904 bytes",
    "1000, 'its header claims 1000 bytes, the file has 12: cut short?'"
  })
  void refusesHeadersThatCannotBe(long length, String message) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    Path file = Files.write(folder.resolve("x.safetensors"), bytes.array());

    assertThatThrownBy(() -> SafetensorsFile.read(file))
        .isInstanceOf(RunException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesMoreTensorsThanAnyModelHas() throws IOException {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i <= 100_000; i++) {
      header.append(i == 0 ? "" : ",").append('"').append(i);
      header.append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    Path file = file(header.append('}').toString(), new byte[0]);

    assertThatThrownBy(() -> SafetensorsFile.read(file))
        .hasMessageEndingWith("header lists more than 100000 tensors");
  }

  @Test
  void refusesAnEmptyFileAndNone() throws IOException {
    Path file = Files.createFile(folder.resolve("x.safetensors"));

    assertThatThrownBy(() -> SafetensorsFile.read(file)).hasMessageContaining("it has 0 bytes");
    assertThatThrownBy(() -> SafetensorsFile.read(folder.resolve("y")))
        .hasMessageEndingWith("y: no such file")
        .extracting(e -> ((RunException) e).exitCode())
        .isEqualTo(ExitCode.NO_INPUT);
  }

  @Test
  void keepsControlCharactersOutOfMessages() throws IOException {
    String name = "\\u001b[2Jevil\\n";
    Path file = file(TWO.replace("\"a\"", '"' + name + '"').replace("[2,2]", "[3]"), new byte[24]);

    assertThatThrownBy(() -> SafetensorsFile.read(file))
        .hasMessageContaining("tensor \"?[2Jevil?\": is not a name");
  }

  /** Whatever the bytes are: tensors that can be read to their last byte, or the one exception. */
  @Test
  void neverFailsInAnotherWay() throws IOException {
    Random random = new Random(11);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = i % 4 == 0 ? random(random) : mutated(random);
      Path file = Files.write(folder.resolve("fuzz"), bytes);
      try {
        for (Tensor tensor : SafetensorsFile.read(file).values()) {
          tensor.copyTo(FloatBuffer.allocate((int) tensor.shape().elements()));
        }
      } catch (RunException e) {
        refused++;
        assertThat(e.getMessage())
            .startsWith(file + ": ")
            .doesNotContainPattern("\\p{C}")
            .hasSizeLessThan(600);
      }
    }
    assertThat(refused).isBetween(1_000, 1_999);
  }

  private static byte[] random(Random random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    if (bytes.length > 8 && random.nextBoolean()) {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, bytes.length - 8);
    }
    return bytes;
  }

  private static byte[] mutated(Random random) {
    StringBuilder header = new StringBuilder(TWO);
    for (int change = random.nextInt(3); change >= 0; change--) {
      int at = random.nextInt(header.length());
      switch (random.nextInt(4)) {
        case 0 -> header.setCharAt(at, (char) random.nextInt(300));
        case 1 -> header.insert(at, random.nextInt());
        case 2 -> header.delete(at, Math.min(header.length(), at + 1 + random.nextInt(3)));
        default -> header.insert(at, "[{\"0,]}:".charAt(random.nextInt(8)));
      }
    }
    byte[] bytes = bytes(header.toString(), new byte[24 + random.nextInt(2)]);
    if (random.nextInt(4) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("x.safetensors"), "old");
    Tensor lying = Tensor.of("a", DType.F32, TensorShape.of(4), ByteBuffer.allocate(12));

    assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(lying)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor a: F32 [4] takes 16 bytes, its slices hold 12");

    assertThat(file).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("x.safetensors");
  }

  @Test
  void refusesToWriteANameTwice() {
    Tensor tensor = Tensor.ofFloats("a", DType.F32, TensorShape.of(1), new float[1]);

    assertThatThrownBy(() -> SafetensorsWriter.write(folder.resolve("x"), List.of(tensor, tensor)))
        .hasMessage("tensor a: given twice");
  }

  private Path file(String header, byte[] data) throws IOException {
    return Files.write(folder.resolve("x.safetensors"), bytes(header, data));
  }

  private static byte[] bytes(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }
}
