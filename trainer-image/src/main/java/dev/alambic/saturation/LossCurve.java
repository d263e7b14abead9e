package dev.alambic.saturation;

import dev.alambic.run.Progress.CurvePoint;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * Validation losses over tokens, cleaned: finite, in the order of their tokens, one per token count
 * (the latest, since a resumed run evaluates again), and those made at a constant learning rate set
 * apart. Only these are fitted: a warm-up is not yet on the power law, and a decay lowers the loss
 * at once by many times what tokens bring.
 */
public final class LossCurve {
  /** Nats per token. Guessing at random costs 13 over the largest vocabularies. */
  private static final double MAX_LOSS = 1e6;

  private final List<CurvePoint> evaluations;
  private final List<CurvePoint> fitted;

  private LossCurve(Collection<CurvePoint> evaluations) {
    this.evaluations = List.copyOf(evaluations);
    this.fitted = this.evaluations.stream().filter(CurvePoint::constantRate).toList();
  }

  /** The curve of these evaluations, without those whose loss no model can have. */
  public static LossCurve of(List<CurvePoint> points) {
    TreeMap<Long, CurvePoint> byTokens = new TreeMap<>();
    for (CurvePoint point : points) {
      if (point.tokens() > 0 && isLoss(point.loss())) {
        byTokens.put(point.tokens(), point);
      }
    }
    return new LossCurve(byTokens.values());
  }

  /** Neither NaN nor infinite nor absurd. */
  private static boolean isLoss(double crossEntropy) {
    return crossEntropy >= 0 && crossEntropy <= MAX_LOSS;
  }

  /** Evaluations at a constant learning rate. */
  public int size() {
    return fitted.size();
  }

  /** Tokens of the first evaluation at a constant learning rate; 0 without any. */
  public long firstTokens() {
    return fitted.isEmpty() ? 0 : fitted.get(0).tokens();
  }

  /** Tokens of the last evaluation at a constant learning rate; 0 without any. */
  public long lastTokens() {
    return fitted.isEmpty() ? 0 : fitted.get(size() - 1).tokens();
  }

  /** Evaluations at a constant learning rate, by tokens. */
  public List<CurvePoint> points() {
    return fitted;
  }

  /** Tokens of each point: {@code [size]}. */
  double[] tokens() {
    return fitted.stream().mapToDouble(CurvePoint::tokens).toArray();
  }

  /** Loss of each point, nats per token: {@code [size]}. */
  double[] losses() {
    return fitted.stream().mapToDouble(CurvePoint::loss).toArray();
  }

  /** What was known when the run had seen this many tokens. */
  public LossCurve upTo(long tokens) {
    return new LossCurve(evaluations.stream().filter(p -> p.tokens() <= tokens).toList());
  }

  /** The evaluations from this many tokens on. */
  public LossCurve from(long tokens) {
    return new LossCurve(evaluations.stream().filter(p -> p.tokens() >= tokens).toList());
  }

  /** The last doubling of tokens, or the last {@code minPoints} points if it has fewer. */
  public LossCurve window(int minPoints) {
    LossCurve doubling = from(lastTokens() / 2);
    if (doubling.size() >= minPoints || size() == 0) {
      return doubling;
    }
    return from(fitted.get(Math.max(0, size() - minPoints)).tokens());
  }

  /** Whether no evaluation between the first and the last point was made at a changing rate. */
  public boolean isConstantRate() {
    return from(firstTokens()).upTo(lastTokens()).evaluations.stream()
        .allMatch(CurvePoint::constantRate);
  }
}
