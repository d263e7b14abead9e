#!/usr/bin/env bash
# Jackson 2.21.6: a record whose part is @JsonUnwrapped is read in two unexpected ways.
# 1. FAIL_ON_UNKNOWN_PROPERTIES is on, yet an unknown field beside the part is ignored. Without the annotation it is refused.
# 2. A part with the name of one of its own fields ("gain" within "gain") is written, but what was written cannot be read again: the
#    number is taken for the part.
#
# Guess before: the part's name is nowhere in the JSON, so it cannot matter, and unknown fields are refused. Seen: 2026-12-01.
# What we do: RunJson compares what was read with what would be written, and a part never has the name of one of its fields.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>findings</groupId>
  <artifactId>jackson-unwrapped</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.fasterxml.jackson.core</groupId>
      <artifactId>jackson-databind</artifactId>
      <version>2.21.6</version>
    </dependency>
  </dependencies>
</project>
XML
cat >"$work/Unwrapped.java" <<'JAVA'
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

public class Unwrapped {
  record Gain(double gain, double perDoubling) {}

  record Whole(String name, double gain) {}

  record OtherName(String name, @JsonUnwrapped Gain gains) {}

  record SameName(String name, @JsonUnwrapped Gain gain) {}

  static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  static boolean reads(String json, Class<?> type) {
    try {
      JSON.readValue(json, type);
      return true;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  public static void main(String[] arguments) throws Exception {
    boolean plain = reads("{\"name\": \"a\", \"gain\": 1, \"other\": 2}", Whole.class);
    boolean unwrapped =
        reads("{\"name\": \"a\", \"gain\": 1, \"perDoubling\": 2, \"other\": 3}", OtherName.class);
    System.out.println("unknown field read: plain " + plain + ", with a part " + unwrapped);
    boolean other =
        reads(JSON.writeValueAsString(new OtherName("a", new Gain(1, 2))), OtherName.class);
    boolean same = reads(JSON.writeValueAsString(new SameName("a", new Gain(1, 2))), SameName.class);
    System.out.println("read again: part named gains " + other + ", part named gain " + same);
    System.exit(!plain && unwrapped && other && !same ? 0 : 1);
  }
}
JAVA
cd "$work"
mvn -q -B dependency:build-classpath -Dmdep.outputFile=classpath >&2
java -cp "$(<classpath)" Unwrapped.java
