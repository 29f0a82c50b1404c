package org.posthorn.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

class DeployFolderTest {

    @TempDir
    private Path dir;

    private Framework felix;
    private DeployFolder folder;
    private Path deploy;

    @BeforeEach
    void start() throws Exception {
        deploy = Files.createDirectory(dir.resolve("deploy"));
        felix = java.util.ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(
                        Map.of(Constants.FRAMEWORK_STORAGE, dir.resolve("cache").toString()));
        felix.start();
        CountDownLatch reached = new CountDownLatch(1);
        felix.adapt(org.osgi.framework.startlevel.FrameworkStartLevel.class)
                .setStartLevel(50, event -> reached.countDown());
        assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
        folder = new DeployFolder(deploy, new Plugins(felix.getBundleContext()));
    }

    @AfterEach
    void stop() throws Exception {
        folder.stop();
        felix.stop();
        felix.waitForStop(10_000);
    }

    private static byte[] jar(String symbolicName, String version) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        if (symbolicName != null) manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
        manifest.getMainAttributes().putValue("Bundle-Version", version);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            jar.putNextEntry(new JarEntry("filler"));
            jar.write(UUID.randomUUID().toString().repeat(50).getBytes());
            jar.closeEntry();
        }
        return bytes.toByteArray();
    }

    private void put(String name, byte[] bytes) throws IOException {
        Files.write(deploy.resolve(name), bytes);
        folder.look();
        folder.look();
    }

    private List<String> running() {
        return Arrays.stream(felix.getBundleContext().getBundles())
                .filter(b -> b.getBundleId() > 0 && b.getState() == Bundle.ACTIVE)
                .map(b -> b.getSymbolicName() + " " + b.getVersion())
                .toList();
    }

    @Test
    void a_bundle_runs_is_replaced_and_goes_with_its_file() throws IOException {
        put("a.jar", jar("com.acme.filter", "1.0.0"));
        assertThat(running()).containsExactly("com.acme.filter 1.0.0");
        put("a.jar", jar("com.acme.filter", "2.0.0"));
        assertThat(running()).containsExactly("com.acme.filter 2.0.0");
        Files.delete(deploy.resolve("a.jar"));
        folder.look();
        assertThat(running()).hasSize(1);
        folder.look();
        assertThat(running()).isEmpty();
    }

    @Test
    void a_file_that_was_made_long_ago_replaces_a_younger_one() throws IOException {
        put("a.jar", jar("com.acme.filter", "1.0.0"));
        Path old = Files.write(dir.resolve("old.jar"), jar("com.acme.filter", "2.0.0"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Files.move(old, deploy.resolve("a.jar"), StandardCopyOption.REPLACE_EXISTING);
        folder.look();
        folder.look();
        assertThat(running()).containsExactly("com.acme.filter 2.0.0");
    }

    @Test
    void a_folder_that_cannot_be_looked_at_takes_nothing_out() throws IOException {
        put("a.jar", jar("com.acme.filter", "1.0.0"));
        Path away = Files.move(deploy, dir.resolve("away"));
        for (int look = 0; look < 3; look++) assertThatThrownBy(folder::look).isInstanceOf(IOException.class);
        assertThat(running()).hasSize(1);
        Files.move(away, deploy);
        folder.look();
        folder.look();
        assertThat(running()).containsExactly("com.acme.filter 1.0.0");
    }

    @Test
    void without_plug_ins_there_need_be_no_folder() throws IOException {
        Files.delete(deploy);
        folder.look();
        folder.look();
        assertThat(running()).isEmpty();
    }

    @Test
    void half_a_jar_is_let_alone_until_it_is_whole() throws IOException {
        byte[] whole = jar("com.acme.filter", "1.0.0");
        put("a.jar", Arrays.copyOf(whole, whole.length / 2));
        assertThat(running()).isEmpty();
        put("a.jar", whole);
        assertThat(running()).hasSize(1);
    }

    @Test
    void a_file_still_growing_is_not_looked_into() throws IOException {
        Files.write(deploy.resolve("a.jar"), jar("com.acme.filter", "1.0.0"));
        folder.look();
        assertThat(running()).isEmpty();
        folder.look();
        assertThat(running()).hasSize(1);
    }

    @Test
    void garbage_and_jars_that_are_no_bundles_are_left_aside() throws IOException {
        put("garbage.jar", new byte[1000]);
        put("plain.jar", jar(null, "1"));
        assertThat(running()).isEmpty();
        assertThatThrownBy(() -> Jar.read(deploy.resolve("garbage.jar"))).hasMessage("it is not a whole jar");
        assertThatThrownBy(() -> Jar.read(deploy.resolve("plain.jar"))).hasMessageContaining("no bundle");
    }

    @Test
    void a_jar_with_the_name_of_a_part_of_the_server_touches_nothing() throws Exception {
        Bundle shipped = felix.getBundleContext()
                .installBundle("feature:x", new java.io.ByteArrayInputStream(jar("org.posthorn.filter.size", "1.0.0")));
        shipped.start();
        put("mine.jar", jar("org.posthorn.filter.size", "1.0.0"));
        put("mine2.jar", jar("org.posthorn.filter.size", "9.0.0"));
        assertThat(running()).containsExactly("org.posthorn.filter.size 1.0.0");
        Files.delete(deploy.resolve("mine.jar"));
        folder.look();
        assertThat(running()).hasSize(1);
    }

    @Test
    void after_a_restart_of_the_folder_what_ran_goes_on_and_what_went_meanwhile_is_taken_out() throws Exception {
        put("a.jar", jar("com.acme.a", "1.0.0"));
        put("b.jar", jar("com.acme.b", "1.0.0"));
        long before = felix.getBundleContext().getBundle("deploy:a.jar").getLastModified();
        Files.delete(deploy.resolve("b.jar"));
        folder.stop();
        folder = new DeployFolder(deploy, new Plugins(felix.getBundleContext()));
        folder.look();
        folder.look();
        assertThat(running()).containsExactly("com.acme.a 1.0.0");
        assertThat(felix.getBundleContext().getBundle("deploy:a.jar").getLastModified())
                .isEqualTo(before);
    }
}
