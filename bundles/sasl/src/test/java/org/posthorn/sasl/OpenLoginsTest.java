package org.posthorn.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Entrance;

class OpenLoginsTest {

    private final Leased<Accounts> accounts = new Leased<>();
    private final OpenLogins logins = new OpenLogins(accounts);
    private final Members members = new Members();
    private final List<String> ended = new ArrayList<>();

    private static void tell(Members members) {
        List.copyOf(members.open).forEach(Runnable::run);
    }

    @Test
    void a_login_is_ended_once_and_one_that_has_left_is_not() {
        accounts.add(members, Map.of());
        logins.enter(new Entrance(Members.USER), () -> ended.add("stays"));
        logins.enter(new Entrance(Members.USER), () -> ended.add("has left")).run();
        List<Runnable> heard = List.copyOf(members.open);
        tell(members);
        heard.forEach(Runnable::run);
        assertThat(ended).containsExactly("stays");
        assertThat(members.open).isEmpty();
    }

    @Test
    void a_login_is_ended_by_the_accounts_that_come_later() {
        accounts.add(members, Map.of());
        logins.enter(new Entrance(Members.USER), () -> ended.add("stays"));
        accounts.remove(members);
        assertThat(members.open).isEmpty();
        Members next = new Members();
        accounts.add(next, Map.of());
        tell(next);
        assertThat(ended).containsExactly("stays");
    }

    @Test
    void whoever_enters_while_the_accounts_are_away_is_ended_when_they_are_back() {
        logins.enter(new Entrance(Members.USER), () -> ended.add("stays"));
        accounts.add(members, Map.of());
        tell(members);
        assertThat(ended).containsExactly("stays");
    }
}
