package dev.alambic.cli.conform;

import java.util.Optional;

/**
 * Whether one clause of the contract is kept.
 *
 * @param clause its number in docs/trainer-contract.md
 * @param what it asks for, in a line
 * @param problem what was seen instead, if it is not kept
 */
record Finding(String clause, String what, Optional<String> problem) {

  static Finding of(String clause, String what, boolean kept, String seen) {
    return new Finding(clause, what, kept ? Optional.empty() : Optional.of(seen));
  }
}
