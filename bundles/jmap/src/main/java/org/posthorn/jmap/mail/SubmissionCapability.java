package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.posthorn.api.intake.SubmissionRules;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Capability;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Limits;
import org.posthorn.jmap.Method;

/** {@code urn:ietf:params:jmap:submission}, RFC 8621 1.3.2: Identity and EmailSubmission. */
public final class SubmissionCapability implements Capability {

    public static final String URI = "urn:ietf:params:jmap:submission";

    private final Sending sending;
    private final Outbox outbox;
    private final Submissions submissions;
    private final Identities identities;
    private final ScheduledMail scheduled;

    /**
     * @param remembered how long an EmailSubmission is, behind its sending
     * @param snoozes by which what is sent later is moved when it goes
     * @param clock on which those who watch are told that a time has come
     */
    public SubmissionCapability(
            Sending sending,
            Outbox outbox,
            Supplier<Duration> remembered,
            Snoozes snoozes,
            ScheduledExecutorService clock) {
        this.sending = sending;
        this.outbox = outbox;
        this.submissions = new Submissions(outbox, sending, remembered, clock);
        this.identities = new Identities(outbox, sending.accounts());
        this.scheduled = new ScheduledMail(snoozes);
    }

    @Override
    public String uri() {
        return URI;
    }

    @Override
    public ObjectNode server(Limits limits) {
        return Json.NODES.objectNode();
    }

    /** What the submission ports announce, RFC 8621 1.3.2. */
    @Override
    public ObjectNode account(Limits limits, Address user) {
        SubmissionRules rules = sending.rules().get();
        Duration most = rules.maxFutureRelease();
        ObjectNode json = Json.NODES.objectNode().put("maxDelayedSend", most.toSeconds());
        ObjectNode extensions = json.putObject("submissionExtensions");
        extensions.putArray("DSN");
        extensions.putArray("8BITMIME");
        extensions.putArray("SMTPUTF8");
        extensions.putArray("SIZE").add(Long.toString(rules.maxSize()));
        if (!most.isZero())
            extensions
                    .putArray("FUTURERELEASE")
                    .add(Long.toString(most.toSeconds()))
                    .add(latest(most));
        return json;
    }

    /** In steps of a day at most, so that the session is the same for so long, and never what is over. */
    private String latest(Duration most) {
        long step = Math.max(1, Math.min(Duration.ofDays(1).toSeconds(), most.toSeconds() / 10));
        long now = outbox.clock().instant().getEpochSecond();
        return Instant.ofEpochSecond(now - now % step).plus(most).toString();
    }

    @Override
    public Map<String, Method> methods() {
        Map<String, Method> methods = new HashMap<>(new IdentityMethods(identities).all());
        LoggedMethods read = new LoggedMethods(
                "EmailSubmission",
                SubmissionRecord.IDS,
                SubmissionRecord.PROPERTIES,
                submissions::of,
                SubmissionRecord::told,
                (filter, sort) -> SubmissionSearch.of(filter, sort)::ids);
        methods.putAll(read.all());
        methods.put(
                "EmailSubmission/set", new SubmissionSet(submissions, identities, sending, scheduled, new Digests()));
        return methods;
    }

    @Override
    public Map<String, String> states(Context context, Address account) throws IOException {
        submissions.hear(account);
        return Map.of(
                "EmailSubmission", Long.toString(submissions.state(account)),
                "Identity", Long.toString(identities.state(account)));
    }

    @Override
    public Runnable watch(Address account, Runnable news) {
        return submissions.watch(account, news);
    }
}
