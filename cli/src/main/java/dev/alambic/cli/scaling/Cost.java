package dev.alambic.cli.scaling;

/** What a part of a step costs: of each token, and once in each pass however many tokens it has. */
record Cost(Work perToken, Work perPass) {

  Work of(long tokens) {
    return perToken.times((double) tokens).plus(perPass);
  }

  Cost plus(Cost other) {
    return new Cost(perToken.plus(other.perToken), perPass.plus(other.perPass));
  }
}
