package dev.alambic.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.api.v1alpha1.SaturationState;
import dev.alambic.cli.text.Runs;
import dev.alambic.cli.text.SummaryTable;
import dev.alambic.run.Progress;
import dev.alambic.run.Progress.VerdictChange;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class HtmlReportTest {
  private static final String SPEC = "tokenBudget: 50M\ndata: {uri: \"</pre><script>alert(1)\"}\n";

  @TempDir private Path folder;

  @Test
  void saysEverythingOfARun() throws Exception {
    Document page = parse(report(Runs.coolingDown()));
    String text = page.getDocumentElement().getTextContent();

    assertThat(text)
        .contains("gemma-mini", "41.2K tokens/s", "5M tokens saved", SPEC)
        .contains("1.0 % of the last minute for the teacher")
        .contains("3.4000");
    assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(1);
  }

  @Test
  void verdictsStandInTheirOrder() throws Exception {
    Progress progress =
        withVerdicts(
            new VerdictChange(1_000_000, SaturationState.Improving),
            new VerdictChange(25_000_000, SaturationState.Saturated));

    assertThat(parse(report(progress)).getDocumentElement().getTextContent())
        .containsSubsequence("1M", "2.0 %", "Improving", "25M", "50.0 %", "Saturated");
  }

  /** A name, a message and a spec are the user's: none of them is markup. */
  @Test
  void everyTextIsEscaped() throws Exception {
    Progress failed = Runs.at(Progress.State.Failed, "<img src=x onerror=alert(1)> & \"more\"");
    String html = report(failed);

    assertThat(html).doesNotContain("<script", "<img");
    assertThat(parse(html).getDocumentElement().getTextContent())
        .contains("<img src=x onerror=alert(1)> & \"more\"");
  }

  @Test
  void loadsNothingAndFollowsTheReadersLight() {
    String html = report(Runs.training());

    assertThat(html).contains("prefers-color-scheme: dark");
    assertThat(html.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "src=", "url(", "@import", "<link");
  }

  @Test
  void replacesTheFileInOneStep() throws Exception {
    Path file = folder.resolve("report.html");
    Files.writeString(file, "old");
    HtmlReport.write(
        Runs.training(), SummaryTable.rows(Runs.training(), Duration.ZERO), SPEC, file);

    assertThat(file).content().startsWith("<!DOCTYPE html>");
    assertThat(folder.toFile().list()).containsExactly("report.html");
  }

  private static String report(Progress progress) {
    return HtmlReport.of(progress, SummaryTable.rows(progress, Duration.ofMinutes(3)), SPEC);
  }

  private static Progress withVerdicts(VerdictChange... verdicts) {
    return Runs.training().withVerdict(Runs.training().verdict().withChanges(List.of(verdicts)));
  }

  private static Document parse(String html) throws Exception {
    String xml = html.substring(html.indexOf('\n') + 1);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }
}
