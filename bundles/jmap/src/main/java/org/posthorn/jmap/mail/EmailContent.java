package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.jmap.Budget;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.mail.EmailView.Texts;

/** The properties of an Email that stand in the message itself, RFC 8621 4.1.3 and 4.1.4. */
final class EmailContent {

    /** What one property is of a message. */
    private interface Reading {
        JsonNode of(EmailContent content) throws IOException, MethodFault;
    }

    private static final Map<String, Reading> READINGS = Map.of(
            "headers", c -> BodyPartJson.headers(c.header()),
            "bodyStructure", c -> c.parts.tree(c.email.body()),
            "bodyValues", EmailContent::bodyValues,
            "textBody", c -> c.parts.list(c.email.lists().text()),
            "htmlBody", c -> c.parts.list(c.email.lists().html()),
            "attachments", c -> c.parts.list(c.email.lists().attachments()),
            "hasAttachment", c -> Json.NODES.booleanNode(c.email.hasAttachment()),
            "preview", EmailContent::preview);

    private final ReadEmail email;
    private final EmailView view;
    private final Budget budget;
    private final BodyPartJson parts;

    EmailContent(ReadEmail email, EmailView view, Budget budget) {
        this.email = email;
        this.view = view;
        this.budget = budget;
        this.parts = new BodyPartJson(email, view.bodyProperties(), budget);
    }

    /** Adds the property, if it is one of these. */
    void put(ObjectNode json, String property) throws IOException, MethodFault {
        budget.member(property);
        Reading reading = READINGS.get(property);
        if (reading != null) json.set(property, reading.of(this));
        Optional<HeaderProperty> field = HeaderProperty.convenient(property).or(() -> HeaderProperty.parse(property));
        if (field.isPresent()) json.set(property, field(field.get()));
    }

    private JsonNode field(HeaderProperty property) throws IOException, MethodFault {
        budget.take(property.cost(email.header()));
        return property.of(email.header());
    }

    private List<HeaderField> header() throws IOException, MethodFault {
        budget.take(BodyPartJson.length(email.header()));
        return email.header();
    }

    private JsonNode preview() throws IOException, MethodFault {
        String preview = email.digest().preview();
        budget.text(preview.length());
        return Json.NODES.textNode(preview);
    }

    private JsonNode bodyValues() throws IOException, MethodFault {
        ObjectNode values = Json.NODES.objectNode();
        for (BodyPart part : texts()) {
            BodyValue value = BodyValue.of(email.message(), part.part(), view.most());
            budget.text(value.value().length());
            values.set(part.partId(), value.json());
        }
        return values;
    }

    /** Those that are wanted, each once. */
    private Set<BodyPart> texts() throws IOException {
        Set<BodyPart> wanted = new LinkedHashSet<>();
        if (view.texts().contains(Texts.TEXT)) wanted.addAll(email.lists().text());
        if (view.texts().contains(Texts.HTML)) wanted.addAll(email.lists().html());
        if (view.texts().contains(Texts.ALL)) email.body().leaves().forEach(wanted::add);
        wanted.removeIf(part -> !part.isText());
        return wanted;
    }
}
