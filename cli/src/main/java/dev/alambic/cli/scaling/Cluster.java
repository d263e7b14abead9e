package dev.alambic.cli.scaling;

/**
 * GPUs in nodes, and what lies between them. Latencies are those by which NCCL itself chooses its
 * algorithms (NVIDIA/nccl, src/graph/tuning.cc: protocol Simple, ring).
 *
 * @param linkBandwidth bytes a second and direction from one GPU to the others of its node
 * @param networkBandwidth bytes a second and direction from a node, for each of its GPUs
 */
public record Cluster(
    Accelerator gpu, int gpusPerNode, double linkBandwidth, double networkBandwidth) {

  /** What NCCL reaches of NVLink: 370 of 450 GB/s (NVIDIA/nccl-tests issue 212). */
  public static final double LINK_SHARE = 370.0 / 450;

  /** What NCCL reaches of 400 Gb/s InfiniBand: 46 to 48 GB/s (NVIDIA/nccl-tests issue 290). */
  public static final double NETWORK_SHARE = 47.0 / 50;

  /** To begin a collective, in seconds. */
  public static final double CALL_SECONDS = 8.4e-6;

  /** From GPU to GPU in a node, in seconds. */
  public static final double LINK_SECONDS = 3.4e-6;

  /** From node to node, in seconds. */
  public static final double NETWORK_SECONDS = 14e-6;

  /** Nodes of eight H100 on NVLink, and 400 Gb/s of InfiniBand for each GPU, as in a DGX H100. */
  public static final Cluster H100 = new Cluster(Accelerator.H100, 8, 450e9, 50e9);

  /** The number of nodes that hold {@code gpus} GPUs. */
  int nodes(int gpus) {
    return (gpus - 1) / gpusPerNode + 1;
  }

  /**
   * The ring through {@code gpus} GPUs: in a node from GPU to GPU, and from node to node by all
   * network cards of a node at once.
   */
  Ring ring(int gpus) {
    int nodes = nodes(gpus);
    double link = LINK_SHARE * linkBandwidth;
    double network = NETWORK_SHARE * networkBandwidth * gpusPerNode;
    double latency = CALL_SECONDS + (gpus - nodes) * LINK_SECONDS + (nodes - 1) * NETWORK_SECONDS;
    return new Ring(gpus, nodes == 1 ? link : Math.min(link, network), latency);
  }
}
