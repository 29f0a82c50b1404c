package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Budget;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.GetRequest;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.mail.EmailView.Texts;

/** {@code Email/get}, RFC 8621 4.2. */
record EmailGet(Digests digests, Snoozes snoozes) implements Method {

    private static final String SNOOZED = "snoozed";

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        GetRequest request = GetRequest.of(context, arguments);
        List<String> properties =
                new ArrayList<>(request.properties().map(List::copyOf).orElse(EmailView.USUAL));
        boolean snoozed = context.uses(SnoozeCapability.URI) && properties.removeIf(SNOOZED::equals);
        EmailView view = view(properties, arguments);
        arguments.end();
        MailView mail = MailView.of(context, request.account(), digests);
        GetRequest.Answer answer = request.answer(mail.state());
        List<String> ids = request.ids().isPresent() ? request.ids().get() : every(mail, context);
        Map<String, Email> emails = mail.emails(ids);
        Budget budget = context.budget();
        for (String id : ids) {
            Optional<Email> email = Optional.ofNullable(emails.get(id));
            Optional<ObjectNode> json = email.isEmpty() ? Optional.empty() : json(mail, email.get(), view, budget);
            if (snoozed && json.isPresent()) json.get().set(SNOOZED, snoozes.told(mail.reach(), email.get()));
            json.ifPresentOrElse(answer.list()::add, () -> answer.notFound().add(id));
        }
        return answer.json();
    }

    /** What is wanted of each. */
    static EmailView view(List<String> properties, Arguments arguments) throws MethodFault {
        Set<Texts> texts = EnumSet.noneOf(Texts.class);
        if (arguments.bool("fetchTextBodyValues", false)) texts.add(Texts.TEXT);
        if (arguments.bool("fetchHTMLBodyValues", false)) texts.add(Texts.HTML);
        if (arguments.bool("fetchAllBodyValues", false)) texts.add(Texts.ALL);
        OptionalLong most = arguments.unsigned("maxBodyValueBytes");
        return EmailView.of(properties, arguments.strings("bodyProperties"), texts, most.orElse(0));
    }

    private static List<String> every(MailView mail, Context context) throws MethodFault, IOException {
        List<Email> all = mail.all();
        if (all.size() > context.limits().objectsInGet()) throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        return all.stream().map(Metadata::id).toList();
    }

    /** Empty when another session or program was faster. */
    private static Optional<ObjectNode> json(MailView mail, Email email, EmailView view, Budget budget)
            throws MethodFault, IOException {
        ObjectNode json = Json.NODES.objectNode();
        EmailContent content = new EmailContent(mail.read(email), view, budget);
        try {
            for (String property : view.properties()) {
                Metadata.put(json, property, email);
                if (json.has(property)) budget.value(json.get(property));
                content.put(json, property);
            }
        } catch (FileNotFoundException | NoSuchFileException gone) {
            return Optional.empty();
        }
        return Optional.of(json);
    }
}
