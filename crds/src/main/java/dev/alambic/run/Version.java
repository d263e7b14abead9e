package dev.alambic.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build: {@code <version>} of the root {@code pom.xml}. */
public final class Version {
  private Version() {}

  /** For example {@code 0.1.0}; a build between two releases ends with {@code -SNAPSHOT}. */
  public static String current() {
    Properties properties = new Properties();
    try (InputStream resource = Version.class.getResourceAsStream("version.properties")) {
      properties.load(resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
