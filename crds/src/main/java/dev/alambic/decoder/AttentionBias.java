package dev.alambic.decoder;

/** Which projections of attention add a bias. */
public enum AttentionBias {
  None,
  /** Queries, keys and values, as in Qwen 2. */
  QueryKeyValue,
  /** Queries, keys, values and the output: {@code attention_bias} in transformers. */
  All
}
