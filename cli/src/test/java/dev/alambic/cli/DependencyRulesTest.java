package dev.alambic.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import dev.alambic.HouseRules;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may know whom in the command line. */
class DependencyRulesTest {
  private static final JavaClasses MODULE = HouseRules.mainClasses("dev.alambic.cli");
  private static final List<String> LAYERS =
      List.of(
          "dev.alambic.cli.manifest",
          "dev.alambic.cli.text",
          "dev.alambic.cli.model",
          "dev.alambic.cli.scaling",
          "dev.alambic.cli.plan",
          "dev.alambic.cli.report",
          "dev.alambic.cli.local",
          "dev.alambic.cli.conform",
          "dev.alambic.cli");

  @Test
  void packagesAreLayered() {
    HouseRules.layered("dev.alambic.cli", LAYERS).check(MODULE);
  }

  /** A manifest is checked by the schema, whatever the operator makes of it. */
  @Test
  void manifestsKnowNothingOfTheOperator() {
    noClasses()
        .that()
        .resideInAPackage("dev.alambic.cli.manifest..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.alambic.operator..")
        .check(MODULE);
  }

  @Test
  void inputNamesNoClass() {
    HouseRules.inputNamesNoClass().check(MODULE);
  }

  @Test
  void everyPackageIsDescribed() throws IOException {
    assertThat(HouseRules.undescribedPackages()).isEmpty();
  }
}
