package org.posthorn.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.testkit.MemoryLine;

class DotStuffingTest {

    private static String retrieved(Server server) throws IOException {
        try (MemoryLine line = server.connect(true)) {
            line.send("USER mrose\r\nPASS tan staaf\r\n");
            for (int i = 0; i < 3; i++) line.read();
            line.send("RETR 1\r\n");
            line.read();
            StringBuilder text = new StringBuilder();
            for (String next = line.read(); !next.equals("."); next = line.read())
                text.append(next.startsWith(".") ? next.substring(1) : next).append("\r\n");
            assertThat(line.unread()).isEmpty();
            return text.toString();
        }
    }

    /** Sizes around the ends of a piece, where a dot may stand on either side. */
    @ParameterizedTest
    @ValueSource(ints = {65_533, 65_534, 65_535, 65_536, 65_537, 65_538, 131_072, 200_000})
    void what_the_client_unstuffs_is_the_message(int size) throws IOException {
        Random random = new Random(size);
        for (int round = 0; round < 5; round++) {
            StringBuilder text = new StringBuilder("A: b\r\n\r\n");
            while (text.length() < size - 2)
                text.append(random.nextInt(6) == 0 ? "\r\n." : ".").append(random.nextBoolean() ? "x" : "\r\n");
            text.setLength(size - 2);
            String message = text.toString().replaceAll("\r$", "x") + "\r\n";
            assertThat(retrieved(new Server(message))).isEqualTo(message);
        }
    }

    @Test
    void a_large_message_without_dots_goes_out_as_it_lies_there() throws IOException {
        String message = "A: b\r\n\r\n" + "no dot at the start\r\n".repeat(20_000);
        assertThat(retrieved(new Server(message))).isEqualTo(message);
    }

    @Test
    void a_last_line_without_an_end_gets_one() throws IOException {
        assertThat(retrieved(new Server("A: b\r\n\r\nend"))).isEqualTo("A: b\r\n\r\nend\r\n");
        assertThat(retrieved(new Server(""))).isEmpty();
    }

    @Test
    void a_message_of_nothing_but_a_header_has_a_top() throws IOException {
        try (MemoryLine line = new Server("A: b\r\n").connect(true)) {
            line.send("USER mrose\r\nPASS tan staaf\r\nTOP 1 5\r\n");
            assertThat(line.unread()).endsWith("A: b\r\n.\r\n");
        }
    }
}
