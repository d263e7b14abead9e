package dev.alambic;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The vocabulary stands below everything: operator and pods depend on it, it on neither. */
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
  void holdsTheVocabularyAlone() {
    classes()
        .should()
        .resideInAnyPackage(
            "dev.alambic.api.v1alpha1",
            "dev.alambic.run",
            "dev.alambic.decoder",
            "dev.alambic.volume")
        .check(MODULE);
  }

  @Test
  void dependsOnNoOtherModule() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.alambic.operator..",
            "dev.alambic.torch..",
            "dev.alambic.model..",
            "dev.alambic.data..",
            "dev.alambic.signal..",
            "dev.alambic.teacher..",
            "dev.alambic.train..",
            "dev.alambic.saturation..")
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

  @Test
  void theResourceKnowsNoRun() {
    noClasses()
        .that()
        .resideInAPackage("dev.alambic.api..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.alambic.run..", "dev.alambic.decoder..", "dev.alambic.volume..")
        .check(MODULE);
  }

  @Test
  void theDecoderKnowsNoResource() {
    noClasses()
        .that()
        .resideInAPackage("dev.alambic.decoder..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.alambic.api..")
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
}
