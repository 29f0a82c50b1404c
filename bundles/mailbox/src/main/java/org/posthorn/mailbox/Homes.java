package org.posthorn.mailbox;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** Where an account lives: {@code <root>/<domain>/<local part>}. */
record Homes(Path root) {

    private static final int LONGEST = 200;
    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789._+=-~!#$^{}";

    Path of(Address account) {
        Address folded = account.folded();
        return root.resolve(name(folded.domain())).resolve(name(folded.localPart()));
    }

    /** Whose home that is; empty when it is nobody's, or its name was too long to be one. */
    Optional<Address> owner(Path home) {
        try {
            Address address = new Address(
                    word(home.getFileName().toString()),
                    word(home.getParent().getFileName().toString()));
            return Optional.of(address).filter(a -> of(a).equals(home));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /** What {@link #name} was made of. @throws IllegalArgumentException when it was made by nobody */
    static String word(String name) {
        return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Nobody else on the machine may look into a home. */
    static void privately(Path home) throws IOException {
        boolean posix = home.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (!posix) make(home);
        else make(home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Makes a directory and those above it. Their names are forced, up to the first that was there before. */
    static void make(Path directory, FileAttribute<?>... attributes) throws IOException {
        if (Files.isDirectory(directory)) return;
        Path parent = directory.toAbsolutePath().getParent();
        List<Path> above = new ArrayList<>();
        for (Path each = parent; each != null; each = each.getParent()) {
            above.add(each);
            if (Files.isDirectory(each)) break;
        }
        Files.createDirectories(directory, attributes);
        for (Path each : above) IndexFile.forceDirectory(each);
    }

    /** All homes, in order, and what else stands where one would be. */
    List<Path> all() throws IOException {
        List<Path> homes = new ArrayList<>();
        for (Path domain : entries(root)) homes.addAll(entries(domain));
        return homes;
    }

    private static List<Path> entries(Path in) throws IOException {
        List<Path> found = new ArrayList<>();
        if (!Files.isDirectory(in)) return found;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(in)) {
            all.forEach(found::add);
        }
        Collections.sort(found);
        return found;
    }

    /**
     * A name for a file that no two words share and that leads nowhere else: letters, digits and harmless signs stand for themselves, other
     * octets are %XX; a dot in front is one of those. What would be too long ends in a hash behind {@code %%}.
     */
    static String name(String word) {
        StringBuilder name = new StringBuilder();
        for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = PLAIN.indexOf(c) >= 0 && !(c == '.' && name.isEmpty());
            if (plain) name.append(c);
            else name.append(String.format("%%%02X", (int) c));
        }
        if (name.isEmpty()) return "%";
        return name.length() <= LONGEST ? name.toString() : name.substring(0, 100) + "%%" + hash(word);
    }

    private static String hash(String word) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(word.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 20);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
