/**
 * Kueue's published API, kueue.x-k8s.io/v1beta2, as far as it is used: served since Kueue 0.15,
 * stored since 0.16. What is not named here is neither read nor written. The job's own settings for
 * its queue are here too.
 */
package dev.alambic.operator.kueue;
