/** On-policy against off-policy, and what rollouts cost. */
package dev.alambic.bench.rollout;
