package org.posthorn.routing;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The user directories as one: what one does not know, or cannot tell now, the next may. Where none knows, it is thrown that one could not tell. */
record Directories(List<UserDirectory> each) {

    private static final Logger LOG = LoggerFactory.getLogger(Directories.class);

    /** Something to ask each of them. */
    private interface Question<A> {
        Optional<A> ask(UserDirectory directory) throws IOException;
    }

    boolean local(String domain) throws IOException {
        return first(d -> d.domains().stream().filter(domain::equals).findFirst())
                .isPresent();
    }

    Optional<Address> user(Address address) throws IOException {
        return first(d -> d.user(address)).map(User::address);
    }

    List<Address> alias(Address address) throws IOException {
        return first(d -> some(d.alias(address))).orElse(List.of());
    }

    List<Address> catchAll(String domain) throws IOException {
        return first(d -> some(d.catchAll(domain))).orElse(List.of());
    }

    private static Optional<List<Address>> some(List<Address> targets) {
        return Optional.of(targets).filter(t -> !t.isEmpty());
    }

    private <A> Optional<A> first(Question<A> question) throws IOException {
        IOException fault = null;
        for (UserDirectory directory : each) {
            try {
                Optional<A> answer = question.ask(directory);
                if (answer.isPresent()) return answer;
            } catch (IOException e) {
                LOG.warn("A user directory cannot tell; whoever else may know is asked: {}", e.getMessage());
                if (fault == null) fault = e;
                else fault.addSuppressed(e);
            }
        }
        if (fault != null) throw fault;
        return Optional.empty();
    }
}
