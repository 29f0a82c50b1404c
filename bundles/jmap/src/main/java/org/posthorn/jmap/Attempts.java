package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a method does to several objects, one by one. What breaks at one is told of that one alone: {@code serverFail} for the whole would say that nothing was done
 * (RFC 8620 3.6.2), and the client would do all of it again. For one thread.
 */
public final class Attempts {

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private static final String BROKEN = "Something on the server is broken; its log says what";

    /** What is done to one. */
    public interface Change {
        void make() throws Refusal, IOException, MethodFault;
    }

    /** All that the method does. */
    public interface Work {
        ObjectNode answer() throws IOException, MethodFault;
    }

    private final String method;
    private final Address account;
    private final Function<MailboxFault, SetError> words;
    private boolean done;

    /** @param words in which a refusal of the mailboxes is told */
    public Attempts(String method, Address account, Function<MailboxFault, SetError> words) {
        this.method = method;
        this.account = account;
        this.words = words;
    }

    /** Does it to the object of that id, which the client has named, or tells why not. */
    public void make(String id, Change change, Consumer<SetError> refused) {
        try {
            change.make();
            done = true;
        } catch (Refusal refusal) {
            refused.accept(refusal.error());
        } catch (MailboxFault fault) {
            refused.accept(words.apply(fault));
        } catch (MethodFault fault) {
            refused.accept(SetError.of("serverFail", fault.getMessage().strip()));
        } catch (IOException | RuntimeException broken) {
            LOG.error("{} of {} failed at {}", method, account, Id.is(id) ? id : "what is no id", broken);
            refused.accept(SetError.of("serverFail", BROKEN));
        }
    }

    /** Does all of it. @throws MethodFault serverPartialFail when it fails behind something that was done, and else what says that nothing was */
    public ObjectNode answer(Work work) throws MethodFault {
        try {
            return work.answer();
        } catch (MethodFault fault) {
            throw done
                    ? new MethodFault(
                            MethodError.serverPartialFail(fault.getMessage().strip()))
                    : fault;
        } catch (IOException | RuntimeException broken) {
            LOG.error(
                    "{} of {} failed, {}",
                    method,
                    account,
                    done ? "when some of it was done" : "and nothing was done",
                    broken);
            throw new MethodFault(done ? MethodError.serverPartialFail(BROKEN) : MethodError.serverFail(BROKEN));
        }
    }
}
