package org.posthorn.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** api ← mime, sasl, sql ← plug-ins; and a library lives in one bundle. */
class FloorsTest {

    private static final Set<String> LIBRARIES = Set.of("api", "mime", "sasl", "sql");

    private static final Map<String, Set<String>> HOMES = Map.of(
            "org.apache.mina", Set.of("net"),
            "org.xbill", Set.of("dns", "testkit"),
            "jakarta.mail", Set.of("mime"),
            "org.apache.derby", Set.of("database-derby"),
            "org.apache.felix.gogo", Set.of("shell"),
            "org.jline", Set.of("shell"),
            "org.eclipse.jetty", Set.of("http"),
            "com.fasterxml.jackson", Set.of("jmap"),
            "org.bouncycastle", Set.of("sasl", "net"));

    @Test
    void a_plug_in_never_compiles_against_another_plug_in() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path bundle : Tree.bundles()) {
            Element pom = Xml.read(bundle.resolve("pom.xml"));
            for (Element dependencies : Xml.children(pom, "dependencies"))
                for (Element dependency : Xml.children(dependencies, "dependency")) {
                    String artifact = Xml.text(dependency, "artifactId");
                    boolean test = Xml.text(dependency, "scope").equals("test");
                    boolean ours = artifact.startsWith("org.posthorn.");
                    boolean library = ours && LIBRARIES.contains(artifact.substring("org.posthorn.".length()));
                    if (ours && !library && !test) wrong.add(bundle.getFileName() + " -> " + artifact);
                }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void the_api_knows_no_library() throws IOException {
        List<String> wrong = new ArrayList<>();
        Pattern foreign = Pattern.compile(
                "(?m)^import (?:static )?(?!java\\.|org\\.posthorn\\.api\\.|org\\.osgi\\.annotation\\.)(\\S+);");
        for (Path file : Tree.files(Tree.ROOT.resolve("bundles/api/src/main"), ".java"))
            foreign.matcher(Files.readString(file))
                    .results()
                    .forEach(m -> wrong.add(Tree.relative(file) + ": " + m.group(1)));
        assertThat(wrong).isEmpty();
    }

    @Test
    void a_library_lives_in_one_bundle() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path bundle : Tree.bundles())
            for (Path file : Tree.files(bundle.resolve("src/main/java"), ".java")) {
                String source = Files.readString(file);
                HOMES.forEach((library, homes) -> {
                    boolean used = source.contains("import " + library + ".")
                            || source.contains("import static " + library + ".");
                    if (used && !homes.contains(bundle.getFileName().toString()))
                        wrong.add(Tree.relative(file) + ": " + library);
                });
            }
        assertThat(wrong).isEmpty();
    }

    @Test
    void what_is_durable_touches_the_disk_through_paths_alone() throws IOException {
        List<String> wrong = new ArrayList<>();
        Pattern around = Pattern.compile(
                "\\b(FileInputStream|FileOutputStream|RandomAccessFile|FileReader|FileWriter|Paths\\.get|\\.toFile\\(\\))");
        for (String bundle : List.of("spool", "queue-file", "mailbox", "mailbox-maildir", "mailbox-mbox"))
            for (Path file :
                    Tree.files(Tree.ROOT.resolve("bundles").resolve(bundle).resolve("src/main/java"), ".java"))
                around.matcher(Files.readString(file))
                        .results()
                        .forEach(m -> wrong.add(Tree.relative(file) + ": " + m.group()));
        assertThat(wrong).isEmpty();
    }
}
