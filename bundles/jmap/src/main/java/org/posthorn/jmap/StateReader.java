package org.posthorn.jmap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.posthorn.api.mail.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the states of data types in the accounts that a user finds, RFC 8620 7.1. An account that cannot be read now is as it was before, and no reason to hear of nobody's; the log
 * says so once. For one thread.
 */
final class StateReader {

    private static final Logger LOG = LoggerFactory.getLogger(StateReader.class);

    private final Address user;
    private final Services services;
    private final Set<Address> broken = new HashSet<>();

    StateReader(Address user, Services services) {
        this.user = user;
        this.services = services;
    }

    /** Those that could not be read when they were to be. */
    Set<Address> broken() {
        return Set.copyOf(broken);
    }

    /** Of all accounts of which he wants to know now, RFC 9670 1.4; empty while it cannot be told which. */
    Optional<AccountStates> all(AccountStates before) {
        try (Context context = new Context(user, services, new HashMap<>())) {
            List<Address> accounts = accounts(context);
            broken.retainAll(accounts);
            return Optional.of(read(context, accounts, before, new TreeMap<>()));
        } catch (MethodFault away) {
            LOG.debug("The states of {} cannot be told: {}", user, away.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("What is shared with {} cannot be told: {}", user, e.toString());
            return Optional.empty();
        }
    }

    /** Of these; the others are as they were. */
    AccountStates of(Collection<Address> accounts, AccountStates before) {
        try (Context context = new Context(user, services, new HashMap<>())) {
            return read(context, accounts, before, new TreeMap<>(before.all()));
        }
    }

    private List<Address> accounts(Context context) throws MethodFault, IOException {
        List<Address> accounts = new ArrayList<>(List.of(user));
        new Sharing(context.store(), user).subscribed().keySet().forEach(other -> accounts.add(other.owner()));
        return accounts;
    }

    private AccountStates read(
            Context context,
            Collection<Address> accounts,
            AccountStates before,
            SortedMap<String, SortedMap<String, String>> into) {
        for (Address account : accounts) {
            String id = Id.account(account);
            states(context, account)
                    .or(() -> Optional.ofNullable(before.all().get(id)))
                    .ifPresent(states -> into.put(id, states));
        }
        return new AccountStates(into);
    }

    private Optional<SortedMap<String, String>> states(Context context, Address account) {
        try {
            SortedMap<String, String> states = read(context, account);
            broken.remove(account);
            return Optional.of(states);
        } catch (MethodFault | IOException | RuntimeException e) {
            if (broken.add(account)) LOG.warn("The states of {} cannot be told to {}: {}", account, user, e.toString());
            return Optional.empty();
        }
    }

    private SortedMap<String, String> read(Context context, Address account) throws MethodFault, IOException {
        SortedMap<String, String> states = new TreeMap<>();
        boolean own = context.reach(account).isOwn();
        for (Capability capability : services.methods().capabilities().values())
            if (own || capability.shared(context.limits()).isPresent())
                states.putAll(capability.states(context, account));
        return states;
    }
}
