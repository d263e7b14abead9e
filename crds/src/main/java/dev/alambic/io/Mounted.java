package dev.alambic.io;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Paths on the volumes of a pod. Whoever fills a volume may put a link on it that leads to the
 * pod's environment or to another volume; reading through it would hand a teacher's key or a
 * stranger's data to a job. So what is opened must really lie on the volume that it is named on.
 * Links inside a volume, as in a Hugging Face cache, are followed.
 *
 * <p>Volumes are the folders in {@link #FOLDER}; elsewhere, on a user's own machine, links are the
 * user's affair. A volume that is changed in the very moment between this check and the opening is
 * not guarded.
 */
public final class Mounted {
  /** Where the operator mounts volumes, each in a folder of its own. */
  public static final String FOLDER = "/alambic";

  /** The system property that names another such folder. */
  public static final String PROPERTY = "alambic.volumes";

  private final Path path;
  private final Path volume;

  private Mounted(Path path, Path volume) {
    this.path = path;
    this.volume = volume;
  }

  /**
   * A path that is going to be read, if it may be; one that is not there may.
   *
   * @throws RunException DATA if it leads out of its volume or is neither a file nor a folder; IO
   *     if it cannot be determined
   */
  public static Path readable(Path path) {
    Mounted mounted = of(path);
    if (mounted != null && Files.exists(mounted.volume)) {
      mounted.requireInside();
      mounted.requirePlain();
    }
    return path;
  }

  /**
   * Whether what is at a path may be read: it really lies on the volume that it is named on, or on
   * none.
   *
   * @param path of something that is there
   * @throws RunException IO if it cannot be determined
   */
  public static boolean staysOnVolume(Path path) {
    Mounted mounted = of(path);
    return mounted == null || real(path).startsWith(real(mounted.volume));
  }

  /**
   * A path that is going to be written, replaced or deleted, if it may be: no link is on the way,
   * not even inside the volume, where another job's files may lie.
   *
   * @throws RunException DATA if there is a link; IO if it cannot be determined
   */
  public static Path writable(Path path) {
    Mounted mounted = of(path);
    if (mounted != null && Files.exists(mounted.volume)) {
      mounted.requireWithoutLinks();
    }
    return path;
  }

  /** Null if the path is on no volume. */
  private static Mounted of(Path path) {
    Path folder = Path.of(System.getProperty(PROPERTY, FOLDER));
    Path absolute = path.toAbsolutePath();
    int names = folder.getNameCount();
    if (!absolute.startsWith(folder) || absolute.getNameCount() == names) {
      return null;
    }
    Path volume = folder.resolve(absolute.getName(names));
    if (!absolute.normalize().startsWith(volume)) {
      throw new RunException(ExitCode.DATA, path + ": leaves its volume " + volume);
    }
    return new Mounted(absolute, volume);
  }

  private void requireInside() {
    Path real = real(existing());
    if (!real.startsWith(real(volume))) {
      throw new RunException(
          ExitCode.DATA,
          "%s: leads to %s, outside of its volume %s: links may lead to files of the same volume only"
              .formatted(existing(), real, volume));
    }
  }

  /** A pipe would never end; a device has no length. */
  private void requirePlain() {
    if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
      throw new RunException(ExitCode.DATA, path + ": is neither a file nor a folder");
    }
  }

  private void requireWithoutLinks() {
    Path existing = existing().normalize();
    Path real = real(existing);
    if (!real.equals(real(volume).resolve(volume.relativize(existing)))) {
      throw new RunException(
          ExitCode.DATA,
          "%s: is behind a link, really it is %s: what a run writes must lie where it is named"
              .formatted(existing, real));
    }
  }

  /** The path, or of what is not there yet the nearest folder that is. */
  private Path existing() {
    Path existing = path;
    while (!existing.equals(volume) && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    return existing;
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (NoSuchFileException e) {
      throw new RunException(ExitCode.DATA, path + ": is a link to what is not there", e);
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, path + ": cannot be followed: " + e, e);
    }
  }
}
