package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;

/** The lists beside the messages of a Maildir. */
record MaildirInspection(
        Path directory, UniqueName names, Function<String, Optional<Flags>> known, Inspection inspection) {

    void run() throws IOException {
        UidList uids = new UidList(directory);
        int line = uids.damaged();
        if (line > 0)
            inspection.found(
                    new Damage(
                            "dovecot-uidlist",
                            "cannot be understood from line " + line + " on",
                            "is written anew; dovecot-uidlist.damaged is what it was like"),
                    uids::mend);
        keywords();
    }

    private void keywords() throws IOException {
        Letters letters = new Letters(directory);
        letters.refresh();
        Map<Character, Set<String>> unnamed = unnamed(letters);
        if (unnamed.isEmpty() && !letters.damaged()) return;
        Map<Character, String> found = solve(unnamed, letters);
        List<String> files = new ArrayList<>();
        for (char letter : unnamed.keySet()) files.add(letter + " (as in cur/" + firstWith(letter) + ")");
        String what = files.isEmpty()
                ? "has lines that make no sense"
                : "does not name the letters " + String.join(", ", files);
        inspection.found(new Damage("dovecot-keywords", what, outcome(unnamed.keySet(), found)), () -> {
            letters.mend(found);
            forget(unnamed.keySet(), found.keySet());
        });
    }

    private static String outcome(Set<Character> unnamed, Map<Character, String> found) {
        String written = "is written with what the index tells: " + found.values();
        return found.size() == unnamed.size()
                ? written
                : written + "; letters of which it tells nothing are taken out of the names of the files";
    }

    private String firstWith(char letter) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("cur"), "*:2,*" + letter + "*")) {
            for (Path file : files) return file.getFileName().toString();
        }
        return "";
    }

    /** Letters in names of files that no keyword belongs to, each with the keywords that it may stand for: those of all of its messages. */
    private Map<Character, Set<String>> unnamed(Letters letters) throws IOException {
        Map<Character, Set<String>> unnamed = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("cur"), "*:2,*[a-z]*")) {
            for (Path file : files) {
                MaildirName name = MaildirName.of(file.getFileName().toString());
                Set<String> keywords = known.apply(name.key())
                        .map(flags -> new HashSet<>(flags.keywords()))
                        .orElse(null);
                for (char letter : MaildirName.letters(name.info()).toCharArray())
                    if (letter >= 'a'
                            && letter <= 'z'
                            && letters.keyword(letter).isEmpty()) narrow(unnamed, letter, keywords);
            }
        }
        return unnamed;
    }

    private static void narrow(Map<Character, Set<String>> unnamed, char letter, Set<String> keywords) {
        Set<String> before = unnamed.get(letter);
        if (before == null) unnamed.put(letter, keywords == null ? new HashSet<>() : new HashSet<>(keywords));
        else if (keywords != null && before.isEmpty()) before.addAll(keywords);
        else if (keywords != null) before.retainAll(keywords);
    }

    /** Those that can stand for one keyword alone. */
    private static Map<Character, String> solve(Map<Character, Set<String>> unnamed, Letters letters) {
        Map<Character, String> solved = new TreeMap<>();
        Set<String> taken = new HashSet<>();
        for (char letter = 'a'; letter <= 'z'; letter++) taken.add(letters.keyword(letter));
        for (boolean more = true; more; ) {
            more = false;
            for (Map.Entry<Character, Set<String>> each : unnamed.entrySet()) {
                each.getValue().removeAll(taken);
                if (solved.containsKey(each.getKey()) || each.getValue().size() != 1) continue;
                String keyword = each.getValue().iterator().next();
                solved.put(each.getKey(), keyword);
                taken.add(keyword);
                more = true;
            }
        }
        return solved;
    }

    /** Letters of which nobody knows what they meant leave the names, or the next keyword would be theirs. */
    private void forget(Set<Character> unnamed, Set<Character> solved) throws IOException {
        Set<Character> gone = new HashSet<>(unnamed);
        gone.removeAll(solved);
        if (gone.isEmpty()) return;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("cur"), "*:2,*[a-z]*")) {
            for (Path file : files) {
                MaildirName name = MaildirName.of(file.getFileName().toString());
                String left = MaildirName.letters(name.info())
                        .chars()
                        .filter(c -> !gone.contains((char) c))
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());
                Path target = file.resolveSibling(name.key() + MaildirName.NO_FLAGS + left);
                // Of two files with one key one is hidden, and may be in the way.
                boolean taken = !target.equals(file) && Files.exists(target, LinkOption.NOFOLLOW_LINKS);
                Files.move(file, taken ? file.resolveSibling(names.next() + MaildirName.NO_FLAGS + left) : target);
            }
        }
    }
}
