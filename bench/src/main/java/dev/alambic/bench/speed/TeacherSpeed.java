package dev.alambic.bench.speed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.alambic.api.v1alpha1.Precision;
import dev.alambic.api.v1alpha1.SignalEncoding;
import dev.alambic.model.Decoder;
import dev.alambic.model.DecoderParameters;
import dev.alambic.signal.ModelDigests;
import dev.alambic.signal.SignalSettings;
import dev.alambic.teacher.DecoderScorer;
import dev.alambic.torch.Torch;
import java.util.List;

/**
 * A teacher's speed on one batch of sequences, a sequence at a time as it is served.
 *
 * @param scoring tokens per second with signals made
 * @param forward tokens per second of the forward pass to the logits, and no more
 */
record TeacherSpeed(double scoring, double forward) {
  static TeacherSpeed measure(ModelSize size, Precision precision, Pace pace) {
    NDManager manager = Torch.newManager();
    DecoderParameters parameters = DecoderParameters.random(manager, size.shape(), 1);
    Decoder decoder = new Decoder(manager, size.shape(), parameters, precision);
    RandomText text = new RandomText(size.shape().vocabulary().size(), ModelSize.SEQUENCE);
    List<int[]> sequences = text.tokens(size.batch());
    SignalSettings settings = new SignalSettings(SignalEncoding.Sampled, RandomText.DRAWS, 1, 1);
    try (DecoderScorer scorer = new DecoderScorer(decoder, new ModelDigests("-", "-", "-"))) {
      double scoring = Stopwatch.median(pace, () -> scorer.score(sequences, settings));
      double forward = Stopwatch.median(pace, () -> sequences.forEach(s -> forward(decoder, s)));
      return new TeacherSpeed(size.tokens() / scoring, size.tokens() / forward);
    }
  }

  private static void forward(Decoder decoder, int[] sequence) {
    int time = sequence.length - 1;
    try (NDManager scope = decoder.manager().newSubManager()) {
      NDArray hidden = decoder.hidden(scope, Decoder.ids(scope, List.of(sequence), time));
      decoder.logits(scope, hidden.reshape(time, -1));
    }
  }
}
