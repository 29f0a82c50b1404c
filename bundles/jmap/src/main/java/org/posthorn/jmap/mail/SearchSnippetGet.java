package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Budget;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Filter;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.mime.HtmlText;

/** {@code SearchSnippet/get}, RFC 8621 5.1. */
record SearchSnippetGet(Digests digests) implements Method {

    /** Octets of a preview. */
    private static final int PREVIEW = 255;

    /** So much of a Subject is shown, in octets. */
    private static final int SUBJECT = 1 << 12;

    /** So much of a text is looked at, in octets. */
    private static final int READ = 1 << 16;

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        Address account = context.account(arguments);
        Optional<ObjectNode> given = arguments.object("filter");
        Set<String> ids = new LinkedHashSet<>(
                arguments.strings("emailIds").orElseThrow(() -> MethodFault.invalid("emailIds is missing")));
        arguments.end();
        if (ids.size() > context.limits().objectsInGet()) throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        Optional<Filter> filter = given.isEmpty() ? Optional.empty() : Optional.of(Filter.of(given.get()));
        EmailFilter.read(filter);
        Optional<Snippet> subject = Snippet.of(words(filter, Set.of("text", "subject")));
        Optional<Snippet> body = Snippet.of(words(filter, Set.of("text", "body")));
        MailView mail = MailView.of(context, account, digests);
        Map<String, Email> emails = mail.emails(ids);
        ObjectNode json = Json.NODES.objectNode().put("accountId", Id.account(account));
        ArrayNode list = json.putArray("list");
        Budget budget = context.budget();
        ArrayNode notFound = Json.NODES.arrayNode();
        for (String id : ids) {
            if (!emails.containsKey(id)) notFound.add(id);
            else {
                ObjectNode snippet = list.addObject().put("emailId", id);
                snippet(snippet, mail.read(emails.get(id)), subject, body);
                budget.value(snippet);
            }
        }
        json.set("notFound", notFound.isEmpty() ? Json.NODES.nullNode() : notFound);
        return json;
    }

    /** What these properties look for; what must not be there is not shown. */
    private static List<String> words(Optional<Filter> filter, Set<String> properties) {
        List<String> words = new ArrayList<>();
        if (filter.isEmpty()) return words;
        if (filter.get() instanceof Filter.Condition condition) {
            for (Map.Entry<String, JsonNode> property : condition.properties().properties())
                if (properties.contains(property.getKey()))
                    words.addAll(SearchWords.of(property.getValue().textValue()));
        } else if (filter.get() instanceof Filter.Operator operator && operator.join() != Filter.Join.NOT) {
            for (Filter part : operator.filters()) words.addAll(words(Optional.of(part), properties));
        }
        return words;
    }

    private static void snippet(ObjectNode json, ReadEmail email, Optional<Snippet> subject, Optional<Snippet> body)
            throws IOException {
        json.putNull("subject").putNull("preview");
        try {
            if (subject.isPresent())
                subject.get().beginning(subject(email), SUBJECT).ifPresent(s -> json.put("subject", s));
            if (body.isPresent()) preview(email, body.get()).ifPresent(p -> json.put("preview", p));
        } catch (FileNotFoundException | NoSuchFileException gone) {
            // Another session or program was faster: there is nothing to show of it.
        }
    }

    private static String subject(ReadEmail email) throws IOException {
        List<HeaderField> fields =
                email.header().stream().filter(f -> f.is("Subject")).toList();
        return fields.isEmpty()
                ? ""
                : MailText.decoded(fields.get(fields.size() - 1).unfolded());
    }

    private static Optional<String> preview(ReadEmail email, Snippet words) throws IOException {
        for (BodyPart part : email.lists().text()) {
            if (!part.isText()) continue;
            String value = BodyValue.of(email.message(), part.part(), READ).value();
            String text = part.type().equals("text/html") ? HtmlText.of(value) : value;
            Optional<String> found = words.around(text.replaceAll("\\s+", " ").strip(), PREVIEW);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }
}
