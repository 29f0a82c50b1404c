package org.posthorn.events;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Printable;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.spool.Spool;

/** {@code mail:explain} and {@code mail:trace}. */
@Component
public final class StoryCommands implements ShellCommands {

    private static final int LAST = 10;
    private static final int MOST = 1_000;

    private final Chronicle chronicle;
    private final Present present = new Present();
    private final Words words = new Words(ZoneId.systemDefault());
    private final boolean offline;

    @Activate
    public StoryCommands(@Reference Chronicle chronicle, BundleContext context) {
        this(chronicle, "offline".equals(context.getProperty("posthorn.mode")));
    }

    StoryCommands(Chronicle chronicle, boolean offline) {
        this.chronicle = chronicle;
        this.offline = offline;
    }

    @Override
    public String scope() {
        return "mail";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand(
                        "explain",
                        "ID|MESSAGE-ID|ADDRESS [--last N]",
                        "Tells what happened to a mail and where it is now; of several, lists the newest.",
                        this::explain),
                new ShellCommand(
                        "trace",
                        "[WORD]",
                        "Shows what happens to mails as it happens, until it is interrupted; with a word, those that have it in"
                                + " their story.",
                        this::trace));
    }

    private Object explain(CommandLine line) throws InterruptedException {
        String word = line.word(0, "a queue id, a Message-ID or an address").strip();
        int last = line.option("last").map(StoryCommands::number).orElse(LAST);
        Lookup.Found found = chronicle.find(word, last);
        String note = found.away().isEmpty()
                ? ""
                : "The database cannot be asked (" + found.away() + "): this is what is in memory.";
        List<Told> stories = found.stories();
        if (stories.size() > 1) return stories.stream().map(s -> page(s).line()).toList();
        if (stories.size() == 1) return page(stories.get(0)).page(note);
        return untold(word, note);
    }

    private static int number(String text) {
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST)
            throw new IllegalArgumentException("--last takes a number from 1 to " + MOST);
        return Integer.parseInt(text);
    }

    private StoryPage page(Told story) {
        return new StoryPage(story, Now.of(story, words, present), words);
    }

    /** The story may be lost though the mail is there. */
    private Object untold(String word, String note) {
        if (Lookup.id(word).isPresent()) {
            MailId id = Lookup.id(word).get();
            StoryPage page = page(new Told(id, List.of(), 0, 0));
            if (!page.now().isEmpty()) return page.page(note);
        }
        String why = note.isEmpty() ? "stories are kept for " + chronicle.days() + " days" : note;
        throw new IllegalArgumentException("nothing is known of " + Printable.line(word) + "; " + why);
    }

    private Object trace(CommandLine line) {
        if (offline) throw new IllegalArgumentException("the server is stopped, so nothing happens to any mail");
        return chronicle.trace(line.word(0).orElse(""), words);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addStore(QueueStore store, Map<String, Object> properties) {
        present.stores().add(store, properties);
    }

    void removeStore(QueueStore store) {
        present.stores().remove(store);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSpool(Spool spool, Map<String, Object> properties) {
        present.spools().add(spool, properties);
    }

    void removeSpool(Spool spool) {
        present.spools().remove(spool);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addMailboxes(MailboxStore mailboxes, Map<String, Object> properties) {
        present.mailboxes().add(mailboxes, properties);
    }

    void removeMailboxes(MailboxStore mailboxes) {
        present.mailboxes().remove(mailboxes);
    }
}
