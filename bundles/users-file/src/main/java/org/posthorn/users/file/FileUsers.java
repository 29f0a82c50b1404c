package org.posthorn.users.file;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Authenticator;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory;
import org.posthorn.sasl.PasswordMemory;
import org.posthorn.sasl.Passwords;

/** Users in files. Without a setting there are none. */
@Component(
        service = {UserDirectory.class, Authenticator.class},
        configurationPid = "org.posthorn.users.file",
        property = "name=file")
@Designate(ocd = FileUsers.Config.class)
public final class FileUsers implements UserDirectory, Authenticator {

    @ObjectClassDefinition(name = "Users in a file")
    @interface Config {
        @AttributeDefinition(
                description =
                        "A passwd-like file, user@domain:{SCHEME}hash; relative to the configuration. Empty for none.")
        String file() default "";

        @AttributeDefinition(
                description =
                        "A file of aliases in the form of Postfix's virtual(5); relative to the configuration. Empty for none.")
        String aliases() default "";

        @AttributeDefinition(
                description = "The domain of names in these files that have none. Empty: such lines are skipped.")
        String domain() default "";

        @AttributeDefinition(
                description =
                        "For how many seconds a password that was right is remembered, as a hash in memory; 0 for not at all.",
                min = "0",
                max = "86400")
        int rememberLogins() default 300;
    }

    private final Path folder;
    private final LongSupplier nanoTime;
    private final SecureRandom random = new SecureRandom();
    private volatile Files files;
    private volatile PasswordMemory memory;

    @Activate
    public FileUsers(BundleContext context, Config config) {
        this(Path.of(context.getProperty("posthorn.config")), config, System::nanoTime);
    }

    FileUsers(Path folder, Config config, LongSupplier nanoTime) {
        this.folder = folder;
        this.nanoTime = nanoTime;
        modified(config);
    }

    @Modified
    void modified(Config config) {
        files = new Files(path(config.file()), path(config.aliases()), config.domain(), nanoTime);
        Duration remember = Duration.ofSeconds(config.rememberLogins());
        memory = PasswordMemory.handedDown("file", random, remember, nanoTime);
    }

    private Optional<Path> path(String setting) {
        return Optional.of(setting).filter(s -> !s.isBlank()).map(folder::resolve);
    }

    @Override
    public Optional<Boolean> verify(Address user, String password) throws IOException {
        Optional<String> kept = files.users().get(user.folded());
        return kept == null ? Optional.empty() : Optional.of(kept.isPresent() && memory.verify(password, kept.get()));
    }

    @Override
    public Optional<ScramKeys> scram(Address user) throws IOException {
        return files.users().getOrDefault(user.folded(), Optional.empty()).flatMap(Passwords::keptScramKeys);
    }

    /** The same for a line that was taken out and put back as it was. */
    @Override
    public Optional<String> fingerprint(Address user) throws IOException {
        return Optional.ofNullable(files.users().get(user.folded())).map(kept -> kept.orElse(""));
    }

    @Override
    public Set<String> domains() throws IOException {
        return files.domains();
    }

    @Override
    public Optional<User> user(Address address) throws IOException {
        Optional<String> kept = files.users().get(address.folded());
        return kept == null ? Optional.empty() : Optional.of(new User(address.folded(), kept.isPresent()));
    }

    @Override
    public List<Address> alias(Address address) throws IOException {
        return files.aliases().getOrDefault(address.folded(), List.of());
    }

    @Override
    public List<Address> catchAll(String domain) throws IOException {
        return files.aliases().getOrDefault(Files.catchAll(domain), List.of());
    }

    @Override
    public List<User> users(String domain) throws IOException {
        return files.usersOf(domain);
    }

    @Override
    public List<Alias> aliases(String domain) throws IOException {
        return files.aliasesOf(domain);
    }
}
