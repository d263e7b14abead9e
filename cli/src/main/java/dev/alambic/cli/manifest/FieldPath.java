package dev.alambic.cli.manifest;

/** Where in a manifest something is: {@code spec.trainer.pod.env[2].name}. */
record FieldPath(String text) {
  static final FieldPath ROOT = new FieldPath("");

  private static final int LONGEST_NAME = 60;

  /** A field of this mapping. Names that would not read well in a path are quoted and cut. */
  FieldPath field(String name) {
    if (name.matches("[A-Za-z0-9_-]{1," + LONGEST_NAME + "}")) {
      return new FieldPath(text.isEmpty() ? name : text + "." + name);
    }
    return new FieldPath(text + "[" + Quoted.text(name) + "]");
  }

  /** An item of this list. */
  FieldPath item(int index) {
    return new FieldPath(text + "[" + index + "]");
  }

  /** A problem here, in one line. */
  String problem(String reason) {
    return text.isEmpty() ? reason : text + ": " + reason;
  }

  @Override
  public String toString() {
    return text;
  }
}
