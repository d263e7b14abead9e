package dev.alambic.corpus.text;

/**
 * Something in a corpus's folder that is not read.
 *
 * @param name its path below the folder
 */
record LeftOut(String name, Reason reason) {
  /** Why, and {@link #toString} in words. */
  enum Reason {
    HIDDEN("hidden"),
    EMPTY("empty"),
    SPECIAL("neither a file nor a folder"),
    SYSTEM("the file system's own"),
    LINK_TO_NOTHING("a link to what is not there"),
    LINK_OUT("a link that leads out of its volume, which is not followed"),
    SAME("the same as another that is read"),
    OTHER_FORMAT("not of the format of data.format"),
    HELD_OUT("held out: data.validationUri has it");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }
}
