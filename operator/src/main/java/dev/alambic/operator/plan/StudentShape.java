package dev.alambic.operator.plan;

import dev.alambic.api.v1alpha1.ArchitectureSpec;
import dev.alambic.api.v1alpha1.Count;
import dev.alambic.api.v1alpha1.StudentSpec;
import dev.alambic.decoder.AskedShape;
import dev.alambic.decoder.DecoderConfig;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The student's shape: that of the weights it starts from; else Gemma 2's own for 2.6B, 9B and 27B,
 * and a derived one for any other size. Where weights are named but have not been read, the shape
 * by size stands for theirs until the trainer reads them.
 */
final class StudentShape {
  /** The smallest size that can be asked for, in parameters. */
  static final long SMALLEST = 10_000;

  /** The largest size that can be asked for, in parameters. */
  static final long LARGEST = 30_000_000_000L;

  private static final String SIZE = "student.size";
  private static final String ARCHITECTURE = "student.architecture";

  private StudentShape() {}

  /**
   * The shape for this size.
   *
   * @param start the shape of the weights that the student starts from, or null
   * @param vocabularySize the teacher's
   * @param sequenceLength of training, in tokens: a derived shape sees no further, and its sliding
   *     layers see half of it
   * @throws PlanException if there is no such shape, or the given fields contradict each other
   */
  static DecoderConfig of(
      StudentSpec student, DecoderConfig start, int vocabularySize, int sequenceLength)
      throws PlanException {
    SpecReader reader = new SpecReader();
    ArchitectureSpec given =
        student.architecture() == null ? ShapeSearch.NOTHING_GIVEN : student.architecture();
    checkGiven(reader, given);
    if (start != null) {
      return startingFrom(reader, start, asked(student), vocabularySize, sequenceLength);
    }
    if (student.size() == null) {
      reader.require(
          given.hiddenSize() != null && given.layers() != null,
          SIZE,
          student.initFrom() == null
              ? "is missing: write for example 2.6B or 400M, or give architecture.hiddenSize and .layers"
              : "is missing: student.initFrom cannot be read from here, and memory is planned by"
                  + " the size");
      reader.check();
      return unsized(reader, given, vocabularySize, sequenceLength);
    }
    long size = reader.count(SIZE, student.size(), 0);
    reader.check();
    reader.require(
        size >= SMALLEST && size <= LARGEST,
        SIZE,
        student.size()
            + " must be from "
            + Count.format(SMALLEST)
            + " to "
            + Count.format(LARGEST)
            + " parameters");
    reader.check();
    DecoderConfig shape =
        Gemma2.named(size)
            .map(published -> published.with(vocabularySize))
            .or(() -> new ShapeSearch(size, vocabularySize, sequenceLength, given).find())
            .orElse(null);
    if (shape == null) {
      boolean derived = given.equals(ShapeSearch.NOTHING_GIVEN);
      reader.problem(derived ? SIZE : ARCHITECTURE, noShape(size, vocabularySize, given));
      reader.check();
    }
    return overridden(reader, shape, given, sequenceLength);
  }

  /** The shape in the spec. */
  static AskedShape asked(StudentSpec student) {
    ArchitectureSpec given = student.architecture();
    return given == null
        ? AskedShape.ANY
        : new AskedShape(
            given.hiddenSize(),
            given.layers(),
            given.heads(),
            given.keyValueHeads(),
            given.headSize(),
            given.feedForwardSize(),
            given.vocabularySize(),
            given.slidingWindow(),
            given.contextLength());
  }

  private static DecoderConfig startingFrom(
      SpecReader reader,
      DecoderConfig start,
      AskedShape asked,
      int vocabularySize,
      int sequenceLength)
      throws PlanException {
    for (String conflict : asked.conflicts(start)) {
      int colon = conflict.indexOf(": ");
      String field = ARCHITECTURE + "." + conflict.substring(0, colon);
      reader.problem(field, conflict.substring(colon + 2) + " (student.initFrom)");
    }
    long more = Math.max(start.vocabulary().size(), vocabularySize);
    reader.require(
        more < 2L * Math.min(start.vocabulary().size(), vocabularySize),
        "student.initFrom",
        "its vocabulary of "
            + start.vocabulary().size()
            + " is not the teacher's of "
            + vocabularySize
            + ": more rows than tokens are padding, which is harmless, but not this many");
    reader.require(
        sequenceLength <= start.positions().contextLength(),
        "training.sequenceLength",
        sequenceLength
            + " is over the context of student.initFrom, "
            + start.positions().contextLength());
    reader.check();
    return start.keeping(asked.layersOf(start));
  }

  /** A shape of width and depth alone; the feed-forward width is Gemma 2's four times the width. */
  private static DecoderConfig unsized(
      SpecReader reader, ArchitectureSpec given, int vocabularySize, int sequenceLength)
      throws PlanException {
    int feedForward = (int) Math.min(Integer.MAX_VALUE, 4L * given.hiddenSize());
    ArchitectureSpec filled =
        new ArchitectureSpec(
            given.hiddenSize(),
            given.layers(),
            given.heads(),
            given.keyValueHeads(),
            given.headSize(),
            or(given.feedForwardSize(), feedForward),
            given.vocabularySize(),
            given.slidingWindow(),
            given.contextLength());
    DecoderConfig shape =
        new ShapeSearch(1, vocabularySize, sequenceLength, filled).find().orElse(null);
    if (shape == null) {
      reader.problem(ARCHITECTURE, "heads must be a multiple of keyValueHeads");
      reader.check();
    }
    return overridden(reader, shape, filled, sequenceLength);
  }

  private static void checkGiven(SpecReader reader, ArchitectureSpec given) {
    check(reader, "hiddenSize", given.hiddenSize());
    check(reader, "layers", given.layers());
    check(reader, "heads", given.heads());
    check(reader, "keyValueHeads", given.keyValueHeads());
    check(reader, "headSize", given.headSize());
    check(reader, "feedForwardSize", given.feedForwardSize());
    check(reader, "vocabularySize", given.vocabularySize());
    check(reader, "slidingWindow", given.slidingWindow());
    check(reader, "contextLength", given.contextLength());
  }

  private static void check(SpecReader reader, String field, Integer value) {
    reader.count(ARCHITECTURE + "." + field, value, 1);
  }

  private static String noShape(long size, int vocabularySize, ArchitectureSpec given) {
    if (!given.equals(ShapeSearch.NOTHING_GIVEN)) {
      return "no shape of " + Count.format(size) + " parameters has these fields; leave some out";
    }
    OptionalLong next = nextPossible(size, vocabularySize);
    return Count.format(size)
        + " parameters leave too little room beside the embedding of a vocabulary of "
        + vocabularySize
        + (next.isPresent()
            ? "; the next possible size is " + Count.format(next.getAsLong())
            : "; no larger size fits either");
  }

  /** The next size, in two digits, at which there is a shape for this vocabulary. */
  static OptionalLong nextPossible(long size, int vocabularySize) {
    for (long unit = 1000; unit <= LARGEST; unit *= 10) {
      for (long digits = 10; digits < 100; digits++) {
        long candidate = digits * unit;
        if (candidate >= size && candidate <= LARGEST && fits(candidate, vocabularySize)) {
          return OptionalLong.of(candidate);
        }
      }
    }
    return OptionalLong.empty();
  }

  private static boolean fits(long size, int vocabularySize) {
    return new ShapeSearch(size, vocabularySize, 1, ShapeSearch.NOTHING_GIVEN).find().isPresent();
  }

  /** The shape with the given fields put in. */
  private static DecoderConfig overridden(
      SpecReader reader, DecoderConfig shape, ArchitectureSpec given, int sequenceLength)
      throws PlanException {
    int headSize = or(given.headSize(), shape.attention().headSize());
    int context =
        or(given.contextLength(), Math.max(shape.positions().contextLength(), sequenceLength));
    reader.require(
        context >= sequenceLength,
        ARCHITECTURE + ".contextLength",
        context + " is shorter than a training sequence of " + sequenceLength + " tokens");
    reader.check();
    try {
      return DecoderConfig.gemma2(
          shape.vocabulary().size(),
          or(given.hiddenSize(), shape.hiddenSize()),
          or(given.layers(), shape.layers()),
          or(given.heads(), shape.attention().heads()),
          or(given.keyValueHeads(), shape.attention().keyValueHeads()),
          headSize,
          or(given.feedForwardSize(), shape.feedForward().size()),
          or(given.slidingWindow(), shape.positions().slidingWindow()),
          context,
          shape.positions().rotary().theta(),
          shape.normEpsilon(),
          shape.attention().softCap(),
          shape.vocabulary().softCap(),
          given.headSize() == null ? shape.attention().queryScale() : headSize);
    } catch (IllegalArgumentException e) {
      reader.problem(ARCHITECTURE, e.getMessage());
      reader.check();
      throw e;
    }
  }

  private static int or(Integer given, int otherwise) {
    return Optional.ofNullable(given).orElse(otherwise);
  }
}
