package dev.alambic.operator.render;

/** Where the pods find what: a folder for each role that a claim can have. */
enum Mount {
  Teacher("/alambic/teacher", true),
  Data("/alambic/data", true),
  Validation("/alambic/validation", true),
  InitFrom("/alambic/init", true),
  Run("/alambic/run", false),
  Signals("/alambic/signals", false);

  /** The folder of the run specification. */
  static final String SPEC_FOLDER = "/alambic/spec";

  /** The run specification's file name. */
  static final String SPEC_FILE = "run.json";

  /** The run specification, as the pods see it. */
  static final String SPEC_PATH = SPEC_FOLDER + "/" + SPEC_FILE;

  private final String folder;
  private final boolean readOnly;

  Mount(String folder, boolean readOnly) {
    this.folder = folder;
    this.readOnly = readOnly;
  }

  String folder() {
    return folder;
  }

  boolean readOnly() {
    return readOnly;
  }
}
