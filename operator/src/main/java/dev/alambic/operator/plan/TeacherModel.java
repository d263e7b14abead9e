package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.TeacherSpec;

/**
 * The teacher as the plan takes it: what its own files say, else what the spec says, else Gemma 2's
 * numbers.
 *
 * @param parameters all parameters; null if not known
 * @param vocabularySize rows of its embedding
 * @param contextLength longest sequence, in tokens
 * @param vocabularyKnown whether {@code vocabularySize} is more than a guess
 * @param reserved tokens of its context that a sequence cannot have
 * @param contextKnown whether {@code contextLength} is more than a guess
 */
record TeacherModel(
    Long parameters,
    int vocabularySize,
    int contextLength,
    int reserved,
    boolean vocabularyKnown,
    boolean contextKnown) {

  private static final String VOCABULARY = "teacher.vocabularySize";
  private static final String CONTEXT = "teacher.contextLength";

  static TeacherModel of(SpecReader reader, TeacherSpec spec, Facts.Teacher facts) {
    agree(reader, VOCABULARY, spec.vocabularySize(), facts.vocabularySize());
    agree(reader, CONTEXT, spec.contextLength(), facts.contextLength());
    Integer vocabulary = first(facts.vocabularySize(), spec.vocabularySize());
    Integer context = first(facts.contextLength(), spec.contextLength());
    long declared = reader.count("teacher.size", spec.size(), 0);
    return new TeacherModel(
        facts.parameters() != null || declared == 0 ? facts.parameters() : Long.valueOf(declared),
        reader.count(VOCABULARY, vocabulary, Gemma2.VOCABULARY_SIZE),
        reader.count(CONTEXT, context, Gemma2.CONTEXT_LENGTH),
        TeacherServer.of(spec).reserved(),
        vocabulary != null,
        context != null);
  }

  private static void agree(SpecReader reader, String field, Integer said, Integer found) {
    reader.require(
        said == null || found == null || said.equals(found),
        field,
        said + ", but the teacher's config.json says " + found);
  }

  private static Integer first(Integer found, Integer said) {
    return found != null ? found : said;
  }

  /** The longest sequence it can be asked about, in tokens. */
  int longestSequence() {
    return contextLength - reserved;
  }

  /** The context length and where it comes from, in words. */
  String contextSource() {
    return contextKnown
        ? "the teacher's context of "
            + contextLength
            + " tokens"
            + (reserved == 0 ? "" : ", of which runtime OpenAI needs " + reserved + " itself")
        : contextLength
            + " tokens, Gemma 2's context, which stands for the teacher's until"
            + " spec.teacher.contextLength says otherwise";
  }
}
