package dev.alambic.signal;

import dev.alambic.api.v1alpha1.SignalEncoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The binary record of one sequence's signal, the same on the wire and on disk; little-endian. T
 * positions, V vocabulary, N draws or ids.
 *
 * <pre>
 * offset  bytes  content
 *      0      4  "ASIG"
 *      4      1  format version, 2
 *      5      1  encoding: 1 Dense, 2 Sampled, 3 TopK, 4 Label
 *      6      2  zero
 *      8      4  T
 *     12      4  V
 *     16      4  N; 0 if Dense or Label
 *     20      8  sequence key ({@link Draws#sequenceKey})
 *     28     32  fingerprint ({@link Fingerprint#digest})
 *     60     2T  minus the label's log-probability at temperature 1, {@link FixedNats nats * 1024}
 *  60+2T     2T  entropy at the fingerprint's temperature, nats * 1024
 *  60+4T         Dense: T * V float32 log-probabilities
 *                Sampled: a stream of bits, per position pairs of an id (ceil(log2 V) bits, from
 *                the lowest) and its count (an Elias gamma code), ids ascending, until the
 *                counts sum to N; zero bits up to the next byte
 *                TopK: a stream of bits, per position min(N, V) pairs of an id and minus its
 *                log-probability (16 bits, nats * 1024), ids ascending, then that of all other ids
 *                together; zero bits up to the next byte
 *                Label: nothing
 *    end      4  CRC-32C (RFC 3720) of all bytes before
 * </pre>
 *
 * <p>The two numbers per position have an error of at most 1/2048 nat, with zero mean. Ids and
 * counts are exact, Dense log-probabilities are float32; TopK's have the same error of at most
 * 1/2048 nat, so that they sum to one only nearly. What was decoded encodes to the same bytes.
 */
public final class SignalCodec {
  private static final int CHECKSUM_BYTES = Integer.BYTES;
  private static final int NATS_BYTES = 2 * Short.BYTES;
  private static final byte[] NO_BODY = {};

  private final Fingerprint fingerprint;
  private final SampledBody sampled;
  private final DenseBody dense;
  private final TopKBody topK;

  /** A codec of signals with this meaning; it refuses records with another. */
  public SignalCodec(Fingerprint fingerprint) {
    this.fingerprint = fingerprint;
    this.sampled = new SampledBody(fingerprint.vocabularySize(), fingerprint.settings().size());
    this.dense = new DenseBody(fingerprint.vocabularySize());
    this.topK = new TopKBody(fingerprint.vocabularySize(), fingerprint.settings().size());
  }

  /**
   * The record of a signal.
   *
   * @param sequenceKey {@link Draws#sequenceKey} of the tokens it speaks of
   * @throws SignalException if a value is not finite, naming the field and the position
   */
  public byte[] encode(Signal signal, long sequenceKey) {
    byte[] body = body(signal);
    int positions = signal.positions();
    int length = SignalHeader.BYTES + NATS_BYTES * positions + CHECKSUM_BYTES;
    ByteBuffer out = ByteBuffer.allocate(Math.addExact(length, body.length));
    out.order(ByteOrder.LITTLE_ENDIAN);
    SignalHeader.of(fingerprint, positions, sequenceKey).write(out);
    for (int i = 0; i < positions; i++) {
      float nats = -signal.labelLogProbability()[i];
      out.putShort(FixedNats.encode(nats, "minus the label's log-probability", i));
    }
    for (int i = 0; i < positions; i++) {
      out.putShort(FixedNats.encode(signal.entropy()[i], "entropy", i));
    }
    out.put(body);
    out.putInt(RecordStamp.checksum(out.array(), out.position()));
    return out.array();
  }

  /**
   * The signal in a record. Allocates no more than a small multiple of the record's length.
   *
   * @param positions that the signal must have
   * @param sequenceKey that the signal must be of
   * @throws SignalException if the record is damaged or another one than asked for
   */
  public Signal decode(byte[] record, int positions, long sequenceKey) {
    long least = SignalHeader.BYTES + (long) NATS_BYTES * positions + CHECKSUM_BYTES;
    if (record.length < least) {
      throw new SignalException(
          "signal record: "
              + record.length
              + " bytes, but "
              + positions
              + " positions take at least "
              + least);
    }
    int end = record.length - CHECKSUM_BYTES;
    ByteBuffer in = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(end) != RecordStamp.checksum(record, end)) {
      throw new SignalException("signal record: the checksum over " + end + " bytes is wrong");
    }
    in.limit(end);
    SignalHeader.of(fingerprint, positions, sequenceKey).requireNext(in);
    float[] labelLogProbability = nats(in, positions);
    for (int i = 0; i < positions; i++) {
      labelLogProbability[i] = 0 - labelLogProbability[i];
    }
    float[] entropy = nats(in, positions);
    return switch (fingerprint.settings().encoding()) {
      case Dense -> dense.decode(in, labelLogProbability, entropy);
      case Sampled -> sampled.decode(in, labelLogProbability, entropy);
      case TopK -> topK.decode(in, labelLogProbability, entropy);
      case Label -> label(in, labelLogProbability, entropy);
    };
  }

  /** The most bytes that a record of {@code positions} positions can have. */
  public long largestRecord(int positions) {
    return fingerprint.size().largestRecord(positions);
  }

  private byte[] body(Signal signal) {
    SignalEncoding encoding = fingerprint.settings().encoding();
    if (signal instanceof SampledSignal draws && encoding == SignalEncoding.Sampled) {
      return sampled.encode(draws);
    } else if (signal instanceof DenseSignal whole && encoding == SignalEncoding.Dense) {
      return dense.encode(whole);
    } else if (signal instanceof TopKSignal top && encoding == SignalEncoding.TopK) {
      return topK.encode(top);
    } else if (signal instanceof LabelSignal && encoding == SignalEncoding.Label) {
      return NO_BODY;
    }
    throw new IllegalArgumentException(
        signal.getClass().getSimpleName() + " under " + fingerprint.settings());
  }

  private static LabelSignal label(ByteBuffer in, float[] labelLogProbability, float[] entropy) {
    if (in.hasRemaining()) {
      throw new SignalException(
          "signal record: " + in.remaining() + " bytes follow the last position");
    }
    return new LabelSignal(labelLogProbability, entropy);
  }

  private static float[] nats(ByteBuffer in, int positions) {
    float[] nats = new float[positions];
    for (int i = 0; i < positions; i++) {
      nats[i] = FixedNats.decode(in.getShort());
    }
    return nats;
  }
}
