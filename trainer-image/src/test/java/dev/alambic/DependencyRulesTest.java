package dev.alambic;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What runs in the pods meets the operator in {@code dev.alambic.run} alone. */
class DependencyRulesTest {
  private static final JavaClasses MODULE = HouseRules.mainClasses("dev.alambic");

  /** From the ground up; the vocabulary's own packages are in the list of the module crds. */
  private static final List<String> LAYERS =
      List.of(
          "dev.alambic.failure",
          "dev.alambic.io",
          "dev.alambic.http",
          "dev.alambic.decoder",
          "dev.alambic.api.v1alpha1",
          "dev.alambic.run",
          "dev.alambic.torch",
          "dev.alambic.model",
          "dev.alambic.signal",
          "dev.alambic.signal.cache",
          "dev.alambic.saturation",
          "dev.alambic.corpus.text",
          "dev.alambic.tokenizer",
          "dev.alambic.chat",
          "dev.alambic.corpus",
          "dev.alambic.prompt",
          "dev.alambic.generate",
          "dev.alambic.annotate",
          "dev.alambic.rollout",
          "dev.alambic.parallel",
          "dev.alambic.teacher",
          "dev.alambic.teacher.openai",
          "dev.alambic.step",
          "dev.alambic.progress",
          "dev.alambic.checkpoint",
          "dev.alambic.feed",
          "dev.alambic.train",
          "dev.alambic.main");

  @Test
  void packagesAreLayered() {
    HouseRules.layered("dev.alambic", LAYERS).check(MODULE);
  }

  @Test
  void knowsNoOperator() {
    noClasses()
        .that()
        // The resource's types are Fabric8's, the run contract's are plain.
        .resideOutsideOfPackage("dev.alambic.api..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.alambic.operator..", "io.fabric8..")
        .check(MODULE);
  }

  @Test
  void inputNamesNoClass() {
    HouseRules.inputNamesNoClass().check(MODULE);
  }

  /** Torch's own format is a pickle, which is a program; a model of DJL's may name classes. */
  @Test
  void onlyTheEngineRoomLoadsPrograms() {
    noClasses()
        .that()
        .resideInAPackage("dev.alambic..")
        .and()
        .resideOutsideOfPackage("dev.alambic.torch..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("ai\\.djl\\.(Model|pytorch\\..*|repository\\..*)")
        .check(MODULE);
  }

  @Test
  void saturationIsPure() {
    noClasses()
        .that()
        .resideInAPackage("dev.alambic.saturation..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio..", "java.net..", "ai.djl..", "java.time..")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(MODULE);
  }

  @Test
  void everyPackageIsDescribed() throws IOException {
    assertThat(HouseRules.undescribedPackages()).isEmpty();
  }
}
