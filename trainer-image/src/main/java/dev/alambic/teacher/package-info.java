/**
 * The teacher across the network: a gRPC server that batches concurrent requests for one engine
 * thread, and a client that spreads them over replicas and believes no answer that it has not
 * checked.
 */
package dev.alambic.teacher;
