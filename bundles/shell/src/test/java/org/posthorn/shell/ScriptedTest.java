package org.posthorn.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;

/** Lines from a file, as {@code posthorn shell < FILE} sends them. */
class ScriptedTest {

    private final ThreadIOImpl io = new ThreadIOImpl();
    private final CommandProcessorImpl gogo = new CommandProcessorImpl(io);

    private final Catalogue catalogue = new Catalogue((BundleContext) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, args) -> null));

    @BeforeEach
    void begin() {
        io.start();
        Function say = (session, arguments) -> {
            session.getConsole().println("said " + arguments.get(0));
            return null;
        };
        Function fail = (session, arguments) -> {
            throw new IllegalArgumentException("not that way");
        };
        Function leave = (session, arguments) -> {
            throw new Interactive.Left();
        };
        gogo.addCommand("gogo", say, "say");
        gogo.addCommand("gogo", fail, "fail");
        gogo.addCommand("gogo", leave, "exit");
    }

    @AfterEach
    void end() {
        gogo.stop();
        io.stop();
    }

    private String answer(String lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ControlRequest request = new ControlRequest("EXEC 1", Map.of(), lines);
        new Exec(catalogue, gogo).run(request, InputStream.nullInputStream(), new Frames(out));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    @Timeout(20)
    void lines_are_run_one_after_the_other() {
        assertThat(answer("say one\n# a word\n\nsay two\n"))
                .contains("said one")
                .contains("said two")
                .endsWith("X 0\n");
    }

    @Test
    @Timeout(20)
    void one_that_fails_ends_them_and_is_told() {
        assertThat(answer("say one\nfail\nsay two\n"))
                .contains("said one")
                .contains("not that way")
                .doesNotContain("said two")
                .endsWith("X 1\n");
        assertThat(answer("say one\nnonsense\nsay two\n"))
                .contains("no command nonsense")
                .doesNotContain("said two")
                .endsWith("X 64\n");
    }

    @Test
    @Timeout(20)
    void exit_ends_them_in_peace() {
        assertThat(answer("say one\nexit\nsay two\n"))
                .contains("said one")
                .doesNotContain("said two")
                .endsWith("X 0\n");
    }
}
