package org.posthorn.imap;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.posthorn.api.mail.Address;
import org.posthorn.imap.command.Internal;

/** Whether another session of the user has made the URLs of the selected mailbox void, RFC 4467 3: told at once where a client may be told, else with the next command. */
public final class KeyNews {

    private final Session session;
    private final AtomicBoolean untold = new AtomicBoolean();
    private Optional<Address> listening = Optional.empty();
    /** The selected mailbox; read on any thread. */
    private volatile String mailbox = "";

    KeyNews(Session session) {
        this.session = session;
    }

    /** That is selected now, or nothing is. */
    void selected(Optional<Selection> next) {
        listening.ifPresent(this::forget);
        listening = next.flatMap(s -> session.user()).map(Address::folded);
        mailbox = next.map(Selection::name).orElse("");
        // SELECT tells what keys are for.
        untold.set(false);
        listening.ifPresent(user -> session.services().keyNews().compute(user, (u, there) -> {
            Set<KeyNews> all = there == null ? ConcurrentHashMap.newKeySet() : there;
            all.add(this);
            return all;
        }));
    }

    /** What is selected has that name now. */
    public void renamed(String name) {
        mailbox = name;
    }

    private void forget(Address user) {
        session.services().keyNews().computeIfPresent(user, (u, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
        });
    }

    /** This session has reset the key of that mailbox, or of all of them if none is named: the user's other sessions that have it selected are told. */
    public void reset(Optional<String> name) {
        Address user = session.user().orElseThrow().folded();
        for (KeyNews other : session.services().keyNews().getOrDefault(user, Set.of()))
            if (other != this && name.orElse(other.mailbox).equals(other.mailbox)) other.ring();
    }

    /** However often it happens, it is told once. On any thread. */
    private void ring() {
        if (untold.compareAndSet(false, true)) session.connection().run(this::look);
    }

    private void look() {
        boolean between = session.talk().isPresent() ? session.talk().get() instanceof Idling : !session.isBusy();
        if (between && !session.watching().isTelling() && !session.isOver()) tell();
    }

    /** Tells it if it has not been told. */
    void tell() {
        if (untold.getAndSet(false)) session.untagged("OK " + Internal.URLMECH + " There is a new key");
    }
}
