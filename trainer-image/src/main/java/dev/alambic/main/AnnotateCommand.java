package dev.alambic.main;

import dev.alambic.annotate.AnnotatedText;
import dev.alambic.annotate.Remark;
import dev.alambic.annotate.Teacher;
import dev.alambic.chat.ChatMessage;
import dev.alambic.chat.ChatTemplate;
import dev.alambic.failure.ExitCode;
import dev.alambic.failure.RunException;
import dev.alambic.generate.Generated;
import dev.alambic.generate.Generation;
import dev.alambic.generate.TokenListener;
import dev.alambic.model.Decoder;
import dev.alambic.model.ModelFolder;
import dev.alambic.tokenizer.SharedVocabulary;
import dev.alambic.tokenizer.Tokenizer;
import dev.alambic.torch.Torch;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets a student answer and its teacher read the answer. */
@Command(
    name = "annotate",
    mixinStandardHelpOptions = true,
    description = "Show a student's answer, each token by how much it surprises the teacher")
final class AnnotateCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "STUDENT_DIR", description = "A Hugging Face folder")
  private Path studentFolder;

  @Parameters(
      index = "1",
      paramLabel = "TEACHER_DIR",
      description = "A Hugging Face folder with the same vocabulary")
  private Path teacherFolder;

  @Parameters(index = "2", paramLabel = "PROMPT", description = "What the student continues")
  private String prompt;

  @Option(names = "--chat", description = "PROMPT is a user's message, by the chat template")
  private boolean chat;

  @Option(
      names = "--color",
      negatable = true,
      description = "(default: on a terminal, unless NO_COLOR is set)")
  private Boolean colour;

  @Mixin private SamplingOptions options;

  @Override
  public Integer call() {
    try (Tokenizer tokenizer = Tokenizer.load(studentFolder)) {
      SharedVocabulary.requireAgreement(studentFolder, tokenizer);
      SharedVocabulary.differences(teacherFolder, studentFolder, tokenizer);
      int[] asked = tokenizer.encodeText(chat ? conversation() : prompt);
      options.start();
      Generated answer = answer(tokenizer, asked);
      List<Remark> remarks = remarks(asked, answer.tokens());
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      out.print(
          new AnnotatedText(tokenizer::decode, Colours.wanted(colour, System.getenv()))
              .of(asked, remarks));
    }
    return 0;
  }

  private String conversation() {
    ChatTemplate template = ChatTemplate.of(studentFolder);
    if (template == null) {
      throw new RunException(
          ExitCode.USAGE, "--chat: " + studentFolder + " has no chat template: leave --chat out");
    }
    return template.render(List.of(new ChatMessage("user", prompt)), true);
  }

  private Generated answer(Tokenizer tokenizer, int[] asked) {
    try (Decoder student = load(studentFolder)) {
      int most = options.maxNewTokens(student.config().positions().contextLength() - asked.length);
      return new Generation(
              student,
              options.sampling(),
              most,
              SharedVocabulary.endTokens(studentFolder, tokenizer))
          .run(List.of(asked), TokenListener.NONE)
          .get(0);
    }
  }

  private List<Remark> remarks(int[] asked, int[] answer) {
    try (Decoder teacher = load(teacherFolder)) {
      int context = teacher.config().positions().contextLength();
      if (asked.length + answer.length > context) {
        throw new RunException(
            ExitCode.DATA,
            "%s: prompt and answer of %d tokens are over its context of %d: set --max-new-tokens"
                .formatted(teacherFolder, asked.length + answer.length, context));
      }
      return new Teacher(teacher).read(asked, answer);
    }
  }

  private Decoder load(Path folder) {
    return Decoder.frozen(Torch.newManager(), ModelFolder.read(folder), options.precision());
  }
}
