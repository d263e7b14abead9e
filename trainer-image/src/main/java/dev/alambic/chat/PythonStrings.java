package dev.alambic.chat;

import java.beans.FeatureDescriptor;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;

/** Python's methods of strings that chat templates call and Java's strings lack. */
final class PythonStrings extends ELResolver {
  private static final String WHITESPACE = " \t\n\r\f\u000b";

  @Override
  public Object invoke(
      ELContext context, Object base, Object method, Class<?>[] types, Object[] values) {
    Object result = base instanceof String text ? call(text, method.toString(), values) : null;
    context.setPropertyResolved(result != null || context.isPropertyResolved());
    return result;
  }

  private static Object call(String text, String method, Object[] values) {
    String first = values == null || values.length == 0 ? null : String.valueOf(values[0]);
    return switch (method) {
      case "startswith" -> text.startsWith(first);
      case "endswith" -> text.endsWith(first);
      case "strip" -> strip(text, first, true, true);
      case "lstrip" -> strip(text, first, true, false);
      case "rstrip" -> strip(text, first, false, true);
      case "split" -> split(text, first);
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "format" -> format(text, values);
      default -> null;
    };
  }

  private static String strip(String text, String characters, boolean left, boolean right) {
    String set = characters == null ? WHITESPACE : characters;
    int start = 0;
    int end = text.length();
    while (left && start < end && set.indexOf(text.charAt(start)) >= 0) {
      start++;
    }
    while (right && end > start && set.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Only {@code {}}, in order: all that templates use. */
  private static String format(String text, Object... values) {
    String formatted = text;
    for (Object value : values) {
      formatted = formatted.replaceFirst("\\{}", Matcher.quoteReplacement(String.valueOf(value)));
    }
    return formatted;
  }

  private static List<String> split(String text, String separator) {
    return separator == null
        ? Arrays.asList(strip(text, null, true, true).split("\\s+", -1))
        : Arrays.asList(text.split(Pattern.quote(separator), -1));
  }

  @Override
  public Object getValue(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public Class<?> getType(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {}

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
    return Collections.emptyIterator();
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, Object base) {
    return null;
  }
}
