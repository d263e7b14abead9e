package dev.alambic.teacher;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A teacher that answers over gRPC, with the standard health service: NOT_SERVING until the model
 * is loaded, when the engine has died, and from the moment it is closed.
 */
public final class TeacherServer implements AutoCloseable {
  private static final int HANDLER_THREADS = 2;

  /** It writes a stack trace for each connection that doesn't speak HTTP/2; kept: it is weak. */
  private static final Logger CONNECTIONS =
      Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerTransport.connections");

  static {
    CONNECTIONS.setLevel(Level.WARNING);
  }

  /** From the engine's last batch to its last answer on the wire. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

  private final Settings settings;
  private final ScoreQueue queue;
  private final ScoreEngine engine;
  private final HealthStatusManager health = new HealthStatusManager();
  private final AtomicBoolean over = new AtomicBoolean();
  private final ExecutorService handlers;
  private final Server server;
  private final Thread engineThread;

  /**
   * How a server behaves.
   *
   * @param port 0 for any free one
   * @param maxBatchTokens most tokens that the engine gets at once, and most of one request
   * @param maxQueuedTokens most tokens that wait for the engine; what comes beyond is refused
   * @param drain how long a close waits for answers that are under way
   * @param token what is demanded of who asks; the health service, which the platform probes,
   *     answers everybody
   */
  public record Settings(
      int port, int maxBatchTokens, long maxQueuedTokens, Duration drain, TeacherToken token) {
    private static final int QUEUED_BATCHES = 8;

    /** Settings with a queue of eight batches and a drain of 20 s, for everybody. */
    public static Settings of(int port, int maxBatchTokens) {
      long queued = (long) QUEUED_BATCHES * maxBatchTokens;
      return new Settings(
          port, maxBatchTokens, queued, Duration.ofSeconds(20), TeacherToken.none());
    }

    /** The same, for those who show this. */
    public Settings demanding(TeacherToken demanded) {
      return new Settings(port, maxBatchTokens, maxQueuedTokens, drain, demanded);
    }
  }

  private TeacherServer(Settings settings, Supplier<Scorer> loader, MeterRegistry registry) {
    this.settings = settings;
    this.queue = new ScoreQueue(settings.maxBatchTokens(), settings.maxQueuedTokens());
    TeacherMetrics metrics = new TeacherMetrics(registry, queue);
    this.engine = new ScoreEngine(loader, queue, metrics);
    this.handlers = Executors.newFixedThreadPool(HANDLER_THREADS, daemons("teacher-handler"));
    TeacherService service =
        new TeacherService(engine, queue, metrics, settings.maxBatchTokens(), handlers);
    this.server =
        NettyServerBuilder.forPort(settings.port())
            .executor(handlers)
            .maxInboundMessageSize(TeacherMethods.MAX_MESSAGE_BYTES)
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(
                ServerInterceptors.intercept(service.definition(), new TokenGate(settings.token())))
            .addService(health.getHealthService())
            .build();
    this.engineThread = new Thread(engine, "teacher-engine");
    engineThread.setDaemon(true);
  }

  /**
   * Starts listening, and loading the model.
   *
   * @param loader makes the scorer; it runs on the engine's thread, which also uses and closes it
   * @throws IOException if the port is taken
   */
  public static TeacherServer start(
      Settings settings, Supplier<Scorer> loader, MeterRegistry registry) throws IOException {
    TeacherServer teacher = new TeacherServer(settings, loader, registry);
    teacher.announce(ServingStatus.NOT_SERVING);
    teacher.followEngine();
    teacher.server.start();
    teacher.engineThread.start();
    return teacher;
  }

  private void followEngine() {
    var unusedServing = engine.loaded().thenRun(() -> announce(ServingStatus.SERVING));
    var unusedOver = engine.ended().whenComplete((done, failure) -> stopServing());
  }

  private void stopServing() {
    if (!over.getAndSet(true)) {
      health.enterTerminalState();
    }
  }

  private void announce(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(TeacherMethods.SERVICE, status);
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** The model once it is loaded, or why it could not be. */
  public CompletableFuture<ModelDescription> loaded() {
    return engine.loaded();
  }

  /** Done when the engine has stopped; fails if it could not load the model or broke. */
  public CompletableFuture<Void> ended() {
    return engine.ended();
  }

  /** Drains: refuses what comes, answers what was accepted, then stops. */
  @Override
  public void close() {
    stopServing();
    queue.close();
    server.shutdown();
    try {
      engineThread.join(settings.drain().toMillis());
      boolean answered = server.awaitTermination(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
      if (engineThread.isAlive() || !answered) { // a health watch never ends by itself
        engineThread.interrupt();
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      engineThread.interrupt();
      Thread.currentThread().interrupt();
    } finally {
      handlers.shutdown();
    }
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
