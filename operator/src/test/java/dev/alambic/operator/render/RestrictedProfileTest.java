package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each control of the restricted Pod Security profile that a job's rights can leave. */
class RestrictedProfileTest {
  private static final String LEAVES =
      " leaves the restricted Pod Security profile: leave it out, or install the chart with"
          + " allowPrivilegedPods";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "securityContext: {runAsNonRoot: false}|securityContext.runAsNonRoot: false",
        "securityContext: {runAsUser: 0}|securityContext.runAsUser: 0",
        "securityContext: {seccompProfile: {type: Unconfined}}"
            + "|securityContext.seccompProfile.type: Unconfined",
        "securityContext: {appArmorProfile: {type: Unconfined}}"
            + "|securityContext.appArmorProfile.type: Unconfined",
        "securityContext: {seLinuxOptions: {type: spc_t}}"
            + "|securityContext.seLinuxOptions.type: spc_t",
        "securityContext: {seLinuxOptions: {user: u}}|securityContext.seLinuxOptions.user: u",
        "securityContext: {seLinuxOptions: {role: r}}|securityContext.seLinuxOptions.role: r",
        "securityContext: {sysctls: [{name: kernel.shmmax, value: \"1\"}]}"
            + "|securityContext.sysctls: kernel.shmmax",
        "containerSecurityContext: {privileged: true}|containerSecurityContext.privileged: true",
        "containerSecurityContext: {allowPrivilegeEscalation: true}"
            + "|containerSecurityContext.allowPrivilegeEscalation: true",
        "containerSecurityContext: {procMount: Unmasked}"
            + "|containerSecurityContext.procMount: Unmasked",
        "containerSecurityContext: {runAsUser: 0}|containerSecurityContext.runAsUser: 0",
        "containerSecurityContext: {capabilities: {add: [IPC_LOCK]}}"
            + "|containerSecurityContext.capabilities.add: IPC_LOCK",
        "containerSecurityContext: {capabilities: {drop: [CHOWN]}}"
            + "|containerSecurityContext.capabilities.drop: [CHOWN] without ALL",
        "initContainers: [{name: a}, {name: b, securityContext: {privileged: true}}]"
            + "|initContainers[1].securityContext.privileged: true",
      })
  void isRefusedByField(String asked, String problem) {
    for (String role : new String[] {"teacher", "trainer"}) {
      String fields = "{%s: {pod: {%s}}}".formatted(role, asked);
      assertThat(RestrictedProfile.problems(Rendered.job("j", fields)))
          .containsExactly("spec." + role + ".pod." + problem + LEAVES);
    }
  }

  @Test
  void whatKeepsItIsTaken() {
    String asked =
        """
        {trainer: {pod: {securityContext: {runAsUser: 1000660000, runAsGroup: 0, fsGroup: 7,
         runAsNonRoot: true, seccompProfile: {type: Localhost, localhostProfile: p},
         seLinuxOptions: {level: "s0:c26,c5", type: container_t},
         sysctls: [{name: net.ipv4.tcp_rmem, value: "1"}]},
         containerSecurityContext: {privileged: false, allowPrivilegeEscalation: false,
         procMount: Default, capabilities: {add: [NET_BIND_SERVICE], drop: [ALL]}}}}}
        """;
    assertThat(RestrictedProfile.problems(Rendered.job("j", asked))).isEmpty();
    assertThat(RestrictedProfile.problems(Rendered.job("j"))).isEmpty();
  }
}
