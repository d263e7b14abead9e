package dev.alambic.operator.render;

import dev.alambic.io.Mounted;

/** Where the pods find what: a folder for each role that a claim can have. */
enum Mount {
  Teacher("/teacher", true),
  Data("/data", true),
  Validation("/validation", true),
  InitFrom("/init", true),
  Run("/run", false),
  Signals("/signals", false);

  /** The folder of the run specification. */
  static final String SPEC_FOLDER = Mounted.FOLDER + "/spec";

  /** The run specification's file name. */
  static final String SPEC_FILE = "run.json";

  /** The run specification, as the pods see it. */
  static final String SPEC_PATH = SPEC_FOLDER + "/" + SPEC_FILE;

  private final String folder;
  private final boolean readOnly;

  /**
   * A mount.
   *
   * @param name of its folder among the volumes, with a leading slash
   */
  Mount(String name, boolean readOnly) {
    this.folder = Mounted.FOLDER + name;
    this.readOnly = readOnly;
  }

  String folder() {
    return folder;
  }

  boolean readOnly() {
    return readOnly;
  }
}
