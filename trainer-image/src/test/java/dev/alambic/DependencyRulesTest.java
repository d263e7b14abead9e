package dev.alambic;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What runs in the pods meets the operator in {@code dev.alambic.run} alone. */
class DependencyRulesTest {
  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.alambic");

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
}
