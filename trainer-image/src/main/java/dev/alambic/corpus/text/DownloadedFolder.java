package dev.alambic.corpus.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.alambic.api.v1alpha1.DataFormat;
import dev.alambic.corpus.text.LeftOut.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Set;

/**
 * Tells text from what comes with it: a data set is downloaded with a README, a license and files
 * that describe it, and Hadoop and Spark leave {@code _SUCCESS} beside what they write.
 *
 * <p>Of JSON lines the extension decides where some file has one of theirs. Of text it cannot:
 * people train on READMEs and on source code. So only what describes a data set by its name is left
 * out, and that only beside {@code .txt} files.
 */
public final class DownloadedFolder {
  private static final Set<String> JSON_LINES = Set.of("jsonl", "ndjson", "jsonlines", "jl");
  private static final Set<String> TEXT = Set.of("txt", "text");
  private static final Set<String> DESCRIBING =
      Set.of("readme", "license", "licence", "copying", "notice", "citation", "changelog");

  /** Of a data set's own description, by the Hugging Face libraries. */
  private static final Set<String> METADATA =
      Set.of("dataset_info.json", "dataset_infos.json", "dataset_dict.json", "state.json");

  private static final Set<String> CHECKSUMS = Set.of("crc", "md5", "sha256", "sha1");

  /** A line of metadata fits in; of a longer first line that is cut off the beginning counts. */
  private static final int PEEK = 1 << 16;

  private static final JsonFactory JSON = new JsonFactory();

  private DownloadedFolder() {}

  /** Without the files that are not of a format. */
  public static FoundFiles only(FoundFiles found, DataFormat format) {
    if (!Files.isDirectory(found.path())) {
      return found;
    }
    return found.without(
        switch (format) {
          case Text -> has(found, TEXT) ? DownloadedFolder::describes : file -> isWritersOwn(file);
          case JSONLines ->
              has(found, JSON_LINES)
                  ? file -> !isJsonLines(file)
                  : has(found, Set.of("json"))
                      ? file -> !isJson(file)
                      : file -> describes(file) || isWritersOwn(file);
        },
        Reason.OTHER_FORMAT);
  }

  private static boolean has(FoundFiles found, Set<String> extensions) {
    return found.files().stream().anyMatch(file -> extensions.contains(extension(file)));
  }

  private static boolean isJsonLines(CorpusFile file) {
    return JSON_LINES.contains(extension(file)) || isJson(file);
  }

  /** Whether it begins with a whole JSON object on one line and is not a description. */
  private static boolean isJson(CorpusFile file) {
    return (extension(file).equals("json") || extension(file).isEmpty())
        && !describes(file)
        && beginsWithAnObject(file);
  }

  private static boolean beginsWithAnObject(CorpusFile file) {
    String line;
    try (InputStream in = Files.newInputStream(file.path())) {
      String start = new String(in.readNBytes(PEEK), StandardCharsets.UTF_8);
      line =
          Utf8.withoutByteOrderMark(start).lines().filter(l -> !l.isBlank()).findFirst().orElse("");
    } catch (IOException e) {
      return true;
    }
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return true;
    } catch (IOException e) {
      return line.length() > PEEK / 2;
    }
  }

  private static boolean describes(CorpusFile file) {
    String name = ownName(file);
    return DESCRIBING.contains(name.replaceFirst("\\..*", ""))
        || METADATA.contains(name)
        || CHECKSUMS.contains(extension(file))
        || isWritersOwn(file);
  }

  /** Hadoop and Spark take names that begin so for their own, and skip them when they read. */
  private static boolean isWritersOwn(CorpusFile file) {
    String name = ownName(file);
    return name.startsWith("_success")
        || name.startsWith("_committed_")
        || name.startsWith("_started_");
  }

  private static String extension(CorpusFile file) {
    String name = ownName(file);
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1);
  }

  private static String ownName(CorpusFile file) {
    String name = file.name();
    return name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
  }
}
