package dev.alambic.operator.render;

import dev.alambic.api.v1alpha1.DistillationJob;
import dev.alambic.api.v1alpha1.PodOverrides;
import io.fabric8.kubernetes.api.model.AppArmorProfile;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SELinuxOptions;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What of the rights that a job asks for leaves the restricted profile of the Pod Security
 * Standards (kubernetes.io/docs/concepts/security/pod-security-standards, of Kubernetes 1.36).
 */
public final class RestrictedProfile {
  private static final Set<String> SELINUX_TYPES =
      Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");
  private static final Set<String> SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_wmem");
  private static final String NET_BIND_SERVICE = "NET_BIND_SERVICE";

  private final List<String> problems = new ArrayList<>();

  private RestrictedProfile() {}

  /**
   * What leaves it.
   *
   * @return {@code field: reason}; empty if nothing does
   */
  public static List<String> problems(DistillationJob job) {
    RestrictedProfile profile = new RestrictedProfile();
    profile.pods("spec.teacher.pod.", job.getSpec().teacher().pod());
    profile.pods(
        "spec.trainer.pod.",
        job.getSpec().trainer() == null ? null : job.getSpec().trainer().pod());
    return List.copyOf(profile.problems);
  }

  private void pods(String field, PodOverrides asked) {
    if (asked == null) {
      return;
    }
    if (asked.securityContext() != null) {
      pod(field + "securityContext.", asked.securityContext());
    }
    container(field + "containerSecurityContext.", asked.containerSecurityContext());
    List<Container> containers =
        asked.initContainers() == null ? List.of() : asked.initContainers();
    for (int i = 0; i < containers.size(); i++) {
      container(
          "%sinitContainers[%d].securityContext.".formatted(field, i),
          containers.get(i).getSecurityContext());
    }
  }

  private void pod(String field, PodSecurityContext context) {
    user(field, context.getRunAsNonRoot(), context.getRunAsUser());
    profiles(
        field,
        context.getSeccompProfile(),
        context.getAppArmorProfile(),
        context.getSeLinuxOptions());
    for (Sysctl sysctl : context.getSysctls()) {
      refuseIf(!SYSCTLS.contains(sysctl.getName()), field + "sysctls", sysctl.getName());
    }
  }

  private void container(String field, SecurityContext context) {
    if (context == null) {
      return;
    }
    user(field, context.getRunAsNonRoot(), context.getRunAsUser());
    profiles(
        field,
        context.getSeccompProfile(),
        context.getAppArmorProfile(),
        context.getSeLinuxOptions());
    refuseIf(isTrue(context.getPrivileged()), field + "privileged", "true");
    refuseIf(
        isTrue(context.getAllowPrivilegeEscalation()), field + "allowPrivilegeEscalation", "true");
    refuseIf(
        context.getProcMount() != null && !context.getProcMount().equals("Default"),
        field + "procMount",
        context.getProcMount());
    capabilities(field + "capabilities.", context.getCapabilities());
  }

  private void capabilities(String field, Capabilities capabilities) {
    if (capabilities == null) {
      return;
    }
    for (String added : capabilities.getAdd()) {
      refuseIf(!added.equals(NET_BIND_SERVICE), field + "add", added);
    }
    List<String> dropped = capabilities.getDrop();
    refuseIf(
        !dropped.isEmpty() && !dropped.contains("ALL"),
        field + "drop",
        "[%s] without ALL".formatted(String.join(", ", dropped)));
  }

  private void user(String field, Boolean nonRoot, Long user) {
    refuseIf(Boolean.FALSE.equals(nonRoot), field + "runAsNonRoot", "false");
    refuseIf(Long.valueOf(0).equals(user), field + "runAsUser", "0");
  }

  private void profiles(
      String field, SeccompProfile seccomp, AppArmorProfile appArmor, SELinuxOptions seLinux) {
    refuseIf(
        seccomp != null && "Unconfined".equals(seccomp.getType()),
        field + "seccompProfile.type",
        "Unconfined");
    refuseIf(
        appArmor != null && "Unconfined".equals(appArmor.getType()),
        field + "appArmorProfile.type",
        "Unconfined");
    if (seLinux != null) {
      refuseIf(
          seLinux.getType() != null && !SELINUX_TYPES.contains(seLinux.getType()),
          field + "seLinuxOptions.type",
          seLinux.getType());
      refuseIf(isSet(seLinux.getUser()), field + "seLinuxOptions.user", seLinux.getUser());
      refuseIf(isSet(seLinux.getRole()), field + "seLinuxOptions.role", seLinux.getRole());
    }
  }

  private static boolean isSet(String text) {
    return text != null && !text.isEmpty();
  }

  private static boolean isTrue(Boolean value) {
    return Boolean.TRUE.equals(value);
  }

  private void refuseIf(boolean leaves, String field, String value) {
    if (leaves) {
      problems.add(
          "%s: %s leaves the restricted Pod Security profile: leave it out, or install the chart with"
                  .formatted(field, value)
              + " allowPrivilegedPods");
    }
  }
}
