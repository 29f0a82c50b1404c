package org.posthorn.jmap;

import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.posthorn.api.events.MailStories;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.queue.UnsentMail;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Issuer;

/** The parts of the server that requests are carried out with; each may be away, and is leased by the call. Safe for several threads. */
@Component(service = Parts.class)
public final class Parts {

    private final Leased<MailboxStore> stores = new Leased<>();
    private final Leased<Accounts> accounts = new Leased<>();
    private final Leased<Issuer> issuers = new Leased<>();
    private final Leased<MailStories> stories = new Leased<>();
    private final Leased<MailIntake> intakes = new Leased<>();
    private final Leased<UnsentMail> queues = new Leased<>();

    Leased<MailboxStore> stores() {
        return stores;
    }

    Leased<Accounts> accounts() {
        return accounts;
    }

    Leased<Issuer> issuers() {
        return issuers;
    }

    Leased<MailStories> stories() {
        return stories;
    }

    Leased<MailIntake> intakes() {
        return intakes;
    }

    Leased<UnsentMail> queues() {
        return queues;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindStore(MailboxStore store, Map<String, ?> properties) {
        stores.add(store, properties);
    }

    void unbindStore(MailboxStore store) {
        stores.remove(store);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAccounts(Accounts all, Map<String, ?> properties) {
        accounts.add(all, properties);
    }

    void unbindAccounts(Accounts all) {
        accounts.remove(all);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindIssuer(Issuer issuer, Map<String, ?> properties) {
        issuers.add(issuer, properties);
    }

    void unbindIssuer(Issuer issuer) {
        issuers.remove(issuer);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindIntake(MailIntake intake, Map<String, ?> properties) {
        intakes.add(intake, properties);
    }

    void unbindIntake(MailIntake intake) {
        intakes.remove(intake);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindStories(MailStories all, Map<String, ?> properties) {
        stories.add(all, properties);
    }

    void unbindStories(MailStories all) {
        stories.remove(all);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindQueue(UnsentMail queue, Map<String, ?> properties) {
        queues.add(queue, properties);
    }

    void unbindQueue(UnsentMail queue) {
        queues.remove(queue);
    }
}
