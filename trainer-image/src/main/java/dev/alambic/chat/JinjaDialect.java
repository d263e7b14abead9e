package dev.alambic.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.el.ext.NamedParameter;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.objects.Namespace;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import dev.alambic.failure.BoundedText;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  /** Of the library's words on what is wrong. */
  private static final int MOST_BYTES = 500;

  /**
   * What reads other files, renders what was said, is never the same twice, or makes a text of any
   * width.
   */
  private static final Map<Context.Library, Set<String>> NOT_FOR_CHAT =
      Map.of(
          Context.Library.TAG, Set.of("include", "import", "from", "extends"),
          Context.Library.FILTER,
              Set.of(
                  "render", "random", "shuffle", "log", "center", "format", "indent", "wordwrap"));

  private static final Pattern REVERSED = Pattern.compile("\\[\\s*::\\s*-1\\s*]");
  private static final Pattern NAMESPACE = Pattern.compile("namespace\\(([^()]*)\\)");
  private static final Pattern NAMED_VALUE = Pattern.compile("\\b(\\w++)\\s*=\\s*([^,]+)");
  private static final Pattern NEGATED_TEST =
      Pattern.compile(
          "\\bnot\\s+([\\w.]+(?:\\[[^\\]]*])*)\\s+is\\s+((?:not\\s+)?"
              + "(?:defined|undefined|none|string|mapping|iterable|sequence|number|true|false))\\b");
  private static final Pattern GENERATION =
      Pattern.compile("(\\{%-?\\s*)(end)?generation(\\s*-?%})");

  /**
   * The date that templates get as today, so that a prompt is the same tokens on each day that a
   * run is taken up: the date that Llama 3.2's template falls back on.
   */
  private static final ZonedDateTime TODAY =
      ZonedDateTime.of(2024, 7, 26, 0, 0, 0, 0, ZoneOffset.UTC);

  private JinjaDialect() {}

  /** Why a template refuses a conversation. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /** The library, set up for chat templates. */
  static Jinjava engine(TemplateLimits limits) {
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
                .withMaxOutputSize(limits.output())
                .withMaxStringLength(limits.output())
                .withMaxListSize(limits.collection())
                .withMaxMapSize(limits.collection())
                .withProcessors(
                    JinjavaProcessors.newBuilder()
                        .withNodePreProcessor((node, interpreter) -> RenderTime.check(interpreter))
                        .build())
                .withDisabled(NOT_FOR_CHAT)
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
   * generation}, which marks the model's own text and changes nothing in it; it takes {@code
   * namespace(last=n - 1)} for {@code (last=n) - 1}, and {@code not x is defined} for {@code (not
   * x) is defined}.
   */
  static String translate(String template) {
    String known = REVERSED.matcher(template).replaceAll("|reverse");
    String marked = GENERATION.matcher(known).replaceAll(JinjaDialect::conditional);
    return NAMESPACE
        .matcher(withGroupedTests(marked))
        .replaceAll(
            call ->
                Matcher.quoteReplacement(
                    "namespace(" + NAMED_VALUE.matcher(call.group(1)).replaceAll("$1=($2)") + ")"));
  }

  /** Statement by statement, without a regular expression that would search the rest for each. */
  private static String withGroupedTests(String template) {
    StringBuilder grouped = new StringBuilder();
    int from = 0;
    while (true) {
      int start = template.indexOf("{%", from);
      int end = start < 0 ? -1 : template.indexOf("%}", start + 2);
      if (end < 0) {
        return grouped.append(template, from, template.length()).toString();
      }
      String statement = template.substring(start, end);
      grouped
          .append(template, from, start)
          .append(NEGATED_TEST.matcher(statement).replaceAll("not ($1 is $2)"));
      from = end;
    }
  }

  private static String conditional(MatchResult generation) {
    String tag = generation.group(2) == null ? "if true" : "endif";
    return generation.group(1) + tag + generation.group(3);
  }

  /** Why a template could not be rendered: its own words if it refused, else the library's. */
  static String reason(List<TemplateError> errors) {
    for (TemplateError error : errors) {
      for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
        if (cause instanceof RefusedException) {
          return cause.getMessage();
        }
        if (cause instanceof RenderTime.OverException) {
          return "it does not end in time";
        }
      }
    }
    TemplateError first =
        errors.stream()
            .filter(error -> !(error.getException() instanceof RenderTime.StoppedException))
            .findFirst()
            .orElse(errors.get(0));
    return "line " + first.getLineno() + ": " + BoundedText.cut(first.getMessage(), MOST_BYTES);
  }
}
