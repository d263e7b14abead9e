package dev.alambic.data;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.el.ext.NamedParameter;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.objects.Namespace;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.regex.MatchResult;
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
  private static final Pattern STATEMENT = Pattern.compile("\\{%.*?%}", Pattern.DOTALL);
  private static final Pattern NEGATED_TEST =
      Pattern.compile(
          "\\bnot\\s+([\\w.]+(?:\\[[^\\]]*])*)\\s+is\\s+((?:not\\s+)?"
              + "(?:defined|undefined|none|string|mapping|iterable|sequence|number|true|false))\\b");
  private static final Pattern GENERATION =
      Pattern.compile("(\\{%-?\\s*)(end)?generation(\\s*-?%})");

  /**
   * What templates that ask for today are told, so that a prompt is the same tokens on each day
   * that a run is taken up: the date that Llama 3.2's template falls back on.
   */
  private static final ZonedDateTime TODAY =
      ZonedDateTime.of(2024, 7, 26, 0, 0, 0, 0, ZoneOffset.UTC);

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
    register(jinjava, "strftime_now", "today", String.class);
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

  /** {@code strftime_now(format)}, in Python's letters; always of the same day. */
  public static String today(String format) {
    return StrftimeFormatter.format(TODAY, format);
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
   * A template in the words of the library: it knows no slice {@code [::-1]} and no {@code
   * generation}, which marks what a model says and changes nothing in it; it takes {@code
   * namespace(last=n - 1)} for {@code (last=n) - 1}, and {@code not x is defined} for {@code (not
   * x) is defined}.
   */
  static String translate(String template) {
    String known = REVERSED.matcher(template).replaceAll("|reverse");
    String marked = GENERATION.matcher(known).replaceAll(JinjaDialect::conditional);
    String tested =
        STATEMENT
            .matcher(marked)
            .replaceAll(
                tag ->
                    Matcher.quoteReplacement(
                        NEGATED_TEST.matcher(tag.group()).replaceAll("not ($1 is $2)")));
    return NAMESPACE
        .matcher(tested)
        .replaceAll(
            call ->
                Matcher.quoteReplacement(
                    "namespace(" + NAMED_VALUE.matcher(call.group(1)).replaceAll("$1=($2)") + ")"));
  }

  private static String conditional(MatchResult generation) {
    String tag = generation.group(2) == null ? "if true" : "endif";
    return generation.group(1) + tag + generation.group(3);
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
