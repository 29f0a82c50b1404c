package org.posthorn.database.derby;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

@Timeout(300)
class TakeOverTest {

    @TempDir
    Path data;

    private final BlockingQueue<DataSource> given = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> withdrawn = new LinkedBlockingQueue<>();

    private record Settings(int connections) implements DerbyDatabase.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return DerbyDatabase.Config.class;
        }
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object context(Method method, Object[] arguments) {
        if (method.getName().equals("getProperty")) return data.toString();
        given.add((DataSource) arguments[1]);
        return fake(ServiceRegistration.class, (p, m, a) -> {
            withdrawn.add(m.getName());
            return null;
        });
    }

    private DerbyDatabase begin(BiConsumer<Path, Path> beside) {
        return new DerbyDatabase(fake(BundleContext.class, (p, m, a) -> context(m, a)), new Settings(4), beside);
    }

    /** The rehearsal that never ends by itself stands for a slow machine. */
    @Test
    void a_version_on_trial_offers_its_service_while_it_rehearses_and_the_one_before_serves_until_that_has_ended()
            throws Exception {
        DerbyDatabase before = begin((folder, log) -> {});
        DataSource old = given.take();
        old.getConnection().close();
        CountDownLatch rehearsed = new CountDownLatch(1);
        DerbyDatabase after = begin((folder, log) -> await(rehearsed));
        DataSource next = given.take();
        FutureTask<Void> stop = stop(before);
        assertThat(withdrawn.poll(1, TimeUnit.SECONDS)).isNull();
        old.getConnection().close();
        rehearsed.countDown();
        stop.get();
        next.getConnection().close();
        after.stop();
    }

    private static FutureTask<Void> stop(DerbyDatabase database) {
        FutureTask<Void> stop = new FutureTask<>(() -> {
            database.stop();
            return null;
        });
        new Thread(stop).start();
        return stop;
    }

    private static void await(CountDownLatch event) {
        try {
            event.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
