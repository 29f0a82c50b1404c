package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.testkit.Script;
import org.posthorn.testkit.TcpLine;
import org.posthorn.testkit.Trust;

/** Compression over sockets; the client's end is {@code java.util.zip}. */
class CompressionTest {

    private static final String BEGIN = "hello v1\r\nbegin\r\n";

    @TempDir
    Path folder;

    private House house;
    private Echo echo;

    @BeforeEach
    void open() {
        house = new House(folder);
        echo = house.speaks("v1");
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Socket socket(Port.TlsMode mode) throws IOException {
        int port = house.listen(mode);
        Socket socket = mode == Port.TlsMode.implicit
                ? Trust.everybody().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)
                : new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** A client for which all is compressed from now on. */
    private Socket compressed(Port.TlsMode mode) throws IOException {
        Socket socket = socket(mode);
        socket.getOutputStream().write("compress\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(text(socket.getInputStream().readNBytes(BEGIN.length()))).isEqualTo(BEGIN);
        return socket;
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.US_ASCII);
    }

    /** What a client sends that says no more than this. */
    private static byte[] deflated(String said) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        byte[] octets = said.getBytes(StandardCharsets.US_ASCII);
        deflater.setInput(octets);
        byte[] made = new byte[octets.length + 1000];
        ByteBuffer all = ByteBuffer.wrap(made, 0, deflater.deflate(made, 0, made.length, Deflater.SYNC_FLUSH));
        deflater.end();
        return java.util.Arrays.copyOf(made, all.limit());
    }

    private static InputStream inflating(InputStream from) {
        return new InflaterInputStream(from, new Inflater(true));
    }

    private Client client() {
        return ((ClientConnection) echo.last).to();
    }

    /** The door's clock looks anew every 20 ms. */
    private static void await(BooleanSupplier event) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!event.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.yield();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"none", "implicit"})
    void both_ways_are_compressed_and_again_in_clear(Port.TlsMode mode) throws Exception {
        int port = house.listen(mode);
        try (TcpLine line = mode == Port.TlsMode.none ? TcpLine.to(port) : TcpLine.tlsTo(port)) {
            Script.of("""
                    S: hello v1
                    C: compress
                    S: begin
                    Z:
                    C: one
                    S: v1: one
                    C| two\\r\\nthree\\r\\nlines\\r\\n
                    S: v1: two
                    S: v1: three
                    S: 5
                    C: data 1000
                    C| text\\r\\n.\\r\\n
                    S: got 6 false false text\\r\\n
                    C: compress
                    S: begin
                    C: still
                    S: v1: still
                    C: uncompress
                    S: end
                    Z!
                    C: in clear
                    S: v1: in clear
                    C: uncompress
                    S: end
                    C: compress
                    S: begin
                    Z:
                    C: again
                    S: v1: again
                    C: quit
                    S: bye
                    """).run(line);
        }
        assertThat(echo.events.poll(5, TimeUnit.SECONDS)).isEqualTo("closed v1");
    }

    @Test
    void what_is_told_at_once_goes_compressed() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            Script.of("""
                    S: hello v1
                    C: news
                    S: begin
                    Z:
                    S: news
                    C: one
                    S: v1: one
                    """).run(line);
        }
    }

    @Test
    void tls_goes_below_compression_whichever_came_first() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.starttls))) {
            Script.of("""
                    S: hello v1
                    C: tls
                    S: begin
                    T:
                    C: compress
                    S: begin
                    Z:
                    C: one
                    S: v1: one
                    """).run(line);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"none", "implicit"})
    void a_slow_reader_gets_all_of_a_big_answer(Port.TlsMode mode) throws Exception {
        int size = NetworkTest.MORE_THAN_SOCKETS_HOLD * 4;
        try (Socket socket = compressed(mode);
                InputStream wanted = Echo.big(size).open()) {
            socket.getOutputStream().write(deflated("big " + size + "\r\nquit\r\n"));
            InputStream in = inflating(socket.getInputStream());
            assertThat(text(in.readNBytes(7))).isEqualTo("begin\r\n");
            for (byte[] part = wanted.readNBytes(20_000); part.length > 0; part = wanted.readNBytes(20_000))
                assertThat(in.readNBytes(part.length)).isEqualTo(part);
            assertThat(text(in.readNBytes(10))).isEqualTo("end\r\nbye\r\n");
        }
    }

    @Test
    void a_long_answer_is_flushed_now_and_then_and_at_its_end() throws Exception {
        int pieces = 100_000;
        try (Socket socket = compressed(Port.TlsMode.none)) {
            socket.getOutputStream().write(deflated("produce " + pieces + "\r\n"));
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            InputStream in = inflating(new FilterInputStream(socket.getInputStream()) {
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int n = super.read(into, offset, length);
                    if (n > 0) wire.write(into, offset, n);
                    return n;
                }
            });
            for (int i = pieces; i > 0; i--) {
                String piece = "piece " + i + "\r\n";
                assertThat(text(in.readNBytes(piece.length()))).isEqualTo(piece);
            }
            ByteBuffer came = ByteBuffer.wrap(wire.toByteArray());
            int flushes = 0;
            for (int i = 0; i + 3 < came.limit(); i++) if (came.getInt(i) == 0xffff) flushes++;
            assertThat(flushes).isBetween(1, 1000);
        }
    }

    @Test
    void what_other_threads_send_is_compressed_and_flushed() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            Script.of("S: hello v1\nC: compress\nS: begin\nZ:\nC: a\nS: v1: a\n")
                    .run(line);
            echo.last.send("unasked\r\n");
            assertThat(line.read()).isEqualTo("unasked");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"none", "implicit"})
    void who_goes_on_before_the_answer_to_compress_is_told_goodbye(Port.TlsMode mode) throws Exception {
        for (String more : new String[] {"lines\r\n", "l"}) {
            try (Socket socket = socket(mode)) {
                socket.getOutputStream().write(("compress\r\n" + more).getBytes(StandardCharsets.US_ASCII));
                InputStream in = socket.getInputStream();
                assertThat(text(in.readNBytes(17))).isEqualTo("hello v1\r\nbegin\r\n");
                assertThat(text(inflating(in).readNBytes(17))).isEqualTo("ending AHEAD v1\r\n");
            }
        }
    }

    @Test
    void who_may_have_heard_the_answer_is_not_ahead() throws Exception {
        for (boolean before : new boolean[] {true, false}) {
            Inbox inbox = new Inbox(() -> {}, () -> {});
            Layering layering = new Layering(inbox, null, null);
            if (before) inbox.add(ByteBuffer.wrap(deflated("one\r\n")));
            assertThat(layering.ahead(false)).isEqualTo(before);
            inbox.add(ByteBuffer.wrap(deflated("two\r\n")));
            assertThat(layering.ahead(false)).isEqualTo(before);
        }
    }

    /** What comes up to the end, however the connection ends. */
    private static String all(Socket socket) throws IOException {
        StringBuilder all = new StringBuilder();
        try {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) all.append((char) b);
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException cut) {
            return all.toString();
        }
        return all.toString();
    }

    @ParameterizedTest
    @EnumSource(names = {"none", "implicit"})
    void what_comes_in_clear_behind_the_end_is_answered_in_clear(Port.TlsMode mode) throws Exception {
        try (Socket socket = compressed(mode)) {
            byte[] last = deflated("uncompress\r\n");
            ByteBuffer both = ByteBuffer.allocate(last.length + 7).put(last);
            socket.getOutputStream()
                    .write(both.put("lines\r\n".getBytes(StandardCharsets.US_ASCII))
                            .array());
            Inflater inflater = new Inflater(true);
            InputStream in = new InflaterInputStream(socket.getInputStream(), inflater, 1);
            assertThat(text(in.readAllBytes())).isEqualTo("end\r\n");
            assertThat(inflater.finished()).isTrue();
            assertThat(text(socket.getInputStream().readNBytes(3))).isEqualTo("3\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"9, 2", "0, 2", "9, 0"})
    void client_may_end_its_stream(int level, int flush) throws Exception {
        Deflater deflater = new Deflater(level, true);
        byte[] made = new byte[1000];
        deflater.setInput("uncompress\r\n".getBytes(StandardCharsets.US_ASCII));
        int length = flush == Deflater.NO_FLUSH ? 0 : deflater.deflate(made, 0, made.length, flush);
        deflater.finish();
        length += deflater.deflate(made, length, made.length - length);
        deflater.end();
        byte[] clear = "lines\r\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(clear, 0, made, length, clear.length);
        try (Socket socket = compressed(Port.TlsMode.none)) {
            socket.getOutputStream().write(made, 0, length + clear.length);
            assertThat(text(new InflaterInputStream(socket.getInputStream(), new Inflater(true), 1).readAllBytes()))
                    .isEqualTo("end\r\n");
            assertThat(text(socket.getInputStream().readNBytes(3))).isEqualTo("3\r\n");
        }
    }

    @Test
    void end_of_the_last_flush_may_come_late() throws Exception {
        try (Socket socket = compressed(Port.TlsMode.none)) {
            byte[] last = deflated("uncompress\r\n");
            socket.getOutputStream().write(last, 0, last.length - 3);
            assertThat(text(new InflaterInputStream(socket.getInputStream(), new Inflater(true), 1).readAllBytes()))
                    .isEqualTo("end\r\n");
            socket.getOutputStream().write(last, last.length - 3, 3);
            socket.getOutputStream().write("lines\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(text(socket.getInputStream().readNBytes(3))).isEqualTo("3\r\n");
        }
    }

    @Test
    void compressed_octets_behind_the_end_cut_the_line() throws Exception {
        try (Socket socket = compressed(Port.TlsMode.none)) {
            socket.getOutputStream().write(deflated("uncompress\r\nlines\r\n"));
            assertThat(all(socket)).isEmpty();
        }
    }

    @Test
    void a_line_that_becomes_long_is_passed_over_and_one_without_end_cut_off() throws Exception {
        try (Socket socket = compressed(Port.TlsMode.none)) {
            socket.getOutputStream().write(deflated("x".repeat(900_000) + "\r\n" + "y".repeat(64 << 20)));
            InputStream in = inflating(socket.getInputStream());
            String wanted = "broken TOO_LONG\r\n".repeat(2);
            assertThat(text(in.readNBytes(wanted.length()))).isEqualTo(wanted);
            assertThat(socket.getInputStream().read()).isNegative();
        }
    }

    @Test
    void data_that_becomes_too_much_is_dropped() throws Exception {
        int much = 64 << 20;
        try (Socket socket = compressed(Port.TlsMode.none)) {
            socket.getOutputStream().write(deflated("data 1000\r\n" + "z".repeat(much) + "\r\n.\r\n"));
            String wanted = "got " + (much + 2) + " true false much\r\n";
            assertThat(text(inflating(socket.getInputStream()).readNBytes(wanted.length())))
                    .isEqualTo(wanted);
        }
    }

    @Test
    void who_asks_for_much_and_reads_nothing_is_not_read_either() throws Exception {
        try (Socket socket = compressed(Port.TlsMode.none)) {
            socket.getOutputStream().write(deflated("big 1000000\r\n".repeat(1000)));
            await(() -> client().outbox.backlog() > Outbox.FULL);
            assertThat(client().outbox.backlog()).isLessThan(Outbox.FULL + 2_000_000);
        }
    }

    @Test
    void a_damaged_stream_ends_the_connection_with_one_line_in_the_log() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (Socket socket = compressed(Port.TlsMode.none)) {
            // RFC 1951 3.2.3: there is no block of type 11.
            socket.getOutputStream().write(0xff);
            assertThat(all(socket)).isEmpty();
            assertThat(echo.events.poll(5, TimeUnit.SECONDS)).isEqualTo("closed v1");
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(l -> !l.contains("DEBUG")))
                .singleElement()
                .asString()
                .contains("sent what cannot be inflated and was cut off: invalid block type");
    }

    @Test
    void noise_harms_nobody() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            byte[] noise = new byte[1 + random.nextInt(3000)];
            random.nextBytes(noise);
            try (Socket socket = compressed(Port.TlsMode.none)) {
                socket.getOutputStream().write(noise);
            }
        }
        for (int i = 0; i < 40; i++)
            assertThat(echo.events.poll(10, TimeUnit.SECONDS)).isEqualTo("closed v1");
    }

    @Test
    void commands_before_a_half_close_are_answered() throws Exception {
        try (Socket socket = compressed(Port.TlsMode.none)) {
            socket.getOutputStream().write(deflated("a\r\nb\r\nhalf a line"));
            socket.shutdownOutput();
            assertThat(text(inflating(socket.getInputStream()).readNBytes(14))).isEqualTo("v1: a\r\nv1: b\r\n");
            assertThat(echo.events.poll(5, TimeUnit.SECONDS)).isEqualTo("closed v1");
        }
    }

    @Test
    void who_says_nothing_for_a_while_costs_less_and_goes_on() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            Script.of("S: hello v1\nC: compress\nS: begin\nZ:\nC: a\nS: v1: a\n")
                    .run(line);
            assertThat(client().outbox.awake()).isTrue();
            house.later(Duration.ofSeconds(11));
            await(() -> !client().outbox.awake());
            Script.of("C: a\nS: v1: a\nC: lines\nS: 4\n").run(line);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quit\r\n", "fail\r\n", "", "end"})
    void memory_is_given_back_however_a_connection_ends(String last) throws Exception {
        try (Socket socket = compressed(Port.TlsMode.none)) {
            socket.getOutputStream().write(deflated("a\r\n"));
            assertThat(text(inflating(socket.getInputStream()).readNBytes(7))).isEqualTo("v1: a\r\n");
            assertThat(client().outbox.awake()).isTrue();
            if (last.equals("end")) house.network.close();
            else socket.getOutputStream().write(deflated(last));
        }
        await(() -> !client().outbox.awake());
        assertThat(echo.events.poll(5, TimeUnit.SECONDS)).isEqualTo("closed v1");
    }

    @Test
    void a_conversation_moves_and_stays_compressed() throws Exception {
        try (TcpLine line = TcpLine.to(house.listen(Port.TlsMode.none))) {
            Script.of("S: hello v1\nC: compress\nS: begin\nZ:\nC: a\nS: v1: a\n")
                    .run(line);
            house.add(new Echo("v2"), 1);
            Script.of("C: b\nS: v2: b\n").run(line);
            assertThat(echo.last.compressed()).isTrue();
        }
    }
}
