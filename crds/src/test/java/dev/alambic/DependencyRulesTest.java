package dev.alambic;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vocabulary stands below everything: operator and pods depend on it, it on neither. */
class DependencyRulesTest {
  private static final JavaClasses MODULE = HouseRules.mainClasses("dev.alambic");
  private static final List<String> LAYERS =
      List.of(
          "dev.alambic.failure",
          "dev.alambic.io",
          "dev.alambic.http",
          "dev.alambic.decoder",
          "dev.alambic.api.v1alpha1",
          "dev.alambic.run");

  @Test
  void packagesAreLayered() {
    HouseRules.layered("dev.alambic", LAYERS).check(MODULE);
  }

  @Test
  void theRuleOfLayersCanFail() {
    List<String> upsideDown = new ArrayList<>(LAYERS);
    Collections.reverse(upsideDown);
    ArchRule reversed = HouseRules.layered("dev.alambic", upsideDown);
    assertThatThrownBy(() -> reversed.check(MODULE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("dev.alambic.run.RunSpec");
    ArchRule incomplete = HouseRules.layered("dev.alambic", LAYERS.subList(1, 6));
    assertThatThrownBy(() -> incomplete.check(MODULE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("dev.alambic.failure is missing in the list of layers");
  }

  @Test
  void inputNamesNoClass() {
    HouseRules.inputNamesNoClass().check(MODULE);
  }

  @Test
  void theResourceKnowsNoDecoder() {
    noClasses()
        .that()
        .resideInAPackage("dev.alambic.api..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.alambic.decoder..")
        .check(MODULE);
  }

  @Test
  void resourceAndRunContractTouchNoFileAndNoNetwork() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.alambic.api..", "dev.alambic.run..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.net..")
        .check(MODULE);
  }

  @Test
  void everyPackageIsDescribed() throws IOException {
    assertThat(HouseRules.undescribedPackages()).isEmpty();
  }
}
