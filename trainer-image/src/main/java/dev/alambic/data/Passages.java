package dev.alambic.data;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.run.ExitCode;
import dev.alambic.run.RunException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The passages of a corpus, file by file in the order of their names. One file is open at a time
 * and one passage in memory.
 */
public final class Passages implements Iterator<Passage>, AutoCloseable {
  private final Iterator<CorpusFile> files;
  private final DataFormat format;
  private final String textField;
  private CorpusFile file;
  private PassageReader reader;
  private Passage next;

  private Passages(List<CorpusFile> files, DataFormat format, String textField) {
    this.files = files.iterator();
    this.format = format;
    this.textField = textField;
    this.next = read();
  }

  /**
   * Opens a corpus. Reading it may throw a {@link RunException}: DATA with file, line and reason
   * for text that is unusable, IO if a file cannot be read.
   *
   * @param path a file or folder
   * @param textField the document's field in JSON lines; ignored for text
   * @throws RunException NO_INPUT if nothing is there; DATA if there is no text at all
   */
  public static Passages open(Path path, DataFormat format, String textField) {
    List<CorpusFile> files =
        DownloadedFolder.only(FoundFiles.at(path), format).requireSome().files();
    return of(path, files, format, textField);
  }

  static Passages of(Path path, List<CorpusFile> files, DataFormat format, String textField) {
    Passages passages = new Passages(files, format, textField);
    if (!passages.hasNext()) {
      throw new RunException(ExitCode.DATA, path + ": the corpus is empty");
    }
    return passages;
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Passage next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    Passage current = next;
    next = read();
    return current;
  }

  private Passage read() {
    try {
      while (true) {
        Passage passage = reader == null ? null : reader.next();
        if (passage != null) {
          return passage;
        }
        close();
        if (!files.hasNext()) {
          return null;
        }
        file = files.next();
        reader = open(file);
      }
    } catch (IOException e) {
      close();
      throw new RunException(ExitCode.IO, file.path() + ": cannot be read: " + e, e);
    } catch (RunException e) {
      close();
      throw e;
    }
  }

  private PassageReader open(CorpusFile opened) throws IOException {
    return switch (format) {
      case Text -> new TextReader(opened);
      case JSONLines -> new JsonLinesReader(opened, textField);
    };
  }

  @Override
  public void close() {
    try {
      if (reader != null) {
        reader.close();
        reader = null;
      }
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, file.path() + ": cannot be closed: " + e, e);
    }
  }
}
