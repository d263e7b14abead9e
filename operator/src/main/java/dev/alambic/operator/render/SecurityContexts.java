package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.PodOverrides;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.Objects;

/** Users and rights of a pod and its containers: the user's, laid over the restricted profile. */
final class SecurityContexts {
  /** The images' user; volumes are made writable for this group. */
  private static final long USER = 65532;

  private static final String ON_ROOT_MISMATCH = "OnRootMismatch";

  private SecurityContexts() {}

  /**
   * Of the pod. A user who says anything of it says all of users and groups, so that an NFS share
   * that takes no fsGroup can be had, or the users that the cluster gives.
   */
  static PodSecurityContext ofPod(PodOverrides asked, PodSecurity security) {
    PodSecurityContext said = asked.securityContext();
    PodSecurityContextBuilder context =
        said != null
            ? new PodSecurityContextBuilder(said)
            : security.fixedUser() ? fixed() : new PodSecurityContextBuilder();
    if (context.getFsGroup() != null && context.getFsGroupChangePolicy() == null) {
      context.withFsGroupChangePolicy(ON_ROOT_MISMATCH);
    }
    boolean root = Long.valueOf(0).equals(context.getRunAsUser());
    if (context.getRunAsNonRoot() == null && !root) {
      context.withRunAsNonRoot(true);
    }
    if (!context.hasSeccompProfile()) {
      context.withNewSeccompProfile().withType("RuntimeDefault").endSeccompProfile();
    }
    return context.build();
  }

  private static PodSecurityContextBuilder fixed() {
    return new PodSecurityContextBuilder()
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER);
  }

  /** Of the container that does the pod's work. */
  static SecurityContext ofContainer(PodOverrides asked) {
    SecurityContext said =
        Objects.requireNonNullElseGet(asked.containerSecurityContext(), SecurityContext::new);
    SecurityContextBuilder context = restricted(said);
    if (context.getReadOnlyRootFilesystem() == null) {
      context.withReadOnlyRootFilesystem(true);
    }
    return context.build();
  }

  /** One of the user's own, which may write to its image. */
  static Container completed(Container container) {
    SecurityContext said =
        Objects.requireNonNullElseGet(container.getSecurityContext(), SecurityContext::new);
    return new ContainerBuilder(container).withSecurityContext(restricted(said).build()).build();
  }

  private static SecurityContextBuilder restricted(SecurityContext said) {
    SecurityContextBuilder context = new SecurityContextBuilder(said);
    // The API server takes no privileged container that may not escalate.
    if (said.getAllowPrivilegeEscalation() == null && !Boolean.TRUE.equals(said.getPrivileged())) {
      context.withAllowPrivilegeEscalation(false);
    }
    boolean dropped = said.getCapabilities() != null && !said.getCapabilities().getDrop().isEmpty();
    if (!dropped) {
      context.editOrNewCapabilities().withDrop("ALL").endCapabilities();
    }
    return context;
  }
}
