package dev.alambic.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alambic.failure.RunException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangesTest {

  @Test
  void theLastRangeChangesFastest() {
    assertThat(AddressRanges.each(List.of("t-[0-1].svc:[9091-9092]")))
        .containsExactly("t-0.svc:9091", "t-0.svc:9092", "t-1.svc:9091", "t-1.svc:9092");
  }

  @Test
  void whatIsNoRangeStaysAsItIs() {
    List<String> addresses = List.of("127.0.0.1:9091", "[::1]:9091", "a-[1].svc:1", "b-[x-y]:2");

    assertThat(AddressRanges.each(addresses)).isEqualTo(addresses);
    assertThat(AddressRanges.count(addresses)).isEqualTo(4);
  }

  @Test
  void aRangeOfOneIsOne() {
    assertThat(AddressRanges.each(List.of("t-[7-7]:1"))).containsExactly("t-7:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"t-[3-2]:1", "t-[0-999999999]:1", "t-[0-1999]:[0-999]", "[9-0]"})
  void noneOrTooManyAreRefused(String address) {
    assertThatThrownBy(() -> AddressRanges.count(List.of(address)))
        .isInstanceOf(RunException.class)
        .hasMessageContaining("trainers.addresses: " + address);
  }

  @Test
  void asManyAreCountedAsThereAre() {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      int pods = 1 + random.nextInt(50);
      int perPod = 1 + random.nextInt(8);
      List<String> written =
          List.of("t-[0-%d].svc:[9091-%d]".formatted(pods - 1, 9091 + perPod - 1), "other:1");

      List<String> each = AddressRanges.each(written);

      assertThat(each).hasSize(pods * perPod + 1).doesNotHaveDuplicates();
      assertThat(AddressRanges.count(written)).isEqualTo(each.size());
      int rank = random.nextInt(pods * perPod);
      assertThat(each.get(rank))
          .isEqualTo("t-%d.svc:%d".formatted(rank / perPod, 9091 + rank % perPod));
    }
  }
}
