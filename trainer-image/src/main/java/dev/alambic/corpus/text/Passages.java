package dev.alambic.corpus.text;

import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The passages of some blocks, one after another. One file is open at a time and one passage in
 * memory. A file that changes while it is read is refused.
 */
public final class Passages implements Iterator<Passage>, AutoCloseable {
  private final Iterator<Block> blocks;
  private final DataFormat format;
  private final String textField;
  private final BadRecords bad;
  private Block block;
  private PassageReader reader;
  private Passage next;

  public Passages(List<Block> blocks, DataFormat format, String textField, BadRecords bad) {
    this.blocks = blocks.iterator();
    this.format = format;
    this.textField = textField;
    this.bad = bad;
    this.next = read();
  }

  /**
   * Opens a corpus: all files, in the order of their names. Reading it may throw a {@link
   * RunException}: DATA with file, line and reason for text that is unusable, IO if a file cannot
   * be read.
   *
   * @param path a file or folder
   * @param textField the document's field in JSON lines; ignored for text
   * @throws RunException NO_INPUT if nothing is there; DATA if there is no text at all
   */
  public static Passages open(Path path, DataFormat format, String textField) {
    FoundFiles found = DownloadedFolder.only(FoundFiles.at(path), format).requireSome();
    List<Block> blocks = found.files().stream().map(Block::whole).toList();
    Passages passages = new Passages(blocks, format, textField, new BadRecords(null));
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
        if (!blocks.hasNext()) {
          bad.end();
          return null;
        }
        block = blocks.next();
        block.file().requireUnchanged();
        reader = open(block);
      }
    } catch (IOException e) {
      close();
      throw new RunException(ExitCode.IO, block.file().path() + ": cannot be read: " + e, e);
    } catch (RunException e) {
      close();
      throw e;
    }
  }

  private PassageReader open(Block opened) throws IOException {
    return switch (format) {
      case Text -> new TextReader(opened);
      case JSONLines -> new JsonLinesReader(opened, textField, bad);
    };
  }

  @Override
  public void close() {
    try {
      if (reader != null) {
        reader.close();
        reader = null;
        block.file().requireUnchanged();
      }
    } catch (IOException e) {
      throw new RunException(ExitCode.IO, block.file().path() + ": cannot be closed: " + e, e);
    }
  }
}
