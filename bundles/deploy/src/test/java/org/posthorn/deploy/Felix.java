package org.posthorn.deploy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/** A framework as the launcher makes it, which bundles of the folder run in. */
final class Felix {

    private final Path home;
    private final Framework framework;

    /** @param home where the cache and the repository are */
    Felix(Path home) throws BundleException, InterruptedException {
        this.home = home;
        this.framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        home.resolve("cache").toString(),
                        Constants.FRAMEWORK_BSNVERSION,
                        Constants.FRAMEWORK_BSNVERSION_MULTIPLE));
        framework.start();
        CountDownLatch reached = new CountDownLatch(1);
        framework.adapt(FrameworkStartLevel.class).setStartLevel(50, event -> reached.countDown());
        reached.await();
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** On a machine that is not busy, whatever else it does. */
    Swap swap() {
        return new Swap(context(), FolderTest.NO_COMPONENTS, Duration.ofMinutes(5), () -> false);
    }

    Plugins plugins() {
        return new Plugins(swap(), new Shipped(home.resolve("repository")));
    }

    /** Installs and starts a part of the server, of version 1.0.0. */
    Bundle shipped(String symbolicName, byte[] bytes) throws Exception {
        Path folder = Files.createDirectories(home.resolve("repository/org/posthorn/" + symbolicName + "/1.0.0"));
        Files.write(folder.resolve(symbolicName + "-1.0.0.jar"), bytes);
        String location = "feature:org.posthorn:" + symbolicName + ":1.0.0";
        Bundle bundle = context().installBundle(location, new ByteArrayInputStream(bytes));
        bundle.start();
        return bundle;
    }

    List<String> running() {
        return Arrays.stream(context().getBundles())
                .filter(b -> b.getBundleId() > 0 && b.getState() == Bundle.ACTIVE)
                .map(b -> b.getSymbolicName() + " " + b.getVersion())
                .toList();
    }

    void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(10_000);
    }
}
