package dev.alambic.data;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.el.ext.NamedParameter;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.objects.Namespace;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jinjava.javax.el.CompositeELResolver;

/**
 * Jinja as transformers sets it up for chat templates: blocks trimmed, {@code raise_exception},
 * {@code namespace}, Python's methods of strings. What is said in a conversation is never read as a
 * template.
 */
final class JinjaDialect {
  static final Jinjava ENGINE = engine();

  private static final Pattern REVERSED = Pattern.compile("\\[\\s*::\\s*-1\\s*]");
  private static final Pattern NAMESPACE = Pattern.compile("namespace\\(([^()]*)\\)");
  private static final Pattern NAMED_VALUE = Pattern.compile("(\\w+)\\s*=\\s*([^,]+)");

  private JinjaDialect() {}

  /** What a template says against a conversation. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  private static Jinjava engine() {
    CompositeELResolver resolver = new CompositeELResolver();
    resolver.add(new PythonStrings());
    resolver.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
    LegacyOverrides asInPython =
        LegacyOverrides.newBuilder()
            .withParseWhitespaceControlStrictly(true)
            .withUseTrimmingForNotesAndExpressions(true)
            .withUseSnakeCasePropertyNaming(true)
            .withKeepNullableLoopValues(true)
            .withUsePyishObjectMapper(true)
            .withEvaluateMapKeys(true)
            .withIterateOverMapKeys(true)
            .withUseNaturalOperatorPrecedence(true)
            .build();
    Jinjava jinjava =
        new Jinjava(
            JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withNestedInterpretationEnabled(false)
                .withElResolver(resolver)
                .withLegacyOverrides(asInPython)
                .build());
    register(jinjava, "raise_exception", "refuse", String.class);
    register(jinjava, "namespace", "namespace", Object[].class);
    return jinjava;
  }

  private static void register(Jinjava jinjava, String name, String method, Class<?> parameter) {
    jinjava
        .getGlobalContext()
        .registerFunction(
            new ELFunctionDefinition("", name, JinjaDialect.class, method, parameter));
  }

  /** {@code raise_exception(message)}, which only templates call. */
  @SuppressWarnings("DoNotCallSuggester")
  public static String refuse(String message) {
    throw new RefusedException(message);
  }

  /** {@code namespace(name=value, ...)}. */
  public static Namespace namespace(Object... values) {
    Namespace namespace = new Namespace();
    for (Object value : values) {
      NamedParameter named = (NamedParameter) value;
      namespace.put(named.getName(), named.getValue());
    }
    return namespace;
  }

  /**
   * A template in the words of the library: it knows no slice {@code [::-1]}, and takes {@code
   * namespace(last=n - 1)} for {@code (last=n) - 1}.
   */
  static String translate(String template) {
    String known = REVERSED.matcher(template).replaceAll("|reverse");
    return NAMESPACE
        .matcher(known)
        .replaceAll(
            call ->
                Matcher.quoteReplacement(
                    "namespace(" + NAMED_VALUE.matcher(call.group(1)).replaceAll("$1=($2)") + ")"));
  }

  /** Why a template could not be rendered: its own words if it refused, else the library's. */
  static String reason(TemplateError error) {
    for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
      if (cause instanceof RefusedException) {
        return cause.getMessage();
      }
    }
    return "line " + error.getLineno() + ": " + error.getMessage();
  }
}
