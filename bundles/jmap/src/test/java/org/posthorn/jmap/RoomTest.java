package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;

class RoomTest {

    private final Room room = new Room(100, 60);

    @Test
    void an_account_has_its_share_and_all_have_the_whole() {
        Room.Held one = room.hold(Talk.DEMO);
        Room.Held two = room.hold(Talk.DEMO);
        assertThat(one.take(50)).isTrue();
        assertThat(two.take(11)).isFalse();
        assertThat(two.take(10)).isTrue();
        Room.Held other = room.hold(Address.of("other@example.org"));
        assertThat(other.take(41)).isFalse();
        assertThat(other.take(40)).isTrue();
        one.close();
        two.close();
        other.close();
        assertThat(room.hold(Talk.DEMO).take(60)).isTrue();
    }
}
