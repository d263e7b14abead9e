package dev.alambic.io;

import java.io.Console;

/** What the standard output of this process is connected to. */
public final class StandardOutput {
  private StandardOutput() {}

  /** Whether it is a terminal. */
  public static boolean isTerminal() {
    return isTerminal(System.console());
  }

  /** Since Java 22 there is a console without a terminal too, and a method that tells. */
  private static boolean isTerminal(Console console) {
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException beforeJava22) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
