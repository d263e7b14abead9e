package dev.alambic.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alambic.io.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Writes safetensors files, one tensor in memory at a time. */
public final class SafetensorsWriter {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The header's length is padded to this with spaces, so that the data starts aligned. */
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes the tensors in their order, aside first: {@code file} is the old one or the whole new
   * one at every moment, and the new one is on the disk when this returns.
   *
   * @throws IOException if the disk is full or fails; what was begun is removed
   * @throws IllegalArgumentException if a tensor's slices hold more or fewer bytes than its shape
   *     says, or two tensors have one name
   */
  public static void write(Path file, List<Tensor> tensors) throws IOException {
    DurableFiles.write(
        file,
        channel -> {
          writeFully(channel, header(tensors));
          for (Tensor tensor : tensors) {
            writeData(channel, tensor);
          }
        });
  }

  private static ByteBuffer header(List<Tensor> tensors) {
    ObjectNode header = JSON.createObjectNode();
    // transformers refuses a file without this mark.
    header.putObject("__metadata__").put("format", "pt");
    long offset = 0;
    for (Tensor tensor : tensors) {
      if (header.has(tensor.name())) {
        throw new IllegalArgumentException("tensor " + tensor.name() + ": given twice");
      }
      ObjectNode entry = header.putObject(tensor.name());
      entry.put("dtype", tensor.dtype().name());
      tensor.shape().dimensions().forEach(entry.putArray("shape")::add);
      long end = Math.addExact(offset, tensor.byteLength());
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = -json.length & (ALIGNMENT - 1);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + json.length + padding);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length + padding).put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private static void writeData(FileChannel channel, Tensor tensor) throws IOException {
    long written = 0;
    for (ByteBuffer slice : tensor.slices()) {
      written += slice.remaining();
      writeFully(channel, slice);
    }
    if (written != tensor.byteLength()) {
      throw new IllegalArgumentException(
          String.format(
              "tensor %s: %s %s takes %d bytes, its slices hold %d",
              tensor.name(), tensor.dtype(), tensor.shape(), tensor.byteLength(), written));
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
