package org.posthorn.users;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mail.Address;

/** What may not be meant of an alias that stands. None of it is refused: whoever changes several has to begin with one of them. */
record AliasDoubts(Backends backends, RoutingSettings routing) {

    /** A line for each. */
    List<String> of(Names.AliasName alias, List<Address> targets) throws IOException {
        List<String> doubts = new ArrayList<>();
        if (takesMailFromUser(alias, targets))
            doubts.add(alias + " is a user: mail for it no longer goes to its mailbox; name " + alias
                    + " among the targets to keep a copy there");
        Circle circle = new Circle(backends, routing);
        for (Address target : targets) {
            if (circle.nobody(target)) doubts.add(target + " is nobody here: mail for it is refused with 5.1.1");
            if (elsewhereByDefault(target))
                doubts.add(target + " is not on this server: " + routing.defaultDomain()
                        + ", the default domain, is none of its domains");
        }
        if (circle.holds(targets))
            doubts.add("That is a circle which reaches nobody: mail for it is refused with 5.4.6 until another alias"
                    + " changes");
        return doubts;
    }

    private boolean takesMailFromUser(Names.AliasName alias, List<Address> targets) throws IOException {
        if (alias.name().isEmpty()) return false;
        Address user = new Address(alias.name(), alias.domain());
        return !targets.contains(user) && backends.user(user).isPresent();
    }

    /** A name without a domain is one of the default domain, which need not be this server's. */
    private boolean elsewhereByDefault(Address target) throws IOException {
        return target.domain().equals(routing.defaultDomain())
                && !backends.domains().contains(target.domain());
    }
}
