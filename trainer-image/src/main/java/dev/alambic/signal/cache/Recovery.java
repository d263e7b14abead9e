package dev.alambic.signal.cache;

import dev.alambic.io.Mounted;
import dev.alambic.signal.RecordStamp;
import dev.alambic.signal.SignalException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Seals what killed writers left: the records up to the first one that is cut short or damaged. */
final class Recovery {
  private Recovery() {}

  /**
   * Seals an open block, unless its writer is alive.
   *
   * @return whether nothing is left to recover; false while another process writes to it
   */
  static boolean recover(Path file, String fingerprint) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            Mounted.writable(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (!lock(channel)) {
        return false;
      }
      byte[] header = BlockFormat.read(channel, 0, BlockFormat.HEADER_BYTES);
      if (!BlockFormat.isHeader(header, fingerprint)) {
        Files.deleteIfExists(file);
        return true;
      }
      List<Entry> sound = sound(channel, fingerprint);
      BlockWriter.resume(file, channel, sound).seal();
      return true;
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException sameProcess) {
      return false;
    }
  }

  private static List<Entry> sound(FileChannel channel, String fingerprint) throws IOException {
    List<Entry> entries = new ArrayList<>();
    long at = BlockFormat.HEADER_BYTES;
    while (true) {
      Entry entry = next(channel, at, fingerprint);
      if (entry == null) {
        return entries;
      }
      entries.add(entry);
      at = entry.offset() + entry.length();
    }
  }

  /** The record of the frame there; null if there is none, or not a sound one. */
  private static Entry next(FileChannel channel, long at, String fingerprint) throws IOException {
    byte[] frame = BlockFormat.read(channel, at, BlockFormat.FRAME_BYTES);
    if (frame == null) {
      return null;
    }
    int length = BlockFormat.view(frame).getInt();
    long offset = at + BlockFormat.FRAME_BYTES;
    if (!new Entry(0, offset, length).liesWithin(channel.size())) {
      return null;
    }
    try {
      byte[] record = BlockFormat.read(channel, offset, length);
      if (record == null) {
        return null;
      }
      RecordStamp stamp = RecordStamp.of(record);
      return stamp.fingerprint().equals(fingerprint)
          ? new Entry(stamp.sequenceKey(), offset, length)
          : null;
    } catch (SignalException damaged) {
      return null;
    }
  }
}
