package org.posthorn.database.derby;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassLoaderTest {

    @TempDir
    Path data;

    /** The thread outlives the database and has spoken with it, as the workers of a server do. */
    @Test
    void a_stopped_database_lets_its_class_loader_go() throws Exception {
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try {
            WeakReference<ClassLoader> loader = bootAndStop(worker);
            for (int i = 0; i < 50 && loader.get() != null; i++) System.gc();
            assertThat(loader.get()).isNull();
        } finally {
            worker.shutdown();
        }
    }

    private WeakReference<ClassLoader> bootAndStop(ExecutorService worker) throws Exception {
        URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader());
        Class<?> type = loader.loadClass(Derby.class.getName());
        Method boot = type.getDeclaredMethod("boot", Path.class, Path.class, int.class);
        boot.setAccessible(true);
        Object derby = boot.invoke(null, data.resolve("database"), data.resolve("derby.log"), 4);
        Method dataSource = type.getDeclaredMethod("dataSource");
        dataSource.setAccessible(true);
        DataSource source = (DataSource) dataSource.invoke(derby);
        worker.submit(() -> {
                    try (Connection c = source.getConnection()) {
                        return c.createStatement().execute("CREATE TABLE things (a INT)");
                    }
                })
                .get();
        ((AutoCloseable) derby).close();
        loader.close();
        return new WeakReference<>(loader);
    }

    private static URL[] classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(":"))
                .map(ClassLoaderTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
