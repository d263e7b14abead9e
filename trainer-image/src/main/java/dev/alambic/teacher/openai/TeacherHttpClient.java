package dev.alambic.teacher.openai;

import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.signal.SignalException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;

/** Sends one request, and reads its answer or throws why there is none. */
final class TeacherHttpClient {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Set<Integer> NOT_THERE = Set.of(404, 405, 501);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          // A key goes to the server it was given for, and to no other.
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();

  private final ServerUrl server;
  private final ApiKey key;
  private final Duration patience;
  private final Timing timing;

  /**
   * An asker of one server.
   *
   * @param patience longest wait for one answer, from question to its last byte
   */
  TeacherHttpClient(ServerUrl server, ApiKey key, Duration patience, Timing timing) {
    this.server = server;
    this.key = key;
    this.patience = patience;
    this.timing = timing;
  }

  /** Reads the body of a good answer. */
  interface BodyReader<A> {
    A read(InputStream body) throws IOException;
  }

  /** The answer to a GET. */
  <A> A get(String path, long mostBytes, BodyReader<A> reader)
      throws NoAnswerException, InterruptedException {
    return ask(HttpRequest.newBuilder(server.at(path)).GET(), mostBytes, reader, Set.of());
  }

  /** The answer to a POST of JSON. */
  <A> A post(String path, byte[] json, long mostBytes, BodyReader<A> reader)
      throws NoAnswerException, InterruptedException {
    return ask(posted(path, json), mostBytes, reader, Set.of());
  }

  /** The answer to a POST of JSON, or null if the server has no such path. */
  <A> A postIfThere(String path, byte[] json, long mostBytes, BodyReader<A> reader)
      throws NoAnswerException, InterruptedException {
    return ask(posted(path, json), mostBytes, reader, NOT_THERE);
  }

  private HttpRequest.Builder posted(String path, byte[] json) {
    return HttpRequest.newBuilder(server.at(path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(json));
  }

  private <A> A ask(
      HttpRequest.Builder request, long mostBytes, BodyReader<A> reader, Set<Integer> noAnswer)
      throws NoAnswerException, InterruptedException {
    key.addTo(request);
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      HttpResponse<InputStream> response =
          client.send(
              request.timeout(patience).header("Accept", "application/json").build(),
              info -> new HttpBody(mostBytes, deadline));
      try (InputStream body = response.body()) {
        return noAnswer.contains(response.statusCode()) ? null : answer(response, body, reader);
      }
    } catch (HttpBody.OversizeException e) {
      throw new SignalException(
          "its answer is over " + mostBytes + " bytes, longer than any right one");
    } catch (IOException e) {
      requireNotInterrupted();
      throw NoAnswerException.busy(describe(e), Duration.ZERO);
    }
  }

  private static void requireNotInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private <A> A answer(HttpResponse<InputStream> response, InputStream body, BodyReader<A> reader)
      throws IOException, NoAnswerException {
    int status = response.statusCode();
    if (status == 200) {
      return reader.read(body);
    }
    String why = key.hiddenIn("HTTP " + status + ErrorBody.read(body));
    switch (status) {
      case 408, 425, 429, 502, 503, 504 ->
          throw NoAnswerException.busy(
              why,
              RetryAfter.parse(
                  response.headers().firstValue("Retry-After").orElse(null), timing.now()));
      case 401, 403 -> throw refused(why + ": " + key.advice());
      default -> {
        if (status >= 500) {
          throw NoAnswerException.fault(why);
        }
        throw refused(
            status >= 300 && status < 400
                ? why + ": it sends elsewhere, which is not followed: give its own address"
                : why);
      }
    }
  }

  private RunException refused(String why) {
    return new RunException(ExitCode.DATA, "teacher " + server + " refuses: " + why);
  }

  private static String describe(IOException e) {
    String name = e.getClass().getSimpleName().replaceAll("Exception$", "");
    return e.getMessage() == null ? name : name + " " + ServerText.brief(e.getMessage());
  }
}
