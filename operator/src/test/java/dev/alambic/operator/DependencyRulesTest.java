package dev.alambic.operator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.alambic.HouseRules;
import dev.alambic.operator.plan.ImpureForTest;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may know whom in the operator, and that what decides touches no world. */
class DependencyRulesTest {
  private static final JavaClasses MODULE = HouseRules.mainClasses("dev.alambic.operator");
  private static final List<String> LAYERS =
      List.of(
          "dev.alambic.operator.token",
          "dev.alambic.operator.kueue",
          "dev.alambic.operator.plan",
          "dev.alambic.operator.lifecycle",
          "dev.alambic.operator.render",
          "dev.alambic.operator.observe",
          "dev.alambic.operator.progress",
          "dev.alambic.operator.metrics",
          "dev.alambic.operator.controller",
          "dev.alambic.operator");
  private static final String[] PURE = {
    "dev.alambic.operator.plan..",
    "dev.alambic.operator.lifecycle..",
    "dev.alambic.operator.kueue..",
    "dev.alambic.operator.render.."
  };
  private static final Set<String> CLOCKS =
      Set.of("now", "currentTimeMillis", "nanoTime", "systemUTC", "systemDefaultZone", "sleep");

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

  /** With what is nested in it. */
  private static final SliceAssignment EACH_CLASS =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
          return SliceIdentifier.of(type.getName().replaceAll("\\$.*", ""));
        }

        @Override
        public String getDescription() {
          return "each class";
        }
      };

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
            "dev.alambic.signal..",
            "dev.alambic.teacher..",
            "dev.alambic.train..",
            "dev.alambic.main..",
            "ai.djl..")
        .check(MODULE);
  }

  @Test
  void decisionsTouchNoWorld() {
    DECISIONS_TOUCH_NO_WORLD.check(MODULE);
    DECISIONS_READ_NO_CLOCK.check(MODULE);
  }

  @Test
  void packagesAreLayered() {
    HouseRules.layered("dev.alambic.operator", LAYERS).check(MODULE);
  }

  /** Facts, then state, children and conditions: none asks one that asks it. */
  @Test
  void noPolicyIsAskedInACircle() {
    slices()
        .assignedFrom(EACH_CLASS)
        .should()
        .beFreeOfCycles()
        .check(MODULE.that(resideInAPackage("dev.alambic.operator.lifecycle")));
  }

  /** What only the command line needs would be dead weight in the operator's image. */
  @Test
  void knowsNothingOfTheCommandLine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.alambic.cli..", "dev.cel..", "me.tongfei..", "java.awt..")
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

  @Test
  void inputNamesNoClass() {
    HouseRules.inputNamesNoClass().check(MODULE);
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

  @Test
  void everyPackageIsDescribed() throws IOException {
    assertThat(HouseRules.undescribedPackages()).isEmpty();
  }
}
