package org.posthorn.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ControlServerTest {

    @TempDir
    private Path folder;

    private String answer(String begin, boolean token) throws IOException {
        Path file = folder.resolve("control");
        try (Control control = Control.open("tcp:" + file)) {
            new ControlServer(new Exec(null, null), null, control, Duration.ofMillis(200));
            List<String> lines = Files.readAllLines(file);
            int port = Integer.parseInt(lines.get(0));
            try (SocketChannel client =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                String text = token ? "TOKEN " + lines.get(1) + "\n" + begin : begin;
                client.write(StandardCharsets.US_ASCII.encode(text));
                return new String(Control.in(client).readAllBytes(), StandardCharsets.US_ASCII);
            }
        }
    }

    @Test
    @Timeout(20)
    void whoever_brings_no_token_in_time_is_cut() throws IOException {
        assertThat(answer("TOK", false)).isEmpty();
        assertThat(answer("", false)).isEmpty();
    }

    @Test
    @Timeout(20)
    void so_is_one_that_asks_for_nothing() throws IOException {
        assertThat(answer("EXEC 1\n", true)).isEmpty();
    }

    @Test
    @Timeout(20)
    void a_wrong_token_is_no_way_in() throws IOException {
        assertThat(answer("TOKEN x\nEXEC 1\n\n", false)).isEmpty();
        assertThat(answer("WHAT 1\n\n", true)).contains("not understood");
    }
}
