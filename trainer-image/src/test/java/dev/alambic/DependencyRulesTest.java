package dev.alambic;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What runs in the pods meets the operator in {@code dev.alambic.run} alone. */
class DependencyRulesTest {
  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.alambic");

  private static final String DESERIALISES =
      "java\\.io\\.ObjectInput.*|java\\.beans\\.XMLDecoder|java\\.rmi\\..*|javax\\.script\\..*|org\\.yaml\\..*|com\\.fasterxml\\.jackson\\.annotation\\.JsonTypeInfo";
  private static final Set<String> CLASS_BY_NAME =
      Set.of(
          "java.lang.Class.forName",
          "java.lang.ClassLoader.loadClass",
          "com.fasterxml.jackson.databind.ObjectMapper.activateDefaultTyping");

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

  /** What is read is data: it cannot choose the classes that are made of it, or bring code. */
  @Test
  void whatIsReadNamesNoClass() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(DESERIALISES)
        .orShould()
        .callMethodWhere(
            DescribedPredicate.describe(
                "a class is looked up by name",
                call ->
                    CLASS_BY_NAME.contains(call.getTarget().getFullName().replaceAll("\\(.*", ""))))
        .check(MODULE);
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
}
