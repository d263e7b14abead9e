package dev.alambic.helm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A metric as Prometheus reads it.
 *
 * @param name of the family, with the suffix of its type
 * @param samples names of its series
 * @param labels of any of its series
 */
record MetricFamily(
    String name, String type, String help, TreeSet<String> samples, TreeSet<String> labels) {
  private static final Pattern HELP = Pattern.compile("# HELP (\\w+) (.*)");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\w+) (\\w+)");
  private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"[^\"]*\"");

  /** Alambic's own of a scrape; those of the JVM and of libraries have documents of their own. */
  static List<MetricFamily> own(String scrape) {
    Map<String, MetricFamily> families = new LinkedHashMap<>();
    String help = "";
    MetricFamily current = null;
    for (String line : scrape.lines().toList()) {
      Matcher type = TYPE.matcher(line);
      Matcher described = HELP.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (described.matches()) {
        help = described.group(2);
      } else if (type.matches()) {
        current =
            new MetricFamily(type.group(1), type.group(2), help, new TreeSet<>(), new TreeSet<>());
        families.put(current.name, current);
      } else if (sample.matches() && current != null) {
        current.add(sample.group(1), sample.group(2));
      }
    }
    return new ArrayList<>(
        families.values().stream().filter(f -> f.name.startsWith("alambic_")).toList());
  }

  private void add(String sample, String labelled) {
    samples.add(sample);
    Matcher label = LABEL.matcher(labelled == null ? "" : labelled);
    while (label.find()) {
      labels.add(label.group(1));
    }
  }

  /** A row of docs/metrics.md. */
  String row() {
    String shown = labels.stream().map(l -> "`" + l + "`").collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |".formatted(name, type, shown, help);
  }
}
