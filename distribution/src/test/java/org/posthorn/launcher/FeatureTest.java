package org.posthorn.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureTest {
    private static final Path FEATURES = Path.of("../features");

    @TempDir
    Path scratch;

    private Feature read(String text) throws Exception {
        return Feature.read(Files.writeString(scratch.resolve("f.json"), text));
    }

    @Test
    void a_bundle_lies_in_the_repository_as_maven_lays_it() throws Exception {
        Feature.Entry entry =
                read("{\"id\":\"f\",\"bundles\":[{\"id\":\"org.x:org.x.y:1.2\",\"bundleStartLevel\":10}]}")
                        .bundles()
                        .get(0);
        assertThat(entry.in(Path.of("repository"))).isEqualTo(Path.of("repository/org/x/org.x.y/1.2/org.x.y-1.2.jar"));
        assertThat(entry.location()).isEqualTo("feature:org.x:org.x.y:1.2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"bundles\":[1]}",
                "{\"bundles\":[{\"id\":\"a:b\",\"bundleStartLevel\":1}]}",
                "{\"bundles\":[{\"id\":\"a:../../b:1\",\"bundleStartLevel\":1}]}",
                "{\"bundles\":[{\"id\":\"a:..:1\",\"bundleStartLevel\":1}]}",
                "{\"bundles\":[{\"id\":\"a:b:1\"}]}"
            })
    void what_is_no_feature_is_refused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(Failure.class).hasMessageContaining("is no feature");
    }

    @Test
    void the_pom_fetches_what_the_features_list() throws Exception {
        assertThat(listed()).isEqualTo(fetched());
    }

    @Test
    void the_door_opens_last() throws Exception {
        String core = Files.readString(FEATURES.resolve("src/main/features/core.json"))
                .replace("@", "")
                .replace("project.version", "1");
        assertThat(read(core.replaceAll(":[a-z.]+version", ":1")).bundles())
                .filteredOn(entry -> entry.startLevel() > Container.BEFORE_THE_DOOR)
                .extracting(Feature.Entry::id)
                .containsExactly("org.posthorn:org.posthorn.net:1");
    }

    private static TreeSet<String> listed() throws Exception {
        TreeSet<String> ids = new TreeSet<>();
        for (Path file : Files.list(FEATURES.resolve("src/main/features")).toList()) {
            Matcher id = Pattern.compile("\"id\": \"([^:]+:[^:]+):@[\\w.]+@\"").matcher(Files.readString(file));
            while (id.find()) {
                assertThat(ids.add(id.group(1)))
                        .as(id.group(1) + " is listed once")
                        .isTrue();
            }
        }
        return ids;
    }

    private static TreeSet<String> fetched() throws Exception {
        TreeSet<String> ids = new TreeSet<>();
        Matcher dependency = Pattern.compile("<dependency><groupId>([^<]+)</groupId><artifactId>([^<]+)</artifactId>")
                .matcher(Files.readString(FEATURES.resolve("pom.xml")));
        while (dependency.find()) {
            ids.add(dependency.group(1) + ":" + dependency.group(2));
        }
        return ids;
    }
}
