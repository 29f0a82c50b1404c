package org.posthorn.smtp;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.net.Suspended;
import org.posthorn.api.users.Entrance;

/**
 * What is known of a client between two commands.
 *
 * @param helo what it called itself; empty before its hello
 * @param extended whether it said EHLO (or LHLO), and may thus use extensions
 * @param entrance by what it has logged in
 */
record Client(String helo, boolean extended, Optional<Entrance> entrance) {

    private static final int VERSION = 1;

    static final Client UNKNOWN = new Client("", false, Optional.empty());

    Client hello(String name, boolean isExtended) {
        return new Client(name, isExtended, entrance);
    }

    Client loggedIn(Entrance by) {
        return new Client(helo, extended, Optional.of(by));
    }

    /** Whose account it has logged in to. */
    Optional<Address> login() {
        return entrance.map(Entrance::account);
    }

    Suspended suspended() {
        Map<String, String> values = new HashMap<>(Map.of("helo", helo, "extended", "" + extended));
        login().ifPresent(account -> values.put("login", account.toString()));
        entrance.flatMap(Entrance::credential).ifPresent(id -> values.put("credential", id));
        return new Suspended(VERSION, values);
    }

    static Client resumed(Suspended state) {
        if (state.version() != VERSION) throw new IllegalArgumentException("state of version " + state.version());
        Map<String, String> values = state.values();
        return new Client(
                values.getOrDefault("helo", ""),
                Boolean.parseBoolean(values.get("extended")),
                Optional.ofNullable(values.get("login"))
                        .map(account ->
                                new Entrance(Address.of(account), Optional.ofNullable(values.get("credential")))));
    }
}
