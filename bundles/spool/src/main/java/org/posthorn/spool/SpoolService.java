package org.posthorn.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.lease.Succession;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Kept;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.api.spool.Spool;
import org.posthorn.api.start.StartProblem;
import org.posthorn.api.start.StartReport;
import org.posthorn.api.store.Inspection;
import org.posthorn.api.store.StoreCheck;

/** The spool in the data directory. One that cannot be opened says so at the start, and takes no mail. */
@Component(
        service = {Spool.class, KeptMail.class, StartReport.class, ShellCommands.class, StoreCheck.class},
        configurationPid = "org.posthorn.spool")
@Designate(ocd = SpoolService.Config.class)
public final class SpoolService implements Spool, KeptMail, StartReport, ShellCommands, StoreCheck {

    /** The settings. */
    @ObjectClassDefinition(name = "Spool")
    public @interface Config {

        @AttributeDefinition(
                description = "Memory for mail on its way in, in MiB; beyond it small mail goes to files, too",
                min = "1",
                max = "4096")
        int memory() default 64;

        @AttributeDefinition(description = "Size of a journal segment in MiB", min = "1", max = "1024")
        int segment() default 64;

        @AttributeDefinition(description = "No mail is taken when less is free on the disk, in MiB", min = "0")
        int free() default 100;

        @AttributeDefinition(
                description = "No mail is taken when less of the disk is free, in percent",
                min = "0",
                max = "90")
        int freePercent() default 1;
    }

    private final Path root;
    private volatile JournalSpool.Limits limits;
    private volatile Succession<JournalSpool> spool;

    /** Opens it. */
    @Activate
    public SpoolService(BundleContext context, Config config) {
        String data = context.getProperty("posthorn.data");
        root = Path.of(data == null ? "data" : data, "spool");
        limits = limits(config);
        spool = open();
    }

    private Succession<JournalSpool> open() {
        return Succession.begin("the spool in " + root, this::opened);
    }

    private JournalSpool opened(int before) throws IOException {
        try {
            return new JournalSpool(root, limits, boot(), new SecureRandom()::nextLong, before);
        } catch (IOException e) {
            throw new IOException("the spool in " + root + " cannot be used: " + e, e);
        }
    }

    private static JournalSpool.Limits limits(Config config) {
        long mebi = 1 << 20;
        return new JournalSpool.Limits(
                config.memory() * mebi, config.segment() * mebi, config.free() * mebi, config.freePercent());
    }

    /** Where the machine does not tell its boots apart, each start counts as one: then power may have been lost. */
    private static UUID boot() throws IOException {
        Path id = Path.of("/proc/sys/kernel/random/boot_id");
        return Files.isReadable(id) ? UUID.fromString(Files.readString(id).strip()) : UUID.randomUUID();
    }

    @Modified
    void change(Config config) {
        limits = limits(config);
        // What waits for the version before will be opened with them.
        if (spool.waits()) return;
        try {
            spool().limit(limits);
        } catch (IOException failed) {
            spool = open();
        }
    }

    @Deactivate
    void close() {
        spool.close(JournalSpool::close);
    }

    private JournalSpool spool() throws IOException {
        return spool.get();
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public List<StartProblem> problems() {
        try {
            if (!spool.waits()) spool();
            return List.of();
        } catch (IOException e) {
            return List.of(new StartProblem(StartProblem.Cause.DATA, e.getMessage()));
        }
    }

    @Override
    public String scope() {
        return "spool";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(new ShellCommand("status", "", "Shows what the spool holds.", line -> spool().status()));
    }

    @Override
    public String store() {
        return "spool";
    }

    @Override
    public int turn() {
        return 1;
    }

    @Override
    public void inspect(Inspection inspection) throws IOException {
        if (inspection.account().isEmpty()) spool().inspect(inspection);
    }

    @Override
    public Incoming begin() throws IOException {
        return spool().begin();
    }

    @Override
    public Mail commit(Incoming incoming, Mail draft) throws IOException {
        return spool().commit(incoming, draft);
    }

    @Override
    public void note(MailId id, ShelfNote note) throws IOException {
        spool().note(id, note);
    }

    @Override
    public void settle(MailId id, Collection<Integer> recipients) throws IOException {
        spool().settle(id, recipients);
    }

    @Override
    public List<Pending> replay() throws IOException {
        return spool().replay();
    }

    @Override
    public List<Pending> left() throws IOException {
        return spool().left();
    }

    @Override
    public Message keep(Mail mail) throws IOException {
        return spool().kept().keep(mail);
    }

    @Override
    public void noteAnew(Mail mail) throws IOException {
        spool().kept().noteAnew(mail);
    }

    @Override
    public Optional<Message> message(MailId id) throws IOException {
        return spool().kept().message(id);
    }

    @Override
    public List<MailId> all() throws IOException {
        return spool().kept().all();
    }

    @Override
    public Kept inspect(MailId id) throws IOException {
        return spool().kept().inspect(id);
    }

    @Override
    public void drop(MailId id) throws IOException {
        spool().kept().drop(id);
    }

    @Override
    public boolean room() throws IOException {
        return spool().room();
    }
}
