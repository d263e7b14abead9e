package dev.alambic.bench.distil;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.alambic.api.v1alpha1.SignalEncoding;

/**
 * How a teacher's word is written down.
 *
 * @param size draws or ids per position; 0 if Dense
 * @param renormalised whether the tail bucket is dropped and the rest made to sum to one: what
 *     others do with TopK. For comparison only: Alambic itself doesn't
 */
record SignalForm(SignalEncoding encoding, int size, boolean renormalised) {
  @JsonIgnore
  String name() {
    String words = encoding == SignalEncoding.Dense ? "Dense" : encoding + " " + size;
    return renormalised ? words + ", renormalised" : words;
  }
}
