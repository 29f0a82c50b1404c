package org.posthorn.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

class ExecTest {

    private final Catalogue catalogue = new Catalogue(fake(BundleContext.class, null));

    /** Answers every question with the same. */
    private static <T> T fake(Class<T> type, Object answer) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> answer));
    }

    private void offer(ShellCommand.Action action) {
        offer("", action);
    }

    @SuppressWarnings("unchecked")
    private void offer(String usage, ShellCommand.Action action) {
        ShellCommands commands = new ShellCommands() {
            @Override
            public String scope() {
                return "bundle";
            }

            @Override
            public List<ShellCommand> commands() {
                return List.of(new ShellCommand("swap", usage, "", action));
            }
        };
        Bundle bundle = fake(Bundle.class, "feature:deploy");
        catalogue.bind(
                (ServiceReference<ShellCommands>) Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {ServiceReference.class},
                        (proxy, method, args) -> method.getName().equals("getBundle") ? bundle : (Object) 1L),
                commands);
    }

    private String answer() {
        return answer(Map.of(), "");
    }

    private String answer(Map<String, String> headers, String input) {
        return answer(headers, "bundle:swap", input);
    }

    private String answer(Map<String, String> headers, String command, String input) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ControlRequest request = new ControlRequest("EXEC 1", headers, command);
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        new Exec(catalogue, null).run(request, in, new Frames(out));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_command_that_lacks_memory_fails_alone() {
        offer(line -> {
            throw new OutOfMemoryError("Java heap space");
        });
        assertThat(answer())
                .contains("the command failed: ")
                .contains("Java heap space")
                .endsWith("X 1\n");
    }

    @Test
    void input_reaches_the_command_that_takes_it() {
        offer(
                "WORD [--stdin]",
                line -> line.has("stdin") + " " + new String(line.in().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(answer(Map.of("stdin", "true"), "a word"))
                .contains("true a word")
                .endsWith("X 0\n");
        assertThat(answer(Map.of(), "")).contains("false ").endsWith("X 0\n");
    }

    @Test
    void input_is_no_word_of_a_command_with_words_alone() {
        offer("WORD [PASSWORD] [--stdin]", line -> line.has("stdin") + " " + line.words());
        assertThat(answer(Map.of("stdin", "true"), "bundle:swap -- -a", ""))
                .contains("true [-a]")
                .endsWith("X 0\n");
    }

    @Test
    void input_that_a_command_would_leave_aside_is_refused() {
        offer(line -> "done");
        assertThat(answer(Map.of("stdin", "true"), "a word"))
                .contains("bundle:swap takes nothing from standard input")
                .doesNotContain("done")
                .endsWith("X 1\n");
    }

    @Test
    void so_does_one_that_lacks_a_class() {
        offer(line -> {
            throw new NoClassDefFoundError("com/acme/Gone");
        });
        assertThat(answer())
                .contains("the command failed: ")
                .contains("com/acme/Gone")
                .endsWith("X 1\n");
    }

    @Test
    void what_a_mailbox_cannot_grant_is_told_in_its_words_alone() {
        offer(line -> {
            throw new MailboxFault(MailboxFault.Kind.CANNOT, "A mailbox name has no empty level");
        });
        assertThat(answer())
                .contains("A mailbox name has no empty level")
                .doesNotContain("MailboxFault", "the command failed")
                .endsWith("X 1\n");
    }

    @Test
    void what_was_done_is_in_the_log() {
        offer("NAME WORD", line -> "done");
        assertThat(logOf("bundle:swap net well")).contains("done: bundle:swap net well");
    }

    @Test
    void what_was_done_is_in_the_log_without_its_password() {
        offer("ADDRESS [PASSWORD]", line -> "done");
        assertThat(logOf("bundle:swap ann@example.org secret"))
                .contains("done: bundle:swap ann@example.org")
                .doesNotContain("secret");
    }

    private String logOf(String command) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            answer(Map.of(), command, "");
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }
}
