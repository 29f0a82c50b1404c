package org.posthorn.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** One name for folder, artifact, package, PID and file; names that say something. */
class NamesTest {

    @Test
    void folder_artifact_and_package_have_one_name() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path bundle : Tree.bundles()) {
            String name = Tree.name(bundle);
            if (!Xml.text(Xml.read(bundle.resolve("pom.xml")), "artifactId").equals(name))
                wrong.add(bundle + ": artifactId");
            Set<String> subpackages = new TreeSet<>();
            for (Path file : Tree.files(bundle.resolve("src/main/java"), ".java")) {
                String packageName = bundle.resolve("src/main/java")
                        .relativize(file.getParent())
                        .toString()
                        .replace('/', '.');
                if (!packageName.equals(name) && !packageName.startsWith(name + ".")) wrong.add(Tree.relative(file));
                if (packageName.startsWith(name + ".")) subpackages.add(packageName);
            }
            if (subpackages.size() > 1 && !name.equals("org.posthorn.api"))
                wrong.add(bundle.getFileName() + ": " + subpackages);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void no_package_is_called_impl_internal_or_util_and_no_type_says_nothing() throws IOException {
        Pattern empty = Pattern.compile(
                "(/(impl|internal|utils?)/)|([a-z](Impl|Manager|Helper|Utils?)\\.java$)|(/(Abstract|Base)[A-Z]\\w*\\.java$)");
        assertThat(Tree.mainJava()).extracting(Tree::relative).noneMatch(f -> empty.matcher(f)
                .find());
    }

    @Test
    void a_pid_is_the_bundles_name_perhaps_with_one_word_more() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path bundle : Tree.bundles())
            for (Path file : Tree.files(bundle.resolve("target/classes/OSGI-INF/metatype"), ".xml"))
                for (Element designate : Xml.children(Xml.read(file), "Designate")) {
                    String pid = designate.getAttribute("pid") + designate.getAttribute("factoryPid");
                    if (!pid.matches(Pattern.quote(Tree.name(bundle)) + "(\\.[a-z]+)?"))
                        wrong.add(Tree.relative(file) + ": " + pid);
                }
        assertThat(wrong).isEmpty();
    }

    @Test
    void the_shipped_files_name_each_setting_and_no_other() throws IOException {
        List<String> wrong = new ArrayList<>();
        Set<String> pids = new HashSet<>();
        for (Path bundle : Tree.bundles())
            for (Path file : Tree.files(bundle.resolve("target/classes/OSGI-INF/metatype"), ".xml")) {
                Element metatype = Xml.read(file);
                for (Element designate : Xml.children(metatype, "Designate")) {
                    String pid = designate.getAttribute("pid") + designate.getAttribute("factoryPid");
                    pids.add(pid);
                    compare(bundle, pid, keys(metatype), wrong);
                }
            }
        for (Path file : Tree.files(Tree.ROOT.resolve("config"), ".cfg")) {
            String pid = file.getFileName().toString().replaceAll("(-.*)?\\.cfg$", "");
            if (pid.startsWith("org.posthorn.") && !pids.contains(pid))
                wrong.add(Tree.relative(file) + " is read by nobody");
        }
        assertThat(wrong).isEmpty();
        assertThat(pids).isNotEmpty();
    }

    private static Set<String> keys(Element metatype) {
        Set<String> keys = new TreeSet<>();
        for (Element ocd : Xml.children(metatype, "OCD"))
            for (Element ad : Xml.children(ocd, "AD")) keys.add(ad.getAttribute("id"));
        return keys;
    }

    /** What does not ship keeps its file beside it. */
    private static void compare(Path bundle, String pid, Set<String> declared, List<String> wrong) throws IOException {
        Path folder =
                Files.isDirectory(bundle.resolve("config")) ? bundle.resolve("config") : Tree.ROOT.resolve("config");
        List<Path> files = Tree.files(folder, ".cfg").stream()
                .filter(f -> f.getFileName().toString().matches(Pattern.quote(pid) + "(-.*)?\\.cfg"))
                .toList();
        if (files.isEmpty()) wrong.add("config/" + pid + ".cfg is missing");
        for (Path file : files) {
            Matcher keys = Pattern.compile("(?m)^#? ?([a-z]\\w*) ?=").matcher(Files.readString(file));
            Set<String> named = keys.results().map(m -> m.group(1)).collect(Collectors.toCollection(TreeSet::new));
            if (!named.equals(declared)) wrong.add(Tree.relative(file) + " names " + named + " of " + declared);
        }
    }

    @Test
    void every_bundle_has_a_page() throws IOException {
        assertThat(Tree.bundles())
                .allSatisfy(b -> assertThat(b.resolve("README.md")).exists());
    }
}
