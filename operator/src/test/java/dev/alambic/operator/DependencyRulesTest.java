package dev.alambic.operator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.alambic.operator.plan.ImpureForTest;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.Serializable;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may know whom in the operator, and that what decides touches no world. */
class DependencyRulesTest {
  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.alambic.operator");
  private static final String[] DECIDING = {
    "dev.alambic.operator.plan..", "dev.alambic.operator.lifecycle.."
  };
  private static final String[] PURE = {
    "dev.alambic.operator.plan..",
    "dev.alambic.operator.lifecycle..",
    "dev.alambic.operator.kueue..",
    "dev.alambic.operator.render.."
  };
  private static final Set<String> CLOCKS =
      Set.of("now", "currentTimeMillis", "nanoTime", "systemUTC", "systemDefaultZone", "sleep");

  private static final String DESERIALISES =
      "java\\.io\\.ObjectInput.*|java\\.beans\\.XMLDecoder|java\\.rmi\\..*|javax\\.script\\..*|org\\.yaml\\.snakeyaml\\.(constructor\\.(Constructor|CustomClassLoaderConstructor))|com\\.fasterxml\\.jackson\\.annotation\\.JsonTypeInfo";
  private static final Set<String> CLASS_BY_NAME =
      Set.of(
          "java.lang.Class.forName",
          "java.lang.ClassLoader.loadClass",
          "com.fasterxml.jackson.databind.ObjectMapper.activateDefaultTyping");

  private static final DescribedPredicate<JavaClass> FILES_AND_NETWORK =
      resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.util.concurrent..")
          .and(not(resideInAPackage("java.nio.charset..")))
          .and(not(belongToAnyOf(Serializable.class)))
          .as("files, network or threads");
  private static final DescribedPredicate<JavaClass> KUBERNETES_CLIENT =
      resideInAPackage("io.fabric8.kubernetes.client..")
          .and(not(belongToAnyOf(CustomResource.class)))
          .as("Fabric8's client");
  private static final DescribedPredicate<JavaMethodCall> A_CLOCK =
      DescribedPredicate.describe(
          "a clock is read",
          call ->
              CLOCKS.contains(call.getName())
                  && call.getTargetOwner().getPackageName().startsWith("java."));

  private static final ArchRule DECISIONS_TOUCH_NO_WORLD =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat(FILES_AND_NETWORK.or(KUBERNETES_CLIENT))
          .allowEmptyShould(true);
  private static final ArchRule DECISIONS_READ_NO_CLOCK =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .callMethodWhere(A_CLOCK)
          .allowEmptyShould(true);

  @Test
  void knowsNothingOfWhatRunsInThePods() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.alambic.torch..",
            "dev.alambic.model..",
            "dev.alambic.data..",
            "dev.alambic.signal..",
            "dev.alambic.teacher..",
            "dev.alambic.train..",
            "dev.alambic.saturation..",
            "ai.djl..")
        .check(MODULE);
  }

  @Test
  void decisionsTouchNoWorld() {
    DECISIONS_TOUCH_NO_WORLD.check(MODULE);
    DECISIONS_READ_NO_CLOCK.check(MODULE);
  }

  @Test
  void decisionsKnowNothingAroundThem() {
    noClasses()
        .that()
        .resideInAnyPackage(DECIDING)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.alambic.operator",
            "dev.alambic.operator.manifest..",
            "dev.alambic.operator.local..",
            "dev.alambic.operator.render..",
            "dev.alambic.operator.controller..",
            "dev.alambic.operator.progress..",
            "dev.alambic.operator.metrics..")
        .allowEmptyShould(true)
        .check(MODULE);
  }

  @Test
  void renderKnowsPlansAlone() {
    noClasses()
        .that()
        .resideInAPackage("dev.alambic.operator.render..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.alambic.operator..")
                .and(
                    not(
                        resideInAnyPackage(
                            "dev.alambic.operator.plan..",
                            "dev.alambic.operator.kueue..",
                            "dev.alambic.operator.render.."))))
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
  void planKnowsNoLifecycle() {
    noClasses()
        .that()
        .resideInAPackage("dev.alambic.operator.plan..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.alambic.operator.lifecycle..")
        .allowEmptyShould(true)
        .check(MODULE);
  }

  @Test
  void kueuesApiKnowsNothingElseOfTheOperator() {
    noClasses()
        .that()
        .resideInAPackage("dev.alambic.operator.kueue..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.alambic.operator..")
                .and(not(resideInAPackage("dev.alambic.operator.kueue.."))))
        .check(MODULE);
  }

  @Test
  void manifestsKnowNothingElseOfTheOperator() {
    noClasses()
        .that()
        .resideInAPackage("dev.alambic.operator.manifest..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.alambic.operator..")
                .and(not(resideInAPackage("dev.alambic.operator.manifest.."))))
        .check(MODULE);
  }

  @Test
  void theRulesOfPurityCanFail() {
    JavaClasses impure = new ClassFileImporter().importClasses(ImpureForTest.class);
    assertThatThrownBy(() -> DECISIONS_TOUCH_NO_WORLD.check(impure))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Files.exists");
    assertThatThrownBy(() -> DECISIONS_READ_NO_CLOCK.check(impure))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Instant.now()");
  }
}
