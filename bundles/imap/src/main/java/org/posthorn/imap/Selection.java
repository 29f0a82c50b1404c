package org.posthorn.imap;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.Roll;
import org.posthorn.api.mailbox.Status;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.command.Internal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a session knows of the mailbox it has selected: the numbers of its messages do not change until the client has been told. */
public final class Selection {

    private static final Logger LOG = LoggerFactory.getLogger(Selection.class);

    /** As Cyrus has it, whose users came by with it. */
    public static final int MOST_KEYWORDS = 128;

    /** Keywords that any mailbox takes in IMAP4rev2, whatever others it has: RFC 9051 2.3.2. */
    private static final List<String> PREDEFINED = List.of("$Forwarded", "$Junk", "$MDNSent", "$NotJunk", "$Phishing");

    /** The rights without which there is nothing to change: "i", "e", and those of flags, all of which are shared. */
    private static final String CHANGING = "ieswt";

    private static final String SYSTEM = String.join(" ", Flags.SYSTEM);

    private String name;
    private final boolean readOnly;
    private final long uidValidity;
    /** What the client has been told that it may do. */
    private Rights rights;

    private Uids uids = new Uids();
    private long modSeq;
    private UidSet recent = UidSet.EMPTY;
    /** Expunged, but the client has not been told yet. */
    private UidSet gone = UidSet.EMPTY;
    /** The mod-sequence before the first of them went. */
    private long modSeqBefore;
    /** What the last search was to save, RFC 5182; messages that are gone may still be among them. */
    private UidSet saved = UidSet.EMPTY;
    /** What the client has been told in answer to its own command, by UID: the mod-sequence. */
    private final Map<Long, Long> told = new HashMap<>();

    private boolean looked;

    private final Contexts contexts = new Contexts();

    private final TreeSet<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    private Selection(String name, boolean readOnly, long uidValidity, Rights rights) {
        this.name = name;
        this.readOnly = readOnly;
        this.uidValidity = uidValidity;
        this.rights = rights;
    }

    /** Looks at the mailbox for the first time and tells what is there, RFC 3501 6.3.1. Who may change nothing has it read-only, RFC 4314 5.2. */
    public static Selection open(Session session, Mailbox mailbox, boolean examine) throws IOException {
        boolean readOnly = examine || !mailbox.rights().hasAny(CHANGING);
        Roll roll = mailbox.roll();
        Status status = roll.status();
        Selection view = new Selection(mailbox.name(), readOnly, status.uidValidity(), mailbox.rights());
        view.modSeq = status.highestModSeq();
        view.uids = new Uids(roll.uids());
        view.keywords.addAll(roll.keywords());
        if (session.dialect().isRev2()) view.keywords.addAll(PREDEFINED);
        else view.claim(readOnly ? view.unclaimed(status) : mailbox.claimRecent(view.uids.last()));
        view.tell(session, status);
        return view;
    }

    /** An empty mailbox that is none. */
    public static Selection nothing() {
        return new Selection("", true, 0, Rights.NONE);
    }

    /** What a mailbox that is not selected looks like, as EXAMINE would show it. */
    public static Selection glance(Mailbox mailbox) throws IOException {
        Roll roll = mailbox.roll();
        Status status = roll.status();
        Selection view = new Selection(mailbox.name(), true, status.uidValidity(), mailbox.rights());
        view.uids = new Uids(roll.uids());
        view.claim(view.unclaimed(status));
        return view;
    }

    private void tell(Session session, Status status) {
        tellFlags(session);
        session.untagged(uids.size() + " EXISTS");
        if (!session.dialect().isRev2()) tellOld(session, status);
        session.untagged("OK [UIDVALIDITY " + uidValidity + "] UIDs valid");
        session.untagged("OK [UIDNEXT " + Math.max(status.uidNext(), uids.last() + 1) + "] Predicted next UID");
        session.untagged("OK [MAILBOXID (" + status.mailboxId() + ")] Its identifier");
        session.untagged("OK " + Internal.URLMECH + " URLs can be authorized");
        session.untagged("OK [HIGHESTMODSEQ " + modSeq + "] Highest");
    }

    /** What RFC 9051 E does without. */
    private void tellOld(Session session, Status status) {
        session.untagged(recentCount() + " RECENT");
        // That one is a number.
        if (status.firstUnseen() > 0 && !session.uidOnly())
            session.untagged("OK [UNSEEN " + uids.sequence(status.firstUnseen()) + "] First unseen");
    }

    private void tellFlags(Session session) {
        String all = keywords.isEmpty() ? SYSTEM : SYSTEM + " " + String.join(" ", keywords);
        session.untagged("FLAGS (" + all + ")");
        session.untagged("OK [PERMANENTFLAGS (" + (readOnly ? "" : String.join(" ", permanent())) + ")] "
                + (readOnly ? "Read-only" : "Flags permitted"));
    }

    /** RFC 4314 5.1.1. */
    private List<String> permanent() {
        List<String> all = rights.permitted(Flags.named(Flags.SYSTEM).with(new Flags(0, List.copyOf(keywords))))
                .names();
        if (rights.has('w') && keywords.size() < MOST_KEYWORDS) all.add("\\*");
        return all;
    }

    /** Where those begin that no session has claimed: the last ones, as claims go. */
    private long unclaimed(Status status) {
        long first = uids.size() - status.recent() + 1;
        return status.recent() == 0 || first < 1 ? uids.last() + 1 : uids.uid((int) first);
    }

    private void claim(long from) {
        if (from > uids.last()) return;
        recent = Uids.union(recent, UidSet.range(from, uids.last()));
    }

    public String name() {
        return name;
    }

    /** The session itself has renamed it. @return the lines about searches that end by it */
    public String renamed(String to) {
        name = to;
        return contexts.endNamed();
    }

    /** Whether the client has been told of all these keywords. */
    public boolean knows(Collection<String> names) {
        return keywords.containsAll(names);
    }

    public boolean readOnly() {
        return readOnly;
    }

    public long uidValidity() {
        return uidValidity;
    }

    public Uids uids() {
        return uids;
    }

    /** What the dollar sign stands for, RFC 5182. */
    UidSet saved() {
        return saved;
    }

    /** The searches that are kept up to date. */
    public Contexts contexts() {
        return contexts;
    }

    /** From now on it stands for these. */
    public void save(UidSet found) {
        saved = found;
    }

    /** IMAP4rev2 has no such flag: what no other session has claimed is recent for others. */
    void forgetRecent() {
        contexts.changed(uids.within(recent));
        recent = UidSet.EMPTY;
    }

    public boolean recent(long uid) {
        return recent.contains(uid);
    }

    private long recentCount() {
        return uids.within(recent).size();
    }

    /** The mod-sequence up to which the client knows everything. */
    public long modSeq() {
        return modSeq;
    }

    /** The command has looked at the mailbox, and needs no second look at its end. */
    public void looked() {
        looked = true;
    }

    /** The client has just been told these, in answer to its command. */
    public void told(List<Entry> entries) {
        entries.forEach(e -> told.put(e.uid(), e.modSeq()));
    }

    /**
     * What has happened since the last time, to be told now, RFC 3501 5.2 and 7.4.1. Whatever has been taken from the mailbox is told: nothing that may fail comes
     * behind that.
     *
     * @param expunges whether numbers may change now
     */
    News sync(Session session, Mailbox mailbox, boolean expunges) throws IOException {
        Changes news = looked ? mailbox.noticed(modSeq) : mailbox.since(modSeq);
        if (!mailbox.rights().equals(rights)) {
            rights = mailbox.rights();
            tellFlags(session);
        }
        String removed = "";
        long lastBefore = uids.last();
        boolean none =
                news.complete() && news.entries().isEmpty() && news.vanished().isEmpty();
        if (!none) {
            if (mailbox.status().uidValidity() != uidValidity) {
                session.bye("The selected mailbox has been replaced by another");
                return News.none(session);
            }
            removed = take(session, mailbox, news);
        }
        // RFC 7162 3.2.10, RFC 9586 3.4
        boolean byUid = session.qresync() || session.uidOnly();
        String vanished = expunges && byUid && !gone.isEmpty() ? "* VANISHED " + gone + "\r\n" : "";
        List<UidSet.Range> numbers = expunges ? expunged() : List.of();
        long last = uids.last();
        List<Entry> changed = news.entries().stream()
                .filter(e -> e.uid() <= last && !Long.valueOf(e.modSeq()).equals(told.get(e.uid())))
                .filter(e -> session.notifications().hearsFlags())
                .toList();
        String arrived = none ? "" : arrived(session, mailbox, news.entries());
        List<Entry> fresh = news.entries().stream()
                .filter(e -> e.uid() > last && !told.containsKey(e.uid()))
                .toList();
        told.clear();
        contexts.arrived(UidSet.ofUids(fresh.stream().mapToLong(Entry::uid)));
        String updates = updates(session, mailbox, news.entries(), lastBefore);
        Map<Long, Set<String>> joined = contexts.takeJoined();
        return new News(
                removed,
                byUid ? List.of() : numbers,
                vanished + arrived,
                changed,
                updates,
                session.notifications().fetching(mailbox, joined),
                session.notifications()
                        .fetching(fresh.stream()
                                .filter(e -> !joined.containsKey(e.uid()))
                                .toList()),
                session);
    }

    /** What has changed in answers that are kept up to date. */
    private String updates(Session session, Mailbox mailbox, List<Entry> entries, long lastBefore) {
        if (contexts.isEmpty()) return "";
        contexts.changed(UidSet.ofUids(entries.stream().mapToLong(Entry::uid)));
        // What an asterisk stands for has changed, for these two alone.
        if (uids.last() != lastBefore)
            contexts.changed(
                    UidSet.ofUids(LongStream.of(lastBefore, uids.last()).filter(uid -> uid > 0)));
        return contexts.look(session, mailbox);
    }

    /**
     * A command is over: what it has seen is nothing to the next one, and a client must not take mod-sequences that it was told for a word on all that
     * happened before, RFC 7162 3.2.
     */
    void conclude(Session session) {
        looked = false;
        if (session.condstore() && !gone.isEmpty())
            session.untagged("OK [HIGHESTMODSEQ " + modSeqBefore + "] Messages that are gone are told later");
    }

    /** The flags of these as news, with UID and mod-sequence. */
    public News changed(Session session, List<Entry> entries) {
        return new News("", List.of(), "", entries, "", Fetching.NOTHING, Fetching.NOTHING, session);
    }

    /** @return the lines about messages that are no longer among what searches have found */
    private String take(Session session, Mailbox mailbox, Changes news) throws IOException {
        UidSet vanished = news.complete() ? uids.within(news.vanished()) : missing(mailbox);
        if (gone.isEmpty()) modSeqBefore = modSeq;
        modSeq = Math.max(modSeq, news.highestModSeq());
        gone = Uids.union(gone, vanished);
        learn(session, news.entries());
        return contexts.gone(vanished, uids);
    }

    /** Tells of keywords that these have and the client has not heard of, so that it hears of them before it hears of the messages. */
    public void learn(Session session, List<Entry> entries) {
        int before = keywords.size();
        entries.forEach(e -> keywords.addAll(e.flags().keywords()));
        if (keywords.size() != before) tellFlags(session);
    }

    /** What the mailbox has no more, when it does not remember what it removed. */
    private UidSet missing(Mailbox mailbox) throws IOException {
        return uids.without(mailbox.roll().uids()).all();
    }

    /** The numbers that the client is going to be told of now; from here on others count. */
    private List<UidSet.Range> expunged() {
        if (gone.isEmpty()) return List.of();
        List<UidSet.Range> numbers = Text.sequences(gone, uids).ranges();
        uids = uids.without(gone);
        gone = UidSet.EMPTY;
        return numbers;
    }

    /** The lines about new messages. */
    private String arrived(Session session, Mailbox mailbox, List<Entry> entries) {
        long last = uids.last();
        for (Entry e : entries) if (e.uid() > last) uids.add(e.uid());
        if (uids.last() == last) return "";
        String exists = "* " + uids.size() + " EXISTS\r\n";
        if (session.dialect().isRev2()) return exists;
        claim(readOnly ? last + 1 : Math.max(last + 1, claimed(mailbox, uids.last())));
        return exists + "* " + recentCount() + " RECENT\r\n";
    }

    /** Where those begin that nobody had claimed. When nobody can tell, all are recent: RFC 3501 2.3.2. */
    private static long claimed(Mailbox mailbox, long upTo) {
        try {
            return mailbox.claimRecent(upTo);
        } catch (IOException broken) {
            LOG.error("What is recent could not be claimed: {}", broken.toString());
            return 0;
        }
    }

    /** A message's flags in parentheses, \Recent among them if it is that. */
    public void flags(StringBuilder out, Entry entry) {
        char before = '(';
        int system = entry.flags().system();
        for (int i = 0; system >> i != 0; i++)
            if ((system >> i & 1) != 0) {
                out.append(before).append(Flags.SYSTEM.get(i));
                before = ' ';
            }
        for (String keyword : entry.flags().keywords()) {
            out.append(before).append(keyword);
            before = ' ';
        }
        if (recent(entry.uid())) out.append(before).append("\\Recent");
        else if (before == '(') out.append('(');
        out.append(')');
    }

    void suspend(Map<String, String> values) {
        values.put("mailbox", name);
        values.put("readOnly", Boolean.toString(readOnly));
        values.put("rights", rights.letters());
        values.put("uidValidity", Long.toString(uidValidity));
        values.put("uids", uids.all().toString());
        values.put("modSeq", Long.toString(modSeq));
        values.put("recent", recent.toString());
        values.put("gone", gone.toString());
        values.put("modSeqBefore", Long.toString(modSeqBefore));
        values.put("saved", saved.toString());
        values.put("keywords", String.join(" ", keywords));
        contexts.suspend(values);
    }

    static Selection resume(Map<String, String> values) {
        Selection view = new Selection(
                values.get("mailbox"),
                Boolean.parseBoolean(values.get("readOnly")),
                Long.parseLong(values.get("uidValidity")),
                // An earlier version knew of no others.
                new Rights(values.getOrDefault("rights", Rights.ALL.letters())));
        view.uids = new Uids(Suspension.set(values.get("uids")));
        view.modSeq = Long.parseLong(values.get("modSeq"));
        view.recent = Suspension.set(values.get("recent"));
        view.gone = Suspension.set(values.get("gone"));
        view.modSeqBefore = Long.parseLong(values.getOrDefault("modSeqBefore", "0"));
        view.saved = Suspension.set(values.getOrDefault("saved", ""));
        Arrays.stream(values.get("keywords").split(" "))
                .filter(k -> !k.isEmpty())
                .forEach(view.keywords::add);
        view.contexts.resume(values, view);
        return view;
    }
}
