package dev.alambic.parallel;

import com.sun.jna.Structure;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Writes down each call as C would be written, but for arrays and structures, and asks another. */
final class RecordedNccl {
  /** What is asked before everything and says nothing of what is done. */
  private static final List<String> QUESTIONS =
      List.of("ncclCommGetAsyncError", "ncclGetErrorString", "ncclGetLastError");

  final List<String> calls = new ArrayList<>();

  /** Results other than those of the stub, by function. */
  final Map<String, Integer> results = new ConcurrentHashMap<>();

  Nccl of(Nccl asked) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (!QUESTIONS.contains(method.getName())) {
            calls.add(method.getName() + written(arguments));
          }
          Integer result = results.get(method.getName());
          try {
            return result != null ? result : method.invoke(asked, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (Nccl)
        Proxy.newProxyInstance(
            RecordedNccl.class.getClassLoader(), new Class<?>[] {Nccl.class}, handler);
  }

  private static String written(Object[] arguments) {
    return arguments == null
        ? "()"
        : Arrays.stream(arguments)
            .filter(argument -> !argument.getClass().isArray())
            .map(argument -> argument instanceof Structure ? "id" : argument.toString())
            .collect(Collectors.joining(", ", "(", ")"));
  }
}
