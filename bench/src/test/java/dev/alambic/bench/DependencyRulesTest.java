package dev.alambic.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.HouseRules;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Each benchmark stands for itself. */
class DependencyRulesTest {
  @Test
  void packagesAreFreeOfCycles() {
    HouseRules.freeOfCycles("dev.alambic.bench").check(HouseRules.mainClasses("dev.alambic.bench"));
  }

  @Test
  void everyPackageIsDescribed() throws IOException {
    assertThat(HouseRules.undescribedPackages()).isEmpty();
  }
}
