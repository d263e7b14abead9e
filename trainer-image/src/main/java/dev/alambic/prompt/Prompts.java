package dev.alambic.prompt;

import dev.alambic.api.v1alpha1.OnBadRecord;
import dev.alambic.corpus.CorpusListing;
import dev.alambic.corpus.HeldOutSplit;
import dev.alambic.corpus.text.BadRecords;
import dev.alambic.corpus.text.CorpusFile;
import dev.alambic.corpus.text.FoundFiles;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.io.Sha256;
import dev.alambic.run.RunSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prompts, tokenised, in memory.
 *
 * @param train those that are answered to learn from
 * @param heldOut those that are answered to be measured by
 * @param digest SHA-256, in hexadecimal, of the tokens of both
 */
public record Prompts(List<Prompt> train, List<Prompt> heldOut, String digest) {
  private static final Logger LOG = LoggerFactory.getLogger(Prompts.class);

  /**
   * Reads a run's prompts. One line in twenty is held out, by a hash of file name and line, unless
   * held-out prompts are given. A prompt that leaves no room for an answer is left out, and the log
   * says how many were.
   *
   * @param longest tokens of the longest prompt that leaves room
   * @throws RunException NO_INPUT if there is no such file; DATA with file and line for a line that
   *     is not a prompt, or if no prompt is left; IO if a file cannot be read
   */
  public static Prompts open(RunSpec.Data data, PromptForm form, int longest) {
    Reading reading = new Reading(data, form, longest);
    CorpusListing listing = CorpusListing.of(data);
    LOG.info("prompts {}", listing.inWords());
    reading.all(listing.train(), reading.train);
    if (listing.validation() != null) {
      reading.all(listing.validation(), reading.heldOut);
    }
    reading.requireSome(data);
    return new Prompts(reading.train, reading.heldOut, reading.digest());
  }

  /** What has been read so far. */
  private static final class Reading {
    final List<Prompt> train = new ArrayList<>();
    final List<Prompt> heldOut = new ArrayList<>();
    private final PromptForm form;
    private final int longest;
    private final boolean split;
    private final OnBadRecord onBadRecord;
    private final MessageDigest digest = Sha256.start();
    private long tooLong;

    Reading(RunSpec.Data data, PromptForm form, int longest) {
      this.form = form;
      this.longest = longest;
      this.split = data.validationPath() == null;
      this.onBadRecord = data.onBadRecord();
    }

    void all(FoundFiles found, List<Prompt> into) {
      BadRecords bad = new BadRecords(onBadRecord);
      for (CorpusFile file : found.files()) {
        try (PromptReader reader = new PromptReader(file, form, bad)) {
          for (Prompt prompt = reader.next(); prompt != null; prompt = reader.next()) {
            boolean held = split && HeldOutSplit.chosen(file.name(), reader.line());
            add(prompt, held ? heldOut : into);
          }
        } catch (IOException e) {
          throw new RunException(ExitCode.IO, file.path() + ": cannot be read: " + e, e);
        }
      }
      bad.end();
      if (bad.skipped() > 0) {
        LOG.warn("prompts {}: {}", found.path(), bad.inWords());
      }
    }

    private void add(Prompt prompt, List<Prompt> into) {
      if (prompt.tokens().length > longest) {
        tooLong++;
        return;
      }
      into.add(prompt);
      digest(prompt.tokens());
      digest(prompt.completion() == null ? new int[0] : prompt.completion());
    }

    private void digest(int[] tokens) {
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (tokens.length + 1));
      bytes.putInt(tokens.length).asIntBuffer().put(tokens);
      digest.update(bytes.array());
    }

    String digest() {
      return HexFormat.of().formatHex(digest.digest());
    }

    void requireSome(RunSpec.Data data) {
      if (tooLong > 0) {
        LOG.warn(
            "{}: {} prompts of over {} tokens left out: with rollout.maxNewTokens they exceed"
                + " training.sequenceLength",
            data.path(),
            tooLong,
            longest);
      }
      if (split && heldOut.isEmpty() && train.size() > 1) {
        heldOut.add(train.remove(train.size() - 1));
      }
      if (train.isEmpty() || heldOut.isEmpty()) {
        throw new RunException(
            ExitCode.DATA,
            "%s: %d prompts of at most %d tokens, and %d held out: give at least one of each"
                .formatted(data.path(), train.size(), longest, heldOut.size()));
      }
    }
  }
}
