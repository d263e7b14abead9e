package dev.alambic.operator.controller;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;

/** The lease by which replicas of the operator agree on one. */
final class Lease {
  private static final String NAME = "alambic-operator";

  private Lease() {}

  /**
   * How it is held.
   *
   * @param namespace where it lies
   * @param replica who wants it
   * @param gained run when it is held
   * @param lost run when it is held no more
   */
  static LeaderElectionConfiguration of(
      String namespace, String replica, Runnable gained, Runnable lost) {
    return new LeaderElectionConfiguration(
        NAME,
        namespace,
        LeaderElectionConfiguration.LEASE_DURATION_DEFAULT_VALUE,
        LeaderElectionConfiguration.RENEW_DEADLINE_DEFAULT_VALUE,
        LeaderElectionConfiguration.RETRY_PERIOD_DEFAULT_VALUE,
        replica,
        new LeaderCallbacks(gained, lost, leader -> {}),
        false);
  }
}
