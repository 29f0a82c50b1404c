package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.api.events.MailStories;
import org.posthorn.api.events.StoryStep;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Id;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;

/**
 * {@code Email/explain}: how an Email came here, as the events tell its owner. The mail's topmost Received field has the id that this server gave it; who forges one learns nothing by it, as only what was
 * delivered to the same account is told.
 */
record EmailExplain(Leased<MailStories> stories, Digests digests) implements Method {

    private static final Pattern ID = Pattern.compile("\\sid ([0-9A-Z]{13})[\\s;]");

    /** So much of a field is looked at, in characters. */
    private static final int LONGEST = 4096;

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        Address account = context.account(arguments);
        String emailId = arguments.string("emailId");
        arguments.end();
        MailView mail = MailView.of(context, account, digests);
        Email email =
                Optional.ofNullable(mail.emails(List.of(emailId)).get(emailId)).orElseThrow(EmailExplain::notFound);
        Optional<MailId> id = mailId(mail.read(email));
        Optional<List<StoryStep>> story =
                id.isEmpty() ? Optional.empty() : context.lease(stories).delivered(account, id.get());
        ObjectNode json = Json.NODES.objectNode().put("accountId", Id.account(account));
        json.put("emailId", emailId);
        json.put("mailId", story.isPresent() ? id.get().text() : null);
        if (story.isEmpty()) return json.putNull("story");
        ArrayNode steps = json.putArray("story");
        for (StoryStep step : story.get()) {
            context.budget()
                    .value(steps.addObject()
                            .put("at", step.when().toString())
                            .put("what", step.what())
                            .put("by", step.by())
                            .put("words", step.words()));
        }
        return json;
    }

    private static MethodFault notFound() {
        return new MethodFault(new MethodError("notFound", "There is no such Email"));
    }

    private static Optional<MailId> mailId(ReadEmail email) throws IOException, MethodFault {
        try {
            Optional<HeaderField> newest =
                    email.header().stream().filter(f -> f.is("Received")).findFirst();
            return newest.flatMap(EmailExplain::mailId);
        } catch (FileNotFoundException | NoSuchFileException gone) {
            throw notFound();
        }
    }

    private static Optional<MailId> mailId(HeaderField received) {
        String text = received.unfolded();
        Matcher id = ID.matcher(text.substring(0, Math.min(LONGEST, text.length())));
        return id.find() && MailId.valid(id.group(1)) ? Optional.of(new MailId(id.group(1))) : Optional.empty();
    }
}
