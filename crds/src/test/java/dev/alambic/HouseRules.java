package dev.alambic;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Rules that hold in every module. */
public final class HouseRules {
  private static final String DESERIALISES =
      "java\\.io\\.ObjectInput.*|java\\.beans\\.XMLDecoder|java\\.rmi\\..*|javax\\.script\\..*"
          + "|org\\.yaml\\.snakeyaml\\.(constructor\\.(Constructor|CustomClassLoaderConstructor))"
          + "|com\\.fasterxml\\.jackson\\.annotation\\.JsonTypeInfo";
  private static final Set<String> CLASS_BY_NAME =
      Set.of(
          "java.lang.Class.forName",
          "java.lang.ClassLoader.loadClass",
          "com.fasterxml.jackson.databind.ObjectMapper.activateDefaultTyping");

  private HouseRules() {}

  /** The main classes below a package, without those of tests. */
  public static JavaClasses mainClasses(String root) {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages(root);
  }

  /**
   * Each package of the list may depend on those before it, on none after it; every class below
   * {@code root} is in a package of the list.
   */
  public static ArchRule layered(String root, List<String> packages) {
    return classes()
        .that()
        .resideInAPackage(root + "..")
        .should(
            new ArchCondition<>("depend only on packages before their own in " + packages) {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                int own = packages.indexOf(item.getPackageName());
                if (own < 0) {
                  events.add(
                      SimpleConditionEvent.violated(
                          item, item.getPackageName() + " is missing in the list of layers"));
                }
                for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
                  if (packages.indexOf(dependency.getTargetClass().getPackageName()) > own) {
                    events.add(SimpleConditionEvent.violated(item, dependency.getDescription()));
                  }
                }
              }
            });
  }

  /** Packages of this module's main sources that have no {@code package-info.java}. */
  public static List<Path> undescribedPackages() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(Path::getParent)
          .distinct()
          .filter(folder -> Files.notExists(folder.resolve("package-info.java")))
          .toList();
    }
  }

  /** No package below {@code root} depends on itself by way of another. */
  public static ArchRule freeOfCycles(String root) {
    return slices().matching(root + ".(**)").should().beFreeOfCycles();
  }

  /** What is read is data: it cannot choose the classes that are made of it, or bring code. */
  public static ArchRule inputNamesNoClass() {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching(DESERIALISES)
        .orShould()
        .callMethodWhere(
            DescribedPredicate.describe(
                "a class is looked up by name",
                call ->
                    CLASS_BY_NAME.contains(
                        call.getTarget().getFullName().replaceAll("\\(.*", ""))));
  }
}
