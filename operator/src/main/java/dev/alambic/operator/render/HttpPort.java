package dev.alambic.operator.render;

import dev.alambic.operator.plan.ReservedNames;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ProbeBuilder;

/** The port of health, metrics and progress, the same for teacher and trainer. */
public final class HttpPort {
  public static final int NUMBER = ReservedNames.HTTP_PORT;
  static final String NAME = "http";
  static final ContainerPort OF_CONTAINER =
      new ContainerPortBuilder().withName(NAME).withContainerPort(NUMBER).build();

  private HttpPort() {}

  static ProbeBuilder get(String path) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withPort(new IntOrString(NAME))
        .endHttpGet()
        .withTimeoutSeconds(5);
  }
}
