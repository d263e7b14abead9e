package dev.alambic.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;

/** The definition of DistillationJob in the chart: a copy, so that a plain clone installs. */
class DefinitionTest {
  private static final String NAME = "distillationjobs.alambic.dev";
  private static final Path SOURCE = Path.of("../crds", NAME + ".yaml");
  private static final Path COPY = Chart.FOLDER.resolve("files").resolve(NAME + ".yaml");

  @Test
  void copyIsTheSource() throws IOException {
    if (System.getProperty("alambic.crd.write") != null) {
      Files.copy(SOURCE, COPY, StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(Files.readString(COPY))
        .as(
            "helm/%s differs from the source: mvn -pl helm -am test -Dtest=DefinitionTest -Dsurefire.failIfNoSpecifiedTests=false -Dalambic.crd.write",
            COPY)
        .isEqualTo(Files.readString(SOURCE));
  }

  @Test
  void isRenderedAsItIs() {
    ObjectNode rendered = definition(Chart.render());
    ObjectNode metadata = (ObjectNode) rendered.get("metadata");
    metadata.remove("annotations");
    metadata.remove("labels");
    assertThat((JsonNode) rendered).isEqualTo(Chart.yaml(COPY));
  }

  @Test
  void staysByDefaultWhenTheReleaseGoes() {
    String policy = "/metadata/annotations/helm.sh~1resource-policy";
    assertThat(definition(Chart.render()).at(policy).asText()).isEqualTo("keep");
    assertThat(definition(Chart.render("crds: {keep: false}")).at(policy).isMissingNode()).isTrue();
  }

  @Test
  void isLeftOutOnRequest() {
    assertThat(Chart.render("crds: {enabled: false}").ofKind("CustomResourceDefinition")).isEmpty();
  }

  private static ObjectNode definition(Rendering rendering) {
    return (ObjectNode) rendering.object("CustomResourceDefinition " + NAME);
  }
}
