package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Recipient;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;

/**
 * The envelope of an EmailSubmission, RFC 8621 7, as the client gave it or as the header has it.
 *
 * @param sender empty for the null sender
 * @param json as the object shows it
 */
record SubmissionEnvelope(
        Optional<Address> sender, MailParameters parameters, List<Recipient> recipients, ObjectNode json) {

    private static final List<String> RECIPIENT_FIELDS = List.of("To", "Cc", "Bcc");

    /** The client's own. @param most how long mail may be held */
    static SubmissionEnvelope of(ObjectNode envelope, Instant now, Duration most) throws Refusal {
        only(envelope, "envelope", List.of("mailFrom", "rcptTo"));
        if (!(envelope.get("mailFrom") instanceof ObjectNode mailFrom)
                || !(envelope.get("rcptTo") instanceof ArrayNode to))
            throw bad("mailFrom is an Address, and rcptTo a list of them");
        String from = email(mailFrom);
        Optional<Address> sender = from.isEmpty() ? Optional.empty() : Address.parse(from);
        if (!from.isEmpty() && sender.filter(a -> !a.domain().isEmpty()).isEmpty())
            throw new Refusal(SetError.of("forbiddenMailFrom", from + " is no address"));
        SubmissionParameters parameters = new SubmissionParameters(now, most);
        for (Map.Entry<String, Optional<String>> one : parameters(mailFrom).entrySet())
            parameters.mail(one.getKey(), one.getValue());
        return new SubmissionEnvelope(sender, parameters.mail(), recipients(to), envelope);
    }

    private static List<Recipient> recipients(ArrayNode rcptTo) throws Refusal {
        List<Recipient> recipients = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (JsonNode item : rcptTo) {
            if (!(item instanceof ObjectNode one)) throw bad("rcptTo is a list of Addresses");
            Optional<Address> address = Address.parse(email(one));
            if (address.isEmpty()) wrong.add(email(one));
            else recipients.add(SubmissionParameters.recipient(address.get(), parameters(one)));
        }
        if (!wrong.isEmpty()) throw invalidRecipients(wrong, "No address: " + String.join(", ", wrong));
        return recipients;
    }

    static Refusal invalidRecipients(List<String> emails, String why) {
        ArrayNode list = Json.NODES.arrayNode();
        emails.forEach(list::add);
        return new Refusal(SetError.of("invalidRecipients", why).with("invalidRecipients", list));
    }

    static Refusal bad(String why) {
        return Refusal.of("envelope", why);
    }

    private static void only(ObjectNode object, String name, List<String> known) throws Refusal {
        for (Map.Entry<String, JsonNode> member : object.properties())
            if (!known.contains(member.getKey())) throw bad("There is no " + member.getKey() + " in " + name);
    }

    private static String email(ObjectNode address) throws Refusal {
        only(address, "an Address", List.of("email", "parameters"));
        if (!address.path("email").isTextual()) throw bad("email is a string");
        return address.path("email").textValue();
    }

    /** Names are in upper case from here on; that of which nothing is said is null, RFC 8621 7. */
    private static Map<String, Optional<String>> parameters(ObjectNode address) throws Refusal {
        Map<String, Optional<String>> parameters = new LinkedHashMap<>();
        JsonNode given = address.path("parameters");
        if (given.isMissingNode() || given.isNull()) return parameters;
        if (!given.isObject()) throw bad("parameters is an object");
        for (Map.Entry<String, JsonNode> one : given.properties()) {
            if (!one.getValue().isTextual() && !one.getValue().isNull())
                throw bad(one.getKey() + " is a string or null");
            Optional<String> value = Optional.ofNullable(one.getValue().textValue());
            if (parameters.put(one.getKey().toUpperCase(Locale.ROOT), value) != null)
                throw bad(one.getKey() + " is given twice");
        }
        return parameters;
    }

    /** That of the header: the identity's address, and each in To, Cc and Bcc once, RFC 8621 7. */
    static SubmissionEnvelope of(List<HeaderField> header, String identity) throws Refusal {
        author(header);
        Map<Address, String> to = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        for (HeaderField field : header)
            if (RECIPIENT_FIELDS.stream().anyMatch(field::is))
                for (JsonNode one : EmailAddresses.flat(field.unfolded())) {
                    String email = one.path("email").textValue();
                    Optional<Address> address = Address.parse(email);
                    address.ifPresentOrElse(a -> to.putIfAbsent(a.folded(), email), () -> wrong.add(email));
                }
        if (!wrong.isEmpty()) throw invalidRecipients(wrong, "No address: " + String.join(", ", wrong));
        ObjectNode json = Json.NODES.objectNode();
        json.set("mailFrom", address(identity));
        ArrayNode rcptTo = json.putArray("rcptTo");
        to.values().forEach(email -> rcptTo.add(address(email)));
        List<Recipient> recipients =
                to.values().stream().map(Address::of).map(Recipient::new).toList();
        return new SubmissionEnvelope(Address.parse(identity), MailParameters.NONE, recipients, json);
    }

    /** One author must be the one who sends: of several, or of several fields, nobody knows which. */
    private static void author(List<HeaderField> header) throws Refusal {
        List<HeaderField> senders = header.stream().filter(f -> f.is("Sender")).toList();
        String name = senders.isEmpty() ? "From" : "Sender";
        List<HeaderField> fields = header.stream().filter(f -> f.is(name)).toList();
        boolean one = fields.size() == 1
                && EmailAddresses.flat(fields.get(0).unfolded()).size() == 1;
        if (!one)
            throw new Refusal(SetError.of("invalidEmail", name + " does not name one who sends")
                    .of(List.of(name.equals("From") ? "from" : "sender")));
    }

    private static ObjectNode address(String email) {
        return Json.NODES.objectNode().put("email", email).putNull("parameters");
    }

    /** Whether its addresses need SMTPUTF8. */
    boolean international() {
        return sender.filter(Address::international).isPresent()
                || recipients.stream().anyMatch(r -> r.address().international());
    }

    /** The same for a message with these octets in it. */
    SubmissionEnvelope with(boolean eightBit, boolean utf8Header) {
        MailParameters p = parameters;
        boolean utf8 = p.smtpUtf8() || utf8Header || international();
        return new SubmissionEnvelope(
                sender,
                new MailParameters(p.body8bit() || eightBit, utf8, p.ret(), p.envelopeId(), p.release()),
                recipients,
                json);
    }

    /** The same with an id for those who report of it, RFC 3461 4.4, which the client does not see; with its own, if it has given one. */
    SubmissionEnvelope called(String envelopeId) {
        MailParameters p = parameters;
        if (p.envelopeId().isPresent()) return this;
        MailParameters called =
                new MailParameters(p.body8bit(), p.smtpUtf8(), p.ret(), Optional.of(envelopeId), p.release());
        return new SubmissionEnvelope(sender, called, recipients, json);
    }

    /** How the envelope that is shown names that recipient: so a client looks for him. */
    String given(int recipient) {
        return json.path("rcptTo").path(recipient).path("email").asText();
    }

    /** When it may go at the earliest. */
    Instant sendAt(Instant now) {
        return parameters.earliest(now);
    }

    Optional<FutureRelease> release() {
        return parameters.release();
    }
}
