package dev.alambic.operator.render;

/**
 * Images of the pods.
 *
 * @param runtime the image with the commands {@code teacher} and {@code train}
 * @param pullPolicy as in a Pod, or null for Kubernetes' default
 */
public record Images(String runtime, String pullPolicy) {}
