package org.posthorn.itests.container;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.UserRegistry;

/** The database is swapped with the settings that ship: it loads for longer than a trial lasts. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class DatabaseSwapIT {

    private static final String NAME = "org.posthorn.database.derby";

    @Inject
    private BundleContext context;

    @Configuration
    public Option[] configuration() {
        return Dist.options(DatabaseSwapIT.class);
    }

    @Test
    public void another_version_of_the_database_takes_over_within_the_trial_and_so_does_the_shipped_one_again()
            throws Exception {
        FrameworkStartLevel level =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkStartLevel.class);
        while (level.getStartLevel() < Dist.START_LEVEL) Thread.onSpinWait();
        add("first.test");
        String shipped = versions().get(0);
        Command.run(context, "bundle", "swap", NAME, another("9.0.0").toString());
        assertEquals(List.of("9.0.0"), versions());
        add("second.test");
        Command.run(context, "bundle", "back", NAME);
        assertEquals(List.of(shipped), versions());
        add("third.test");
    }

    /** Such as it is now: who keeps users may have begun anew with the database. */
    private void add(String domain) throws IOException {
        ServiceReference<UserRegistry> reference = context.getServiceReference(UserRegistry.class);
        UserRegistry registry = context.getService(reference);
        registry.addDomain(domain);
        registry.addUser(Address.of("alice@" + domain), "secret");
        context.ungetService(reference);
    }

    private List<String> versions() {
        return Arrays.stream(context.getBundles())
                .filter(b -> NAME.equals(b.getSymbolicName()) && b.getState() == Bundle.ACTIVE)
                .map(b -> b.getVersion().toString())
                .toList();
    }

    private static Path another(String version) throws IOException {
        Path target = Files.createTempDirectory("database-swap").resolve(NAME + ".jar");
        try (JarFile shipped = new JarFile(shipped().toFile())) {
            Manifest manifest = shipped.getManifest();
            manifest.getMainAttributes().put(new Attributes.Name(Constants.BUNDLE_VERSION), version);
            try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(target), manifest)) {
                for (JarEntry entry : shipped.stream().toList())
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) copy(shipped, entry, jar);
            }
        }
        return target;
    }

    private static void copy(JarFile from, JarEntry entry, JarOutputStream to) throws IOException {
        to.putNextEntry(new JarEntry(entry.getName()));
        from.getInputStream(entry).transferTo(to);
        to.closeEntry();
    }

    private static Path shipped() throws IOException {
        Path versions = Path.of(System.getProperty("posthorn.home"), "repository/org/posthorn", NAME);
        try (Stream<Path> all = Files.walk(versions)) {
            return all.filter(p -> p.toString().endsWith(".jar")).findFirst().orElseThrow();
        }
    }
}
