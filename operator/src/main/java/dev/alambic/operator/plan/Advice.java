package dev.alambic.operator.plan;

/**
 * Something a user should know before spending GPUs; never a refusal.
 *
 * @param code stable, for programs
 * @param message one line for people
 */
public record Advice(Code code, String message) {

  /** What the advice is about. */
  public enum Code {
    BudgetBeyondSaturation,
    FewTokensPerParameter,
    StudentNotSmaller,
    SizeDiffers,
    ShapeAssumed,
    VocabularyAssumed,
    MemoryExceeded,
    SequenceLengthUnusual,
    BatchOverBudget,
    HeldOutFromCorpus,
    SignalLarge,
    CosineCannotStop,
    SignalBiased,
    ShardedAlone
  }
}
