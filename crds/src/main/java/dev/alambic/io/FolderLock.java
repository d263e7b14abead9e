package dev.alambic.io;

import dev.alambic.failure.BoundedText;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a folder to one process. The operating system holds the lock and lets go of it when the
 * process is gone, however it ended, so that none is ever stale; over NFS from version 4 on also
 * when its machine is, once the server's lease is over. The file in the folder says who holds it.
 */
public final class FolderLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);
  private static final int MOST_BYTES = 512;

  private final FileChannel file;

  private FolderLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes a folder, which is made if it is not there.
   *
   * @return the lock; one that holds nothing where the file system has no locks
   * @throws RunException TRY_AGAIN, naming the process that holds it; IO if the folder cannot be
   *     written
   */
  public static FolderLock take(Path folder) {
    Path path = folder.resolve(".lock");
    try {
      Files.createDirectories(Mounted.writable(folder));
      FileChannel file =
          FileChannel.open(
              Mounted.writable(path),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      return take(folder, file);
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, folder + ": cannot be written: " + e, e);
    }
  }

  private static FolderLock take(Path folder, FileChannel file) throws IOException {
    FileLock lock;
    try {
      lock = file.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    } catch (IOException e) {
      LOG.warn(
          "{}: its file system has no locks, two runs in it are not noticed: {}",
          folder,
          e.toString());
      return new FolderLock(file);
    }
    if (lock == null) {
      try (file) {
        throw new RunException(
            ExitCode.TRY_AGAIN, "%s is in use by %s".formatted(folder, holder(file)));
      }
    }
    file.truncate(0);
    file.write(ByteBuffer.wrap(myself().getBytes(StandardCharsets.UTF_8)), 0);
    return new FolderLock(file);
  }

  private static String myself() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "this machine";
    }
    return "process %d on %s, since %s"
        .formatted(
            ProcessHandle.current().pid(), host, Instant.now().truncatedTo(ChronoUnit.SECONDS));
  }

  private static String holder(FileChannel file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
    file.read(bytes, 0);
    String said = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    return said.isBlank() ? "another process" : BoundedText.line(said);
  }

  /** Lets go of it. */
  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.debug("the lock file cannot be closed: {}", e.toString());
    }
  }
}
