package dev.alambic.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkdownTableTest {
  @Test
  void columnsLineUpTheFirstToTheLeftTheOthersToTheRight() {
    MarkdownTable table = new MarkdownTable("tokens | loss");
    table.row("410K", "3.9");
    table.row("1.64M", "-13.25");
    assertThat(table.text())
        .isEqualTo(
            """
            | tokens |   loss |
            |:-------|-------:|
            | 410K   |    3.9 |
            | 1.64M  | -13.25 |
            """);
  }

  @Test
  void aRowOfAnotherWidthIsRefused() {
    MarkdownTable table = new MarkdownTable("tokens | loss");
    assertThatThrownBy(() -> table.row("410K"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row of 1 cells under 2 headings");
  }

  @Test
  void doublesAreWrittenAsTheirColumnSays() {
    MarkdownTable table = new MarkdownTable("saved, % %.1f | off %+.2f | seed");
    table.row(12.34, 0.5, 1);
    table.row("all", Double.NaN, 2.5);
    assertThat(table.text())
        .isEqualTo(
            """
            | saved, % |   off | seed |
            |:---------|------:|-----:|
            | 12.3     | +0.50 |    1 |
            | all      |     - |  2.5 |
            """);
  }
}
