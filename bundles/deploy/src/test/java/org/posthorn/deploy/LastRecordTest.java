package org.posthorn.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastRecordTest {

    /** What a bundle has of its own. */
    public static final class Stamp {}

    /** Each method is made when it is first called. */
    public record Letterhead(Stamp stamp) {

        public static void equal() {
            new Letterhead(new Stamp()).equals(new Letterhead(new Stamp()));
        }

        public static void hash() {
            new Letterhead(new Stamp()).hashCode();
        }

        public static void text() {
            String.valueOf(new Letterhead(new Stamp()));
        }
    }

    /** The loader of a bundle that called a method of its record for the first time, and is gone. */
    private static WeakReference<ClassLoader> calls(String method) throws Exception {
        URL classes = Letterhead.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            loader.loadClass(Letterhead.class.getName()).getMethod(method).invoke(null);
            return new WeakReference<>(loader);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"equal", "hash", "text"})
    void the_record_whose_method_was_made_last_is_forgotten(String method) throws Exception {
        WeakReference<ClassLoader> loader = calls(method);
        LastRecord.forget();
        collected(loader);
    }

    /** What is held softly goes with the second collection behind its last use. */
    private static void collected(WeakReference<ClassLoader> loader) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (loader.get() != null && System.nanoTime() < end) System.gc();
        assertThat(loader.get()).isNull();
    }

    @Test
    void so_is_one_that_is_used_when_its_bundle_is_gone() throws Exception {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try {
            LastRecord.forget(clock, Duration.ofMillis(10));
            WeakReference<ClassLoader> loader = calls("hash");
            collected(loader);
        } finally {
            clock.shutdownNow();
        }
    }
}
