package dev.alambic.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.plan.Placement;
import dev.alambic.operator.plan.Specs;
import java.util.List;
import org.junit.jupiter.api.Test;

class StorageTest {
  private static final String ALL_INPUTS =
      """
      teacher: {model: {uri: pvc://models/gemma/27b/}}
      student: {initFrom: {uri: pvc://models}}
      data: {uri: pvc://corpus/web/train.txt, validationUri: pvc://corpus/held-out}
      """;

  private static final String TRAINER = Names.of("my.job").trainer();

  @Test
  void inputsLieInTheirMountsAndResultsInAFolderOfTheJob() {
    assertThat(Storage.placement(Rendered.job("my.job", ALL_INPUTS)))
        .isEqualTo(
            new Placement(
                new Placement.Models(
                    "/alambic/teacher/gemma/27b",
                    "/alambic/teacher/gemma/27b",
                    "/alambic/init",
                    "/alambic/run/my.job/student"),
                List.of("dns:///" + Names.of("my.job").teacher() + ".research.svc:9090"),
                new Placement.Text(
                    "/alambic/data/web/train.txt",
                    "/alambic/validation/held-out",
                    "/alambic/run/my.job/tokens"),
                "/alambic/run/my.job/checkpoints",
                List.of(TRAINER + "-0." + TRAINER + ".research.svc:9091"),
                null));
  }

  @Test
  void whatIsNotGivenLiesNowhere() {
    Placement placement = Storage.placement(Rendered.job("quickstart"));
    assertThat(placement.models().initFrom()).isNull();
    assertThat(placement.text().validation()).isNull();
  }

  @Test
  void theStudentIsFoundInTheClaimThatWasMade() {
    assertThat(Storage.modelUri(Rendered.job("quickstart")))
        .isEqualTo("pvc://quickstart-checkpoints/quickstart/student");
  }

  @Test
  void theStudentIsFoundInTheClaimThatWasGiven() {
    assertThat(
            Storage.modelUri(Rendered.job("my.job", "checkpoint: {volume: {claimName: results}}")))
        .isEqualTo("pvc://results/my.job/student");
  }

  @Test
  void everyFileOfOneMachineIsNamed() {
    var job = Rendered.job("quickstart");
    job.setSpec(
        Specs.with(
            """
            teacher: {model: {uri: file:///x}}
            student: {initFrom: {uri: file:///y}}
            data: {uri: file:///corpus, validationUri: file:///held-out}
            """));
    assertThat(Storage.problems(job))
        .containsExactlyInAnyOrder(
            "spec.teacher.model.uri: file:///x can only be read on one machine: give"
                + " pvc://CLAIM/PATH",
            "spec.student.initFrom.uri: file:///y can only be read on one machine: give"
                + " pvc://CLAIM/PATH",
            "spec.data.uri: file:///corpus can only be read on one machine: give"
                + " pvc://CLAIM/PATH",
            "spec.data.validationUri: file:///held-out can only be read on one machine: give"
                + " pvc://CLAIM/PATH");
  }

  @Test
  void claimsAreNoProblem() {
    assertThat(Storage.problems(Rendered.job("quickstart", ALL_INPUTS))).isEmpty();
  }
}
