package org.posthorn.users.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory.Alias;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the two files say now. */
final class Files {

    private static final Logger LOG = LoggerFactory.getLogger(Files.class);

    private final Optional<Watched<Map<Address, Optional<String>>>> users;
    private final Optional<Watched<Map<Address, List<Address>>>> aliases;

    Files(Optional<Path> users, Optional<Path> aliases, String domain, LongSupplier nanoTime) {
        this.users = users.map(f -> new Watched<>(f, nanoTime, lines -> Users.read(lines, domain, reporter(f))));
        this.aliases = aliases.map(f -> new Watched<>(f, nanoTime, lines -> read(f, lines, domain)));
    }

    private static Map<Address, List<Address>> read(Path file, List<String> lines, String domain) {
        Map<Address, List<Address>> read = Aliases.read(lines, domain, reporter(file));
        Set<Address> circles = Aliases.circles(read);
        if (!circles.isEmpty())
            LOG.warn("{}: these lead in a circle, and mail for them is refused with 5.4.6: {}", file, circles);
        return read;
    }

    private static Broken reporter(Path file) {
        return (number, why) -> LOG.warn("{} line {} is skipped: {}", file, number, why);
    }

    Map<Address, Optional<String>> users() throws IOException {
        return users.isPresent() ? users.get().content() : Map.of();
    }

    Map<Address, List<Address>> aliases() throws IOException {
        return aliases.isPresent() ? aliases.get().content() : Map.of();
    }

    static Address catchAll(String domain) {
        return new Address("", domain.toLowerCase(Locale.ROOT));
    }

    Set<String> domains() throws IOException {
        return Stream.concat(users().keySet().stream(), aliases().keySet().stream())
                .map(Address::domain)
                .collect(Collectors.toUnmodifiableSet());
    }

    List<User> usersOf(String domain) throws IOException {
        return users().entrySet().stream()
                .filter(e -> e.getKey().domain().equalsIgnoreCase(domain))
                .map(e -> new User(e.getKey(), e.getValue().isPresent()))
                .sorted(Comparator.comparing(u -> u.address().localPart()))
                .toList();
    }

    List<Alias> aliasesOf(String domain) throws IOException {
        return aliases().entrySet().stream()
                .filter(e -> e.getKey().domain().equalsIgnoreCase(domain)
                        && !e.getValue().isEmpty())
                .map(e -> new Alias(e.getKey().localPart(), e.getKey().domain(), e.getValue()))
                .sorted(Comparator.comparing(Alias::name))
                .toList();
    }
}
