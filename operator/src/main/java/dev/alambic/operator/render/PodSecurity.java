package dev.alambic.operator.render;

/**
 * What users the pods run as, and what they may ask for.
 *
 * @param fixedUser whether pods name the user and group that they run as. Not so where the cluster
 *     gives each namespace users of its own, as OpenShift does, and refuses others
 * @param restricted whether what a job asks for must keep the restricted Pod Security profile
 */
public record PodSecurity(boolean fixedUser, boolean restricted) {
  /** The images' user, and nothing but the restricted profile. */
  public static final PodSecurity USUAL = new PodSecurity(true, true);
}
