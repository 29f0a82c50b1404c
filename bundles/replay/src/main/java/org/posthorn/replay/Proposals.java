package org.posthorn.replay;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.posthorn.api.config.SettingsReader;
import org.posthorn.api.intake.ChainTrials;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a chain of what the administrator proposes: a jar, a file of the intake's settings, or a folder of files. */
final class Proposals {

    private static final Logger log = LoggerFactory.getLogger(Proposals.class);
    private static final String INTAKE = "org.posthorn.intake";
    private static final String CFG = ".cfg";

    private final ChainTrials trials;
    private final SettingsReader reader;
    private final ConfigurationAdmin admin;
    private final Copies copies;
    private final Path inForce;

    /** @param inForce the folder of the settings that are in force */
    Proposals(ChainTrials trials, SettingsReader reader, ConfigurationAdmin admin, Copies copies, Path inForce) {
        this.trials = trials;
        this.reader = reader;
        this.admin = admin;
        this.copies = copies;
        this.inForce = inForce;
    }

    /** Takes out what a process left that died in a replay. */
    void tidy() throws IOException {
        copies.tidy();
        try {
            Configuration[] left = admin.listConfigurations("(service.pid=" + BundleCopy.PREFIX + "*)");
            for (Configuration configuration : left == null ? new Configuration[0] : left) delete(configuration);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param told takes lines on what counts for it @throws IllegalArgumentException saying what is wrong; nothing is left of it */
    Proposal of(Path file, Consumer<String> told) throws IOException {
        if (Files.notExists(file)) throw new IllegalArgumentException("there is no " + file);
        Proposal proposal = new Proposal(trials.chain());
        try {
            if (file.toString().endsWith(".jar")) jar(file, proposal);
            else settings(file, proposal, told);
            return proposal;
        } catch (IOException | RuntimeException e) {
            proposal.close();
            throw e;
        }
    }

    private void jar(Path file, Proposal proposal) throws IOException {
        for (String name : run(BundleCopy.of(file), proposal)) proposal.change(chain -> trials.with(name, chain));
    }

    /** @return the names of its filters, with their version */
    private List<String> run(BundleCopy copy, Proposal proposal) throws IOException {
        Bundle bundle = copies.run(copy);
        proposal.undo(() -> copies.takeOut(bundle));
        return Copies.names(bundle).stream()
                .map(name -> name + "@" + bundle.getVersion())
                .toList();
    }

    private void settings(Path file, Proposal proposal, Consumer<String> told) throws IOException {
        boolean folder = Files.isDirectory(file);
        Path intake = folder ? file.resolve(INTAKE + CFG) : file;
        if (Files.exists(intake)) proposal.change(chain -> filters(intake, chain, folder));
        Path around = folder ? file : file.toAbsolutePath().getParent();
        // What is in force is in force already.
        if (Files.isSameFile(around, inForce)) return;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(around, "*" + CFG)) {
            for (Path other : files) if (!other.equals(intake)) filter(other, proposal, told);
        }
    }

    private List<String> filters(Path file, List<String> chain, boolean folder) {
        try {
            if (reader.read(INTAKE, file).get("filters") instanceof String[] names)
                return Arrays.stream(names)
                        .map(String::strip)
                        .filter(n -> !n.isEmpty())
                        .distinct()
                        .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
        if (folder) return chain;
        throw new IllegalArgumentException(file + " sets no filters");
    }

    /** Settings of a filter of the chain: a copy of it has them. */
    private void filter(Path file, Proposal proposal, Consumer<String> told) throws IOException {
        String name = file.getFileName().toString();
        String pid = name.substring(0, name.length() - CFG.length());
        Optional<BundleCopy> copy = copy(pid, proposal.chain());
        if (copy.isEmpty()) return;
        Map<String, Object> values = reader.read(pid, file);
        Configuration configuration = admin.getConfiguration(BundleCopy.PREFIX + pid, "?");
        configuration.update(new Hashtable<>(values));
        proposal.undo(() -> delete(configuration));
        for (String versioned : run(copy.get().configuredApart(pid), proposal))
            proposal.change(chain -> chain.contains(plain(versioned))
                    ? chain.stream()
                            .map(n -> n.equals(plain(versioned)) ? versioned : n)
                            .toList()
                    : chain);
        told.accept(name + " counts for it");
    }

    private static String plain(String versioned) {
        return versioned.substring(0, versioned.indexOf('@'));
    }

    private Optional<BundleCopy> copy(String pid, List<String> chain) throws IOException {
        for (Bundle bundle : copies.filters().toList()) {
            if (Copies.names(bundle).stream().noneMatch(chain::contains)) continue;
            BundleCopy copy = BundleCopy.of(bundle);
            if (copy.configuredBy(pid)) return Optional.of(copy);
        }
        return Optional.empty();
    }

    private static void delete(Configuration configuration) {
        try {
            configuration.delete();
        } catch (IOException e) {
            log.error("The settings {} of a replay stay: {}", configuration.getPid(), e.toString());
        }
    }
}
