package dev.alambic.model;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Mounted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a safetensors file: an eight-byte little-endian length, a JSON header of that length, then
 * the tensors' bytes. The file is mapped, not read, and nothing in it is trusted before it is
 * checked.
 */
public final class SafetensorsFile {

  /** A Gemma 2 27B header is 60 kB. */
  private static final long LONGEST_HEADER = 16 << 20;

  /** Under what a ByteBuffer holds, and a multiple of every element size. */
  private static final long LARGEST_PIECE = 1L << 30;

  private static final int PREFIX = Long.BYTES;

  private SafetensorsFile() {}

  /**
   * Maps a file's tensors.
   *
   * @return the tensors by name, in the order of their data; they stay usable when the file is
   *     replaced by another of its name, but not when it is cut
   * @throws RunException if the file isn't there, can't be read or is malformed; the message names
   *     the file and, where it is one tensor's fault, the tensor
   */
  public static Map<String, Tensor> read(Path file) {
    return read(file, LARGEST_PIECE);
  }

  static Map<String, Tensor> read(Path file, long largestPiece) {
    FileChannel channel = null;
    Map<String, Tensor> tensors = null;
    try {
      channel = FileChannel.open(Mounted.readable(file), StandardOpenOption.READ);
      tensors = read(file, channel, largestPiece);
      return tensors;
    } catch (SafetensorsHeader.Malformed e) {
      throw malformed(file, e.getMessage());
    } catch (NoSuchFileException e) {
      throw new RunException(ExitCode.NO_INPUT, file + ": no such file", e);
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, file + ": cannot be read: " + e.getMessage(), e);
    } finally {
      if (tensors == null) {
        close(channel);
      }
    }
  }

  /** On success the tensors keep the file open. */
  private static Map<String, Tensor> read(Path file, FileChannel channel, long largestPiece)
      throws IOException, SafetensorsHeader.Malformed {
    long headerLength = headerLength(file, channel);
    String json = header(file, channel, Math.toIntExact(headerLength));
    long dataStart = PREFIX + headerLength;
    List<SafetensorsHeader.Entry> entries =
        SafetensorsHeader.parse(json, channel.size() - dataStart);
    return map(channel, dataStart, entries, largestPiece);
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RunException malformed(Path file, String what) {
    return new RunException(ExitCode.DATA, file + ": not a sound safetensors file: " + what);
  }

  private static long headerLength(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < PREFIX) {
      throw malformed(file, "it has " + size + " bytes");
    }
    ByteBuffer prefix = ByteBuffer.allocate(PREFIX).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, prefix, 0);
    long length = prefix.getLong(0);
    if (length < 0 || length > LONGEST_HEADER) {
      String found = Long.toUnsignedString(length);
      throw malformed(
          file, "its header claims " + found + " bytes; at most " + LONGEST_HEADER + " are read");
    }
    if (length > size - PREFIX) {
      throw malformed(
          file, "its header claims " + length + " bytes, the file has " + size + ": cut short?");
    }
    return length;
  }

  private static String header(Path file, FileChannel channel, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    readFully(channel, bytes, PREFIX);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw malformed(file, "its header is not UTF-8");
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    while (target.hasRemaining()) {
      if (channel.read(target, position + target.position()) < 0) {
        throw new IOException("it was cut while being read");
      }
    }
  }

  /** Maps runs of neighbouring tensors together: few mappings, and most tensors whole in one. */
  private static Map<String, Tensor> map(
      FileChannel channel, long dataStart, List<SafetensorsHeader.Entry> entries, long largestPiece)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int next = 0;
    while (next < entries.size()) {
      SafetensorsHeader.Entry first = entries.get(next);
      if (first.end() - first.begin() > largestPiece) {
        tensors.put(first.name(), mapAlone(channel, dataStart, first, largestPiece));
        next++;
        continue;
      }
      int after = next;
      while (after < entries.size() && entries.get(after).end() - first.begin() <= largestPiece) {
        after++;
      }
      long length = entries.get(after - 1).end() - first.begin();
      ByteBuffer piece = mapPiece(channel, dataStart + first.begin(), length);
      for (SafetensorsHeader.Entry entry : entries.subList(next, after)) {
        int offset = Math.toIntExact(entry.begin() - first.begin());
        int size = Math.toIntExact(entry.end() - entry.begin());
        List<ByteBuffer> slices = List.of(piece.slice(offset, size));
        tensors.put(entry.name(), tensor(channel, dataStart, entry, slices));
      }
      next = after;
    }
    return Collections.unmodifiableMap(tensors);
  }

  private static Tensor mapAlone(
      FileChannel channel, long dataStart, SafetensorsHeader.Entry entry, long largestPiece)
      throws IOException {
    List<ByteBuffer> pieces = new ArrayList<>();
    for (long begin = entry.begin(); begin < entry.end(); begin += largestPiece) {
      long length = Math.min(largestPiece, entry.end() - begin);
      pieces.add(mapPiece(channel, dataStart + begin, length));
    }
    return tensor(channel, dataStart, entry, pieces);
  }

  /** Read-only, so that a model on a read-only volume can be mapped too. */
  private static ByteBuffer mapPiece(FileChannel channel, long position, long length)
      throws IOException {
    return length == 0
        ? ByteBuffer.allocate(0)
        : channel.map(FileChannel.MapMode.READ_ONLY, position, length);
  }

  private static Tensor tensor(
      FileChannel channel, long dataStart, SafetensorsHeader.Entry entry, List<ByteBuffer> slices) {
    StoredBytes bytes = new StoredBytes(channel, dataStart + entry.begin(), List.copyOf(slices));
    return new Tensor(entry.name(), entry.dtype(), entry.shape(), bytes);
  }
}
