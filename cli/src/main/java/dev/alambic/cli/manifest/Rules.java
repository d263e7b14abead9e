package dev.alambic.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The schema's CEL rules (x-kubernetes-validations). Of Kubernetes' extensions to the language
 * there is the strings library, which is all that the rules use.
 */
final class Rules {
  private static final Cel CEL =
      CelFactory.plannerCelBuilder()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("self", SimpleType.DYN)
          .addVar("oldSelf", SimpleType.DYN)
          .addCompilerLibraries(CelExtensions.strings())
          .addRuntimeLibraries(CelExtensions.strings())
          .build();

  private final Map<String, CelRuntime.Program> programs = new ConcurrentHashMap<>();

  /**
   * The broken rules of a value and all inside it.
   *
   * @param old the value that this one replaces, or null when it is created: then rules about
   *     changes are not asked
   */
  List<String> check(JsonNode schema, JsonNode value, JsonNode old) {
    List<String> problems = new ArrayList<>();
    check(schema, value, old, FieldPath.ROOT, problems);
    return problems;
  }

  /** The broken rules of the value itself, not of what is inside it. */
  List<String> checkTop(JsonNode schema, JsonNode value) {
    List<String> problems = new ArrayList<>();
    checkHere(schema, value, null, FieldPath.ROOT, problems);
    return problems;
  }

  private void check(
      JsonNode schema, JsonNode value, JsonNode old, FieldPath path, List<String> problems) {
    checkHere(schema, value, old, path, problems);
    // The rules all stand on mappings outside lists and maps; a test of the schema says so.
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      JsonNode inner = value.path(field.getKey());
      if (!inner.isMissingNode()) {
        JsonNode innerOld = old == null ? null : old.get(field.getKey());
        check(field.getValue(), inner, innerOld, path.field(field.getKey()), problems);
      }
    }
  }

  private void checkHere(
      JsonNode schema, JsonNode value, JsonNode old, FieldPath path, List<String> problems) {
    for (JsonNode rule : schema.path("x-kubernetes-validations")) {
      String expression = rule.get("rule").asText();
      boolean transition = expression.contains("oldSelf");
      if ((!transition || old != null) && !holds(expression, value, old)) {
        String message = rule.get("message").asText();
        problems.add(path.text().isEmpty() ? message : path + "." + message);
      }
    }
  }

  /** A rule that cannot be evaluated does not hold, as in the API server. */
  private boolean holds(String expression, JsonNode value, JsonNode old) {
    Map<String, Object> variables =
        old == null
            ? Map.of("self", CelValue.of(value))
            : Map.of("self", CelValue.of(value), "oldSelf", CelValue.of(old));
    try {
      return Boolean.TRUE.equals(
          programs.computeIfAbsent(expression, Rules::compile).eval(variables));
    } catch (CelEvaluationException e) {
      return false;
    }
  }

  private static CelRuntime.Program compile(String expression) {
    try {
      return CEL.createProgram(CEL.compile(expression).getAst());
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException("rule " + expression + ": " + e.getMessage(), e);
    }
  }
}
