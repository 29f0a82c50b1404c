package org.posthorn.replay;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.posthorn.api.filter.BundlesBeside;
import org.posthorn.api.lease.Leased;

/** A framework that gives its bundles the api of the tests' class path, and jars for it. */
final class Container {

    private final Framework felix;

    Container(Path cache) throws BundleException {
        felix = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        cache.toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        "org.posthorn.api.filter;version=1.0.0,org.posthorn.api.mail;version=1.0.0"));
        felix.start();
    }

    BundleContext context() {
        return felix.getBundleContext();
    }

    /** What runs bundles beside, without a look at them. */
    Leased<BundlesBeside> beside() {
        Leased<BundlesBeside> beside = new Leased<>();
        beside.add(new Trusting(context()), Map.of());
        return beside;
    }

    private record Trusting(BundleContext context) implements BundlesBeside {

        @Override
        public long run(String location, byte[] jar) {
            Bundle bundle = null;
            try {
                bundle = context.installBundle(location, new ByteArrayInputStream(jar));
                bundle.start(Bundle.START_TRANSIENT);
                return bundle.getBundleId();
            } catch (BundleException e) {
                if (bundle != null) takeOut(bundle.getBundleId());
                throw new IllegalArgumentException(e.getCause().getMessage(), e);
            }
        }

        @Override
        public void takeOut(long bundle) {
            try {
                context.getBundle(bundle).uninstall();
            } catch (BundleException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Location and version of each bundle but the framework. */
    List<String> bundles() {
        return Arrays.stream(context().getBundles())
                .filter(b -> b.getBundleId() > 0)
                .map(b -> b.getLocation() + " " + b.getVersion())
                .toList();
    }

    Bundle shipped(Path jar) throws IOException, BundleException {
        try (InputStream in = Files.newInputStream(jar)) {
            Bundle bundle = context().installBundle("feature:" + jar.getFileName(), in);
            bundle.start();
            return bundle;
        }
    }

    /** @param offers the service that the manifest speaks of @param activated whether there is a filter in it indeed */
    static Path jar(Path to, String version, String offers, boolean activated) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "com.acme.subject;singleton:=true");
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", "org.osgi.framework,org.posthorn.api.filter,org.posthorn.api.mail");
        main.putValue("Provide-Capability", "osgi.service;objectClass:List<String>=\"" + offers + "\"");
        if (activated) main.putValue("Bundle-Activator", SubjectFilters.class.getName());
        try (OutputStream out = Files.newOutputStream(to);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (String name : List.of("SubjectFilters", "SubjectFilters$1")) put(name, jar);
            jar.putNextEntry(new JarEntry("OSGI-INF/metatype/x.xml"));
            jar.closeEntry();
            jar.putNextEntry(new JarEntry("OSGI-INF/subject.xml"));
            jar.write(("<?xml version=\"1.0\"?><scr:component xmlns:scr=\"x\" name=\"com.acme.Subject\">"
                            + "<implementation class=\"y\"/></scr:component>")
                    .getBytes());
            jar.closeEntry();
        }
        return to;
    }

    private static void put(String name, JarOutputStream jar) throws IOException {
        String file = "org/posthorn/replay/" + name + ".class";
        jar.putNextEntry(new JarEntry(file));
        try (InputStream in = Container.class.getResourceAsStream("/" + file)) {
            in.transferTo(jar);
        }
        jar.closeEntry();
    }

    void stop() throws Exception {
        felix.stop();
        felix.waitForStop(10_000);
    }
}
