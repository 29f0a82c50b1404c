package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;

/**
 * {@code Email/locate}: with {@code ids} where Emails are, with {@code mailboxId} and {@code uids} which Emails they are. {@code list} has an object
 * {@code {emailId, mailboxId, uid}} for each place; what there is none of stands in {@code notFound}, as it was asked for.
 */
record EmailLocate(Digests digests) implements Method {

    private static final long LAST_UID = 0xFFFFFFFFL;

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        Address account = context.account(arguments);
        Optional<List<String>> ids = arguments.strings("ids");
        Optional<String> mailboxId = arguments.optionalString("mailboxId");
        Optional<List<JsonNode>> uids = arguments.array("uids");
        arguments.end();
        if (ids.isPresent() == uids.isPresent() || uids.isPresent() && mailboxId.isEmpty())
            throw MethodFault.invalid("It takes ids, or a mailboxId and uids");
        if (Math.max(ids.map(List::size).orElse(0), uids.map(List::size).orElse(0))
                > context.limits().objectsInGet()) throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        MailView mail = MailView.of(context, account, digests);
        ObjectNode json = Json.NODES.objectNode().put("accountId", Id.account(account));
        Places places = new Places(json.putArray("list"), json.putArray("notFound"));
        if (ids.isPresent()) places.of(mail, resolved(context, ids.get()), mailboxId);
        else places.at(mail, mailboxId.get(), numbers(uids.get()));
        return json;
    }

    private static Set<String> resolved(Context context, List<String> ids) {
        return ids.stream().map(context::resolved).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<Long> numbers(List<JsonNode> uids) throws MethodFault {
        Set<Long> numbers = new LinkedHashSet<>();
        for (JsonNode uid : uids) {
            if (!uid.isIntegralNumber() || uid.longValue() < 1 || uid.longValue() > LAST_UID)
                throw MethodFault.invalid("A UID is an integer from 1 to " + LAST_UID);
            numbers.add(uid.longValue());
        }
        return numbers;
    }

    /** What is answered. */
    private record Places(ArrayNode list, ArrayNode notFound) {

        void of(MailView mail, Collection<String> ids, Optional<String> mailboxId) throws IOException {
            Map<String, Email> emails = mail.emails(ids);
            for (String id : ids) {
                List<Email.Place> places = emails.containsKey(id) ? places(emails.get(id), mailboxId) : List.of();
                if (places.isEmpty()) notFound.add(id);
                places.forEach(place -> add(emails.get(id), place));
            }
        }

        private static List<Email.Place> places(Email email, Optional<String> mailboxId) {
            return email.places().stream()
                    .filter(p -> mailboxId.isEmpty() || mailboxId.get().equals(p.mailboxId()))
                    .toList();
        }

        void at(MailView mail, String mailboxId, Set<Long> uids) throws IOException {
            Set<Long> missing = new LinkedHashSet<>(uids);
            for (Email email : there(mail, mailboxId, uids))
                for (Email.Place place : places(email, Optional.of(mailboxId)))
                    if (missing.remove(place.entry().uid())) add(email, place);
            missing.forEach(notFound::add);
        }

        private static List<Email> there(MailView mail, String mailboxId, Set<Long> uids) throws IOException {
            String name = mail.mailboxes().get(mailboxId);
            if (name == null) return List.of();
            Set<Long> numbers;
            try {
                numbers = mail
                        .emails()
                        .mailbox(name, UidSet.ofUids(uids.stream().mapToLong(u -> u)))
                        .stream()
                        .map(t -> t.entry().emailId())
                        .collect(Collectors.toSet());
            } catch (MailboxFault fault) {
                if (fault.kind() != MailboxFault.Kind.NONEXISTENT) throw fault;
                // Another session was faster: nothing is there.
                return List.of();
            }
            List<Email> visible = new ArrayList<>();
            for (Email email : mail.emails().emails(numbers))
                MailView.visible(email).ifPresent(visible::add);
            return visible;
        }

        private void add(Email email, Email.Place place) {
            list.addObject()
                    .put("emailId", Metadata.id(email))
                    .put("mailboxId", place.mailboxId())
                    .put("uid", place.entry().uid());
        }
    }
}
