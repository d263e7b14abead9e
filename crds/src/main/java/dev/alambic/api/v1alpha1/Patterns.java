package dev.alambic.api.v1alpha1;

/**
 * The forms of text in the resource, as regular expressions that RE2 (the API server) and Java read
 * alike. Decimal numbers are text, because the API has no floating-point numbers.
 */
public final class Patterns {
  /**
   * A positive, whole count: {@code 500M}, {@code 2.6B}, or digits alone. Three decimals at most
   * keep every count whole.
   */
  public static final String COUNT =
      "^([1-9][0-9]{0,17}"
          + "|([1-9][0-9]{0,5}(\\.[0-9]{1,3})?"
          + "|0\\.([1-9][0-9]{0,2}|0[1-9][0-9]?|00[1-9]))[KMBT])$";

  /** A decimal number that is not negative: {@code 0.5}, {@code 3e-4}. */
  public static final String DECIMAL = "^[0-9]{1,9}(\\.[0-9]{1,12})?([eE]-?[0-9]{1,2})?$";

  /** A decimal number from 0 to 1. */
  public static final String FRACTION = "^(0(\\.[0-9]{1,12})?|1(\\.0{1,12})?)$";

  /**
   * A place: a path inside a persistent volume claim, without {@code ..}, or a path on this
   * machine.
   */
  public static final String LOCATION =
      "^(pvc://[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?"
          + "(/\\.?[^./\\x00-\\x1f\\x7f][^/\\x00-\\x1f\\x7f]*)*/?"
          + "|file://[^\\x00-\\x1f\\x7f]+)$";

  /** The address of an HTTP server, with a path or without. */
  public static final String HTTP_URL = "^https?://[^\\s/?#]+(/[^\\s?#]*)?$";

  /** A Kubernetes object's name: lower-case letters, digits, {@code -} and {@code .}. */
  public static final String NAME = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";

  /** A name of a model on a server: no spaces or control characters. */
  public static final String SERVED_MODEL = "^[^\\s\\x00-\\x1f\\x7f]+$";

  /** A key in a Secret. */
  public static final String SECRET_KEY = "^[-._a-zA-Z0-9]+$";

  /** A container image's reference. */
  public static final String IMAGE = "^[^\\s]+$";

  /** A Kubernetes quantity: {@code 200Gi}, {@code 1500m}, {@code 8}. */
  public static final String QUANTITY =
      "^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$";

  /** A volume's size, more than nothing: {@code 200Gi}, {@code 1.5Ti}, {@code 2e12}. */
  public static final String VOLUME_SIZE =
      "^([1-9][0-9]{0,15}(\\.[0-9]{0,9})?|0{0,3}\\.[0-9]{0,8}[1-9][0-9]{0,8})"
          + "([KMGTPE]i|[kMGTPE]|[eE]([3-9]|1[0-8]))$|^[1-9][0-9]{0,15}$";

  private Patterns() {}
}
