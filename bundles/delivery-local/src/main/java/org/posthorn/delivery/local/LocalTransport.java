package org.posthorn.delivery.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.delivery.Transport;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.events.MailEvents;
import org.posthorn.api.events.Teller;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Placed;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.mime.StoredMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way into the mailboxes of this server; the next hop is the address of the account. */
@Component(configurationPid = "org.posthorn.delivery.local", property = "name=local")
@Designate(ocd = LocalTransport.Config.class)
public final class LocalTransport implements Transport {

    @ObjectClassDefinition(name = "org.posthorn.delivery.local")
    @interface Config {

        @AttributeDefinition(
                description =
                        "Whether mail for user+detail goes into the user's mailbox of the name detail, if there is one: then anybody"
                                + " can file mail into any of them.")
        boolean detailMailboxes() default false;
    }

    private static final Logger LOG = LoggerFactory.getLogger(LocalTransport.class);
    private static final Amount LEAST = new Amount(1, 1);

    private final Leased<MailboxStore> stores = new Leased<>();
    private final Teller teller = new Teller();
    private final Details details;
    private volatile boolean detailMailboxes;

    @Activate
    public LocalTransport(@Reference Details details, Config config) {
        this.details = details;
        configure(config);
    }

    @Reference(
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addStore(MailboxStore store, Map<String, Object> properties) {
        stores.add(store, properties);
    }

    void removeStore(MailboxStore store) {
        stores.remove(store);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addEvents(MailEvents events, Map<String, Object> properties) {
        teller.add(events, properties);
    }

    void removeEvents(MailEvents events) {
        teller.remove(events);
    }

    @Modified
    final void configure(Config config) {
        detailMailboxes = config.detailMailboxes();
    }

    @Override
    public Map<Recipient, Outcome> deliver(Mail mail, List<Recipient> recipients, String nextHop) {
        Address account = Address.of(nextHop);
        Map<Recipient, Outcome> outcomes = new HashMap<>();
        for (Recipient recipient : recipients) outcomes.put(recipient, deliver(mail, recipient, account));
        return outcomes;
    }

    /** What else is wrong with a mailbox delays its mail, and no client. */
    @Override
    public Optional<Reply> refusal(String nextHop) {
        try (Lease<MailboxStore> store = stores.lease().orElse(null)) {
            boolean full =
                    store != null && !store.get().quota(Address.of(nextHop)).admits(LEAST);
            return full ? Optional.of(new Reply(452, "4.2.2", "the mailbox is full")) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("Whether the mailbox of {} is full cannot be told: {}", nextHop, e.toString());
            return Optional.empty();
        }
    }

    private Outcome deliver(Mail mail, Recipient recipient, Address account) {
        Optional<Lease<MailboxStore>> store = stores.lease();
        if (store.isEmpty()) return deferred("4.3.2", "there is no mailbox store");
        try (Lease<MailboxStore> lease = store.get();
                ReadOnce octets = new ReadOnce(mail.message())) {
            Message message = StoredMessage.of(octets);
            if (wasHere(message, recipient.address()))
                return new Outcome.Failed("", new Reply(554, "5.4.6", "mail loop: it was delivered here before"));
            return shelve(lease.get(), mail, message, recipient, account);
        } catch (MailboxFault e) {
            return deferred(e.kind() == MailboxFault.Kind.OVERQUOTA ? "4.2.2" : "4.2.0", e.getMessage());
        } catch (IOException e) {
            return deferred(full(e) ? "4.2.2" : "4.3.0", "the mailbox cannot be written: " + e.getMessage());
        }
    }

    /** One Delivered-To of the same address means that somebody sent back what we had delivered and he forwarded. */
    private static boolean wasHere(Message message, Address address) throws IOException {
        String here = octets(address.toString());
        return message.header().stream()
                .anyMatch(f -> f.is("Delivered-To") && f.unfolded().equalsIgnoreCase(here));
    }

    private Outcome shelve(MailboxStore store, Mail mail, Message octets, Recipient recipient, Address account)
            throws IOException {
        String mailbox = mail.junk() ? SpecialUse.JUNK.mailbox() : mailbox(store, recipient, account);
        Message message = octets.withTrace(trace(mail, recipient));
        int place = mail.envelope().recipients().indexOf(recipient);
        Placed placed = store.deliver(new Delivery(mail, place, message, account, mailbox, Flags.NONE));
        tell(mail, recipient, account, placed);
        Reply reply = new Reply(250, "2.0.0", "delivered to " + mailbox);
        return place < 0 ? new Outcome.Delivered("", reply, false) : new Outcome.Shelved("", reply);
    }

    private void tell(Mail mail, Recipient recipient, Address account, Placed placed) {
        teller.tell(new MailEvent.Shelved(
                mail.id(),
                Instant.now(),
                recipient.address(),
                account,
                placed.mailbox(),
                placed.uidValidity(),
                placed.entry().uid(),
                placed.format()));
    }

    private String mailbox(MailboxStore store, Recipient recipient, Address account) throws IOException {
        Optional<String> detail = detailMailboxes ? details.of(recipient.address(), account) : Optional.empty();
        if (detail.isEmpty()) return "INBOX";
        return store.account(account).mailbox(detail.get()).isPresent() ? detail.get() : "INBOX";
    }

    /** Final delivery writes the Return-Path, RFC 5321 4.4; in front of it all, as the last to touch the mail. */
    private static List<HeaderField> trace(Mail mail, Recipient recipient) {
        return List.of(
                new HeaderField("Return-Path", " " + octets(mail.envelope().reversePath())),
                new HeaderField("Delivered-To", " " + octets(recipient.address().toString())));
    }

    /** A header's characters stand for octets; an internationalized address is in UTF-8, RFC 6532 3.2. */
    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static boolean full(IOException e) {
        return String.valueOf(e.getMessage()).contains("No space left")
                || String.valueOf(e.getMessage()).contains("quota");
    }

    private static Outcome deferred(String enhanced, String why) {
        return new Outcome.Deferred("", new Reply(enhanced.equals("4.2.2") ? 452 : 451, enhanced, why));
    }
}
