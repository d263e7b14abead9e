package dev.alambic.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schemas that docs/trainer-contract.md points to are those of the types. */
class RunContractSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final boolean WRITES = System.getProperty("alambic.crd.write") != null;

  /** One half of the contract. */
  private record Contract(Path file, Class<?> type, Object example) {
    JsonSchema schema() throws IOException {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(Files.readString(file));
    }

    ObjectNode json() throws IOException {
      return (ObjectNode) JSON.readTree(RunJson.write(example));
    }
  }

  static List<Contract> contracts() {
    return List.of(
        new Contract(Path.of("run.schema.json"), RunSpec.class, RunContractTest.runSpec()),
        new Contract(Path.of("progress.schema.json"), Progress.class, RunContractTest.fresh()));
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void checkedInSchemaIsWhatTheTypesSay(Contract contract) throws IOException {
    String schema = RunContractSchema.of(contract.type).toPrettyString() + "\n";
    if (WRITES) {
      Files.writeString(contract.file, schema);
    }
    assertThat(Files.readString(contract.file))
        .as("crds/%s differs from the types: mvn -pl crds test -Dalambic.crd.write", contract.file)
        .isEqualTo(schema);
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void whatIsWrittenIsValid(Contract contract) throws IOException {
    assertThat(contract.schema().validate(contract.json())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void anUnknownFieldIsNot(Contract contract) throws IOException {
    JsonNode other = contract.json().put("unknown", 1);
    assertThat(contract.schema().validate(other)).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void anotherTypeIsNot(Contract contract) throws IOException {
    JsonNode other = contract.json().put("job", 1);
    assertThat(contract.schema().validate(other)).isNotEmpty();
  }
}
