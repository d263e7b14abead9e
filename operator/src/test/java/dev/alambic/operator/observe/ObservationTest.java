package dev.alambic.operator.observe;

import static dev.alambic.operator.observe.Objects.NO_WARNINGS;
import static dev.alambic.operator.observe.Objects.ended;
import static dev.alambic.operator.observe.Objects.job;
import static dev.alambic.operator.observe.Objects.made;
import static dev.alambic.operator.observe.Objects.rank;
import static dev.alambic.operator.observe.Objects.running;
import static dev.alambic.operator.observe.Objects.trainer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alambic.operator.TestProgress;
import dev.alambic.operator.lifecycle.ObservedState;
import dev.alambic.run.Progress;
import dev.alambic.run.RunJson;
import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;

class ObservationTest {
  private static final Progress SAID = TestProgress.progress(Progress.State.Training, 500);
  private static final Progress LAST = TestProgress.progress(Progress.State.Complete, 1000);
  private static final String COMPLETE =
      "{succeeded: 1, conditions: [{type: Complete, status: 'True'}]}";

  private static ObservedState of(ChildObjects seen, Progress reported) {
    return Observation.of(seen, reported, "dns:///t:9090", "pvc://c/j/student", NO_WARNINGS);
  }

  @Test
  void aRunningTrainersAnswerIsItsProgress() {
    ObservedState observed = of(trainer(job("", "{active: 1}"), running("a")), SAID);
    assertThat(observed.progress()).isEqualTo(SAID);
    assertThat(observed.modelUri()).isNull();
  }

  @Test
  void anEndedTrainersLastWordsCountMoreThanItsLastAnswer() {
    ChildObjects seen = trainer(job("", COMPLETE), ended("a", 0, "Completed", RunJson.write(LAST)));
    ObservedState observed = of(seen, SAID);
    assertThat(observed.progress()).isEqualTo(LAST);
    assertThat(observed.modelUri()).isEqualTo("pvc://c/j/student");
  }

  @Test
  void withoutLastWordsTheLastAnswerCounts() {
    assertThat(of(trainer(job("", COMPLETE), ended("a", 0, "Completed", "")), SAID).progress())
        .isEqualTo(SAID);
    assertThat(of(trainer(job("", COMPLETE), ended("a", 0, "Completed", "{bad")), null).progress())
        .isNull();
  }

  @Test
  void theWordsOfAnAttemptBeforeAreNotThoseOfThePresentOne() {
    ChildObjects seen =
        trainer(job("", "{failed: 1}"), ended("a", 1, "Error", RunJson.write(LAST)));
    assertThat(of(seen, SAID).progress()).isNull();
  }

  @Test
  void theFirstOfSeveralTellsOfAll() {
    Pod first = rank(0, running("first"));
    Pod second = made("13:00:00", rank(1, running("second")));
    assertThat(Observation.runningTrainer(trainer(job(2, "{active: 2}"), second, first)))
        .contains(first);
    assertThat(Observation.runningTrainer(trainer(job(2, "{active: 2}"), second))).isEmpty();

    ChildObjects ended =
        trainer(
            job(2, COMPLETE),
            rank(1, ended("second", 0, "Completed", RunJson.write(SAID))),
            rank(0, ended("first", 0, "Completed", RunJson.write(LAST))));
    assertThat(of(ended, null).progress()).isEqualTo(LAST);
  }

  @Test
  void onlyARunningPodWithAnAddressCanBeAsked() {
    assertThat(Observation.runningTrainer(trainer(null, running("a")))).isPresent();
    assertThat(Observation.runningTrainer(trainer(null, ended("a", 0, "Completed", "")))).isEmpty();
  }
}
