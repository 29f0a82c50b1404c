package org.posthorn.deploy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.Spool;

class ContractsTest {

    /** A service that cannot do anything. */
    private static void askBroken(Class<?> type, Contracts.When when) {
        Object broken = Proxy.newProxyInstance(
                ContractsTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    throw new IOException("it cannot be opened");
                });
        Contracts.of(type.getName(), when).forEach(contract -> ask(contract, broken));
    }

    private static <T> void ask(Contracts.Contract<T> contract, Object service) {
        contract.ask(contract.type().cast(service), "");
    }

    @Test
    void one_that_cannot_open_what_it_has_alone_breaks_its_contract() {
        for (Class<?> type : new Class<?>[] {Spool.class, KeptMail.class})
            assertThatThrownBy(() -> askBroken(type, Contracts.When.ALONE)).hasMessageContaining("cannot be opened");
    }

    @Test
    void one_that_cannot_tell_just_now_beside_the_version_before_breaks_nothing() {
        assertThatCode(() -> askBroken(QueueStore.class, Contracts.When.BESIDE)).doesNotThrowAnyException();
    }
}
