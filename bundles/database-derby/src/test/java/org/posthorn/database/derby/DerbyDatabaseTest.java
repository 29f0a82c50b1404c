package org.posthorn.database.derby;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class DerbyDatabaseTest {

    @TempDir
    Path data;

    private final BlockingQueue<Dictionary<?, ?>> registered = new LinkedBlockingQueue<>();

    private record Settings(int connections) implements DerbyDatabase.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return DerbyDatabase.Config.class;
        }
    }

    private static <T> T fake(Class<T> type, java.lang.reflect.InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object context(Method method, Object[] arguments) {
        if (method.getName().equals("getProperty")) return data.toString();
        registered.add((Dictionary<?, ?>) arguments[2]);
        return fake(ServiceRegistration.class, (p, m, a) -> null);
    }

    private DerbyDatabase begin() {
        return new DerbyDatabase(fake(BundleContext.class, (p, m, a) -> context(m, a)), new Settings(4));
    }

    private Object lost() throws InterruptedException {
        return registered.poll(60, TimeUnit.SECONDS).get("lost");
    }

    @Test
    void a_version_that_waits_for_the_one_before_tells_as_well_of_users_who_were_lost() throws Exception {
        DerbyDatabase before = begin();
        assertThat(lost()).isNull();
        Path note = Files.writeString(data.resolve("database/lost"), "damaged\n");
        DerbyDatabase after = begin();
        try {
            assertThat(lost()).isEqualTo(note.toString());
        } finally {
            before.stop();
            after.stop();
        }
    }
}
