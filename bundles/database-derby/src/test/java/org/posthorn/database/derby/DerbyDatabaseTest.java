package org.posthorn.database.derby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Dictionary;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.derby.iapi.services.context.ContextService;
import org.apache.derby.shared.common.error.ShutdownException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.posthorn.api.lease.Succession;

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

    @Test
    void a_rehearsal_runs_each_statement_and_touches_no_file_of_ours() throws SQLException {
        Path folder = data.resolve("database");
        Rehearsal.statements(folder, data.resolve("derby.log"));
        assertThat(ContextService.getFactory()).isNotNull();
        assertThat(folder.resolve("posthorn")).doesNotExist();
        Derby.endEngine();
        assertThatThrownBy(ContextService::getFactory).isInstanceOf(ShutdownException.class);
    }

    @Test
    void a_version_whose_turn_never_comes_leaves_no_derby_behind() throws Exception {
        Succession<Path> before = Succession.begin("the database in " + data, n -> data);
        DerbyDatabase after = begin();
        lost();
        after.stop();
        before.close(f -> {});
        assertThatThrownBy(ContextService::getFactory).isInstanceOf(ShutdownException.class);
    }
}
