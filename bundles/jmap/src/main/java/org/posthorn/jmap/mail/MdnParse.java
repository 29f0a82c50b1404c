package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.jmap.Arguments;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.mime.StoredMessage;

/** {@code MDN/parse}, RFC 9007 2.2. */
record MdnParse(Digests digests) implements Method {

    /** Of a thread in which the message is looked for that an MDN is about: each is opened. */
    private static final int MOST_IN_THREAD = 50;

    /** What these methods say when there is no such account is another word than that of others. */
    static Address account(Context context, Arguments arguments) throws MethodFault {
        return context.account(arguments.string("accountId"), MethodError.invalidArguments("There is no such account"));
    }

    @Override
    public ObjectNode call(Context context, Arguments arguments) throws MethodFault, IOException {
        Address account = account(context, arguments);
        Set<String> ids = Parsing.ids(arguments);
        arguments.end();
        return Parsing.of(context, account, ids, (id, message) -> mdn(context, account, id, message));
    }

    private Optional<ObjectNode> mdn(Context context, Address account, String id, StoredMessage message)
            throws IOException, MethodFault {
        Optional<MdnReport> report = MdnReport.of(new ReadEmail(id, () -> message, ReadEmail.Memory.NONE));
        if (report.isEmpty()) return Optional.empty();
        ObjectNode json = report.get().json();
        context.budget().value(json);
        Optional<String> about = about(context, account, context.resolved(id), report.get());
        return Optional.of(json.put("forEmailId", about.orElse(null)));
    }

    /** The message that it is about, as far as that lies in the thread of an MDN that lies in a mailbox: all others would have to be read. */
    private Optional<String> about(Context context, Address account, String blobId, MdnReport report)
            throws IOException, MethodFault {
        Optional<String> wanted = report.originalMessageId();
        MailView mail = MailView.of(context, account, digests);
        Optional<Email> mdn = mail.email(blobId);
        if (wanted.isEmpty() || mdn.isEmpty()) return Optional.empty();
        List<Email> thread = mail.inThreads(Set.of(ObjectId.thread(mdn.get().thread())));
        for (Email email : thread.subList(0, Math.min(MOST_IN_THREAD, thread.size())))
            if (messageId(mail, email).equals(wanted)) return Optional.of(Metadata.id(email));
        return Optional.empty();
    }

    private static Optional<String> messageId(MailView mail, Email email) throws IOException {
        try {
            return new MdnOriginal(mail.message(email).header()).messageId();
        } catch (NoSuchFileException goneMeanwhile) {
            return Optional.empty();
        }
    }
}
