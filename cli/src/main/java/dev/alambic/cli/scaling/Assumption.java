package dev.alambic.cli.scaling;

import java.util.List;
import java.util.Locale;

/**
 * What a calculation takes for granted.
 *
 * @param what one sentence
 * @param source where it is from; null for an assumption of our own
 */
public record Assumption(String what, String source) {

  /** Those of step times on this cluster. */
  static List<Assumption> of(Cluster cluster, double utilization) {
    Accelerator gpu = cluster.gpu();
    return List.of(
        assume(
            "NVIDIA's datasheet",
            "%s: %.0f TFLOP/s dense BF16, %.0f FP32, %.0f GB at %.2f TB/s",
            gpu.name(),
            gpu.bf16() / 1e12,
            gpu.fp32() / 1e12,
            gpu.memoryBytes() / 1e9,
            gpu.memoryBandwidth() / 1e12),
        assume(
            "FSDP on H100s: 0.30 to 0.51, docs/scaling.md",
            "BF16 products, and all that is small between them, reach %.2f of the peak"
                + " (--utilization)",
            utilization),
        assume(
            null,
            "FP32 products reach %.2f of their peak; the head's gradient is one (objective.py)",
            Speed.FP32_SHARE),
        assume(
            "Calculon, SC 2023; an A100's",
            "what is limited by memory reaches %.2f of its bandwidth: attention's scores, logits,"
                + " casts, the optimizer",
            Speed.MEMORY_SHARE),
        assume(
            "datasheet; nccl-tests issue 212: 370 of 450 GB/s",
            "NVLink: %.0f GB/s a direction, of which NCCL reaches %.2f; %d GPUs a node",
            cluster.linkBandwidth() / 1e9,
            Cluster.LINK_SHARE,
            cluster.gpusPerNode()),
        assume(
            "nccl-tests issue 290: 46 to 48 GB/s of 400 Gb/s",
            "network: %.0f Gb/s for each GPU (--network-gbits), of which NCCL reaches %.2f; not"
                + " shared with other traffic",
            8 * cluster.networkBandwidth() / 1e9,
            Cluster.NETWORK_SHARE),
        assume(
            "Patarasuk and Yuan 2009; latencies: NCCL's tuning.cc",
            "rings: (P-1)/P of the bytes over the slowest link for a gather or a reduce-scatter,"
                + " twice for an all-reduce; %.1f us a call, %.1f a hop in a node, %.0f between nodes",
            1e6 * Cluster.CALL_SECONDS,
            1e6 * Cluster.LINK_SECONDS,
            1e6 * Cluster.NETWORK_SECONDS),
        assume(
            "ZeRO, arXiv 1910.02054; FSDP, arXiv 2304.11277",
            "per layer, in FP32: None sums gradients after the last micro-batch, Optimizer gathers"
                + " the weights after the update too, Full gathers and reduce-scatters in each"
                + " micro-batch, the next layer beside the one that is computed"),
        assume(
            "docs/scaling.md",
            "a collective takes nothing from what computes beside it; with no overlap a step would"
                + " take compute, comm. and optim. together"),
        assume(
            null,
            "a teacher's GPU computes 2 operations a parameter and token at the same utilization and"
                + " holds the whole teacher"),
        assume(
            null,
            "not in it: evaluation, checkpoints, reading text, stragglers, failures, restarts"));
  }

  private static Assumption assume(String source, String what, Object... values) {
    return new Assumption(String.format(Locale.ROOT, what, values), source);
  }
}
