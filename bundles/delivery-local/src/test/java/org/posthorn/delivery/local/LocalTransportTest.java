package org.posthorn.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Placed;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.api.spool.Pending;
import org.posthorn.mime.StoredMessage;

class LocalTransportTest {

    private static final Recipient ALICE = new Recipient(Address.of("alice@example.test"));
    private static final Recipient NEWS = new Recipient(Address.of("Alice+News@example.test"));
    private static final String HOP = "alice@example.test";

    private final Shelves shelves = new Shelves();
    private final Details details = new Details(settings(Details.Config.class, "+"));
    private final LocalTransport transport = new LocalTransport(details, settings(LocalTransport.Config.class, true));

    @BeforeEach
    void connect() {
        transport.addStore(shelves, Map.of());
    }

    @Test
    void where_it_lies_is_told() {
        List<MailEvent> told = new ArrayList<>();
        transport.addEvents(told::add, Map.of());
        Mail mail = mail("Subject: x\r\n\r\n", ALICE);
        transport.deliver(mail, List.of(ALICE), HOP);
        assertThat(told).singleElement().isInstanceOfSatisfying(MailEvent.Shelved.class, shelved -> {
            assertThat(shelved.mail()).isEqualTo(mail.id());
            assertThat(shelved.recipient()).isEqualTo(ALICE.address());
            assertThat(shelved.account()).isEqualTo(Address.of(HOP));
            assertThat(shelved.mailbox()).isEqualTo("INBOX");
            assertThat(shelved.uid()).isEqualTo(42);
            assertThat(shelved.uidValidity()).isEqualTo(7);
            assertThat(shelved.format()).isEqualTo("maildir");
        });
    }

    @Test
    void the_return_path_and_who_it_was_delivered_to_stand_in_front() throws IOException {
        deliver(mail("Received: x\r\nSubject: y\r\n\r\nbody\r\n", ALICE), ALICE);
        assertThat(shelves.text(0))
                .isEqualTo("Return-Path: <sender@example.org>\r\nDelivered-To: alice@example.test\r\n"
                        + "Received: x\r\nSubject: y\r\n\r\nbody\r\n");
    }

    @Test
    void the_null_sender_has_an_empty_return_path() throws IOException {
        Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of(ALICE));
        deliver(mail(envelope, "\r\n", false), ALICE);
        assertThat(shelves.text(0)).startsWith("Return-Path: <>\r\n");
    }

    @Test
    void an_international_address_is_written_in_utf_8() throws IOException {
        Recipient joerg = new Recipient(Address.of("jörg@example.test"));
        transport.deliver(mail("\r\n", joerg), List.of(joerg), "jörg@example.test");
        byte[] octets = shelves.text(0).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(new String(octets, StandardCharsets.UTF_8)).contains("Delivered-To: jörg@example.test\r\n");
    }

    @Test
    void a_recipient_of_the_envelope_is_shelved_at_its_place() {
        Mail mail = mail("\r\n", NEWS, ALICE);
        assertThat(deliver(mail, ALICE)).isInstanceOf(Outcome.Shelved.class);
        assertThat(shelves.deliveries.get(0).recipient()).isEqualTo(1);
    }

    @Test
    void a_recipient_that_the_journal_does_not_guard_is_delivered_without_a_place() {
        assertThat(deliver(mail("\r\n", NEWS), ALICE)).isInstanceOf(Outcome.Delivered.class);
        assertThat(shelves.deliveries.get(0).recipient()).isNegative();
    }

    @Test
    void mail_that_was_delivered_to_the_same_address_before_is_a_loop() {
        Mail mail = mail("Delivered-To: ALICE@example.test\r\n\r\n", ALICE);
        assertThat(deliver(mail, ALICE)).isInstanceOfSatisfying(Outcome.Failed.class, f -> assertThat(
                        f.reply().enhanced())
                .isEqualTo("5.4.6"));
        assertThat(shelves.deliveries).isEmpty();
        Mail other = mail("Delivered-To: bob@example.test\r\n\r\n", ALICE);
        assertThat(deliver(other, ALICE)).isInstanceOf(Outcome.Shelved.class);
    }

    @Test
    void junk_goes_to_junk_and_a_detail_to_its_mailbox_if_there_is_one() {
        deliver(mail(envelope(ALICE), "\r\n", true), ALICE);
        deliver(mail("\r\n", NEWS), NEWS);
        shelves.names.add("News");
        deliver(mail("\r\n", NEWS), NEWS);
        configure(false, "+");
        deliver(mail("\r\n", NEWS), NEWS);
        assertThat(shelves.deliveries).extracting(Delivery::mailbox).containsExactly("Junk", "INBOX", "News", "INBOX");
    }

    @Test
    void only_what_stands_behind_the_separator_is_a_detail() {
        shelves.names.add("News");
        shelves.names.add("-News");
        Recipient doubled = new Recipient(Address.of("alice--News@example.test"));
        Recipient alias = new Recipient(Address.of("alice2News@example.test"));
        configure(true, "--");
        deliver(mail("\r\n", doubled), doubled);
        deliver(mail("\r\n", NEWS), NEWS);
        deliver(mail("\r\n", alias), alias);
        configure(true, "");
        deliver(mail("\r\n", NEWS), NEWS);
        assertThat(shelves.deliveries).extracting(Delivery::mailbox).containsExactly("News", "INBOX", "INBOX", "INBOX");
    }

    @Test
    void nobody_files_into_mailboxes_unless_the_setting_says_so() throws NoSuchMethodException {
        assertThat(LocalTransport.Config.class
                        .getDeclaredMethod("detailMailboxes")
                        .getDefaultValue())
                .isEqualTo(false);
    }

    @Test
    void a_full_mailbox_is_told_before_the_mail_comes() {
        assertThat(transport.refusal(HOP)).isEmpty();
        shelves.quota = new Quota(new Amount(100, 7), new Amount(100, 10));
        assertThat(transport.refusal(HOP))
                .hasValueSatisfying(r -> assertThat(r).hasToString("452 4.2.2 the mailbox is full"));
        shelves.quota = new Quota(new Amount(99, 10), new Amount(100, 10));
        assertThat(transport.refusal(HOP)).isPresent();
        shelves.quota = new Quota(new Amount(99, 9), new Amount(100, 10));
        assertThat(transport.refusal(HOP)).isEmpty();
        shelves.fault = new IOException("Input/output error");
        assertThat(transport.refusal(HOP)).isEmpty();
        transport.removeStore(shelves);
        assertThat(transport.refusal(HOP)).isEmpty();
    }

    @Test
    void a_full_disk_or_mailbox_defers_the_mail() {
        shelves.fault = new IOException("No space left on device");
        assertThat(reply(deliver(mail("\r\n", ALICE), ALICE))).startsWith("452 4.2.2");
        shelves.fault = new MailboxFault(MailboxFault.Kind.OVERQUOTA, "over quota");
        assertThat(reply(deliver(mail("\r\n", ALICE), ALICE))).startsWith("452 4.2.2");
        shelves.fault = new IOException("Input/output error");
        assertThat(reply(deliver(mail("\r\n", ALICE), ALICE))).startsWith("451 4.3.0");
        transport.removeStore(shelves);
        assertThat(reply(deliver(mail("\r\n", ALICE), ALICE))).startsWith("451 4.3.2");
    }

    private static String reply(Outcome outcome) {
        return ((Outcome.Deferred) outcome).reply().toString();
    }

    private Outcome deliver(Mail mail, Recipient recipient) {
        return transport.deliver(mail, List.of(recipient), HOP).get(recipient);
    }

    private void configure(boolean detailMailboxes, String separator) {
        transport.configure(settings(LocalTransport.Config.class, detailMailboxes));
        details.modified(settings(Details.Config.class, separator));
    }

    private static <T> T settings(Class<T> type, Object value) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> value));
    }

    private static Mail mail(String octets, Recipient... recipients) {
        return mail(envelope(recipients), octets, false);
    }

    private static Envelope envelope(Recipient... recipients) {
        return new Envelope(Optional.of(Address.of("sender@example.org")), MailParameters.NONE, List.of(recipients));
    }

    private static Mail mail(Envelope envelope, String octets, boolean junk) {
        return new Mail(MailId.of(1), Instant.EPOCH, Origin.local("mx"), envelope, StoredMessage.of(octets), junk);
    }

    /** Takes what comes, or breaks. */
    private static final class Shelves implements MailboxStore {

        final List<Delivery> deliveries = new ArrayList<>();
        final List<String> names = new ArrayList<>();
        Quota quota = Quota.NONE;
        IOException fault;

        @Override
        public Quota quota(Address account) throws IOException {
            if (fault != null) throw fault;
            return quota;
        }

        @Override
        public Account account(Address address) {
            return (Account) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {Account.class},
                    (proxy, method, arguments) -> mailbox((String) arguments[0]));
        }

        private Optional<Mailbox> mailbox(String name) {
            if (!names.contains(name)) return Optional.empty();
            return Optional.of((Mailbox) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Mailbox.class}, (proxy, method, arguments) -> name));
        }

        @Override
        public Placed deliver(Delivery delivery) throws IOException {
            if (fault != null) throw fault;
            deliveries.add(delivery);
            return new Placed("INBOX", 7, new Entry(42, Flags.NONE, 1, 1, Instant.EPOCH, Instant.EPOCH, 1), "maildir");
        }

        @Override
        public Collection<Integer> shelved(Pending pending) {
            throw new UnsupportedOperationException();
        }

        String text(int which) throws IOException {
            return new String(deliveries.get(which).message().open().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
