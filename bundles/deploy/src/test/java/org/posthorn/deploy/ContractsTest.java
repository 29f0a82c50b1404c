package org.posthorn.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.api.net.Connection;
import org.posthorn.api.net.Conversation;
import org.posthorn.api.net.Protocol;
import org.posthorn.api.net.Suspended;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.Spool;
import org.posthorn.api.start.StartProblem;
import org.posthorn.api.start.StartReport;

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

    private static void askHelm(StartReport report) {
        Contracts.of(StartReport.class.getName(), Contracts.When.AT_THE_HELM)
                .forEach(contract -> ask(contract, report));
    }

    @Test
    void one_at_the_helm_is_waited_for_and_must_have_no_problems() {
        Iterator<Boolean> ready = List.of(false, true).iterator();
        assertThatCode(() -> askHelm(ready::next)).doesNotThrowAnyException();
        assertThat(ready).isExhausted();
        StartReport inTrouble = new StartReport() {
            @Override
            public boolean ready() {
                return true;
            }

            @Override
            public List<StartProblem> problems() {
                return List.of(new StartProblem(StartProblem.Cause.DATA, "the channel cannot be opened"));
            }
        };
        assertThatThrownBy(() -> askHelm(inTrouble)).hasMessageContaining("cannot be opened");
    }

    /** Greets, moves, and answers every line with that. */
    private static Protocol answering(String answer) {
        return new Protocol() {
            @Override
            public Conversation begin(Connection connection) {
                return (Conversation) Proxy.newProxyInstance(
                        ContractsTest.class.getClassLoader(),
                        new Class<?>[] {Conversation.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("opened")) connection.send("220 ready\r\n");
                            if (method.getName().equals("line")) connection.send(answer);
                            return method.getName().equals("suspend") ? Optional.of(new Suspended(1, Map.of())) : null;
                        });
            }

            @Override
            public Conversation resume(Connection connection, Suspended state) {
                return begin(connection);
            }
        };
    }

    private static void askSmtp(Protocol protocol) {
        for (Contracts.Contract<?> contract : Contracts.of(Protocol.class.getName(), Contracts.When.BESIDE))
            askNamed(contract, protocol, "smtp");
    }

    private static <T> void askNamed(Contracts.Contract<T> contract, Object service, String name) {
        contract.ask(contract.type().cast(service), name);
    }

    @Test
    void a_protocol_answers_the_first_thing_that_clients_say() {
        assertThatCode(() -> askSmtp(answering("250 mx.example.test\r\n"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> askSmtp(answering("502 5.5.1 What is that?\r\n")))
                .hasMessageContaining("to EHLO trial.invalid it says \"502 5.5.1 What is that?\"");
        assertThatThrownBy(() -> askSmtp(answering(""))).hasMessageContaining("it says \"\"");
    }

    @Test
    void one_that_cannot_tell_just_now_beside_the_version_before_breaks_nothing() {
        assertThatCode(() -> askBroken(QueueStore.class, Contracts.When.BESIDE)).doesNotThrowAnyException();
    }
}
