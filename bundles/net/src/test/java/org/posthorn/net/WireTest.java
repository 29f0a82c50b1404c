package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.service.SimpleIoProcessorPool;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WireTest {

    /** Where memory shall lack, once for each. */
    private static final Queue<String> LACKS = new ConcurrentLinkedQueue<>();
    /** Met behind a read that will lack memory, and again before it does. */
    private static final CyclicBarrier HOLE = new CyclicBarrier(2);

    private static final AtomicInteger NEW_SELECTORS = new AtomicInteger();

    /** Lacks memory where MINA asks nobody for mercy. */
    public static final class Hungry extends Wire {
        public Hungry(Executor threads) {
            super(threads);
        }

        private static void lack(String where) {
            if (LACKS.remove(where)) throw new OutOfMemoryError("in a test, at " + where);
        }

        @Override
        protected int select(long timeout) throws Exception {
            int selected = super.select(timeout);
            lack("select");
            return selected;
        }

        @Override
        protected void registerNewSelector() throws IOException {
            NEW_SELECTORS.incrementAndGet();
            super.registerNewSelector();
        }

        @Override
        protected void init(NioSession session) throws Exception {
            super.init(session);
            lack("init");
        }

        @Override
        protected int read(NioSession session, IoBuffer into) throws Exception {
            int n = super.read(session, into);
            if (LACKS.contains("read")) {
                meet();
                meet();
            }
            lack("read");
            return n;
        }

        @Override
        protected int write(NioSession session, IoBuffer octets, int length) {
            lack("write");
            return super.write(session, octets, length);
        }
    }

    private final StringBuffer came = new StringBuffer();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SimpleIoProcessorPool<NioSession> readers =
            new SimpleIoProcessorPool<>(Hungry.class, threads, 1, null);
    private final NioSocketAcceptor acceptor = new NioSocketAcceptor(threads, readers);

    @BeforeEach
    void listen() throws IOException {
        LACKS.clear();
        NEW_SELECTORS.set(0);
        acceptor.setHandler(new IoHandlerAdapter() {
            @Override
            public void messageReceived(IoSession session, Object message) {
                IoBuffer octets = (IoBuffer) message;
                for (int i = octets.position(); i < octets.limit(); i++) came.append((char) octets.get(i));
                session.write(octets.duplicate());
            }
        });
        acceptor.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() {
        acceptor.dispose();
        readers.dispose();
        threads.shutdown();
    }

    private static void meet() throws Exception {
        HOLE.await(20, TimeUnit.SECONDS);
    }

    private Socket client() throws IOException {
        Socket client = new Socket(
                InetAddress.getLoopbackAddress(), acceptor.getLocalAddress().getPort());
        client.setSoTimeout(20_000);
        client.setTcpNoDelay(true);
        return client;
    }

    private static int answer(Socket client, int octet) throws IOException {
        client.getOutputStream().write(octet);
        return client.getInputStream().read();
    }

    private static void assertEnded(Socket client) throws IOException {
        try {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void a_lack_between_connections_costs_none_and_no_event() throws IOException {
        try (Socket client = client();
                Socket other = client()) {
            assertThat(answer(client, 'a')).isEqualTo('a');
            assertThat(answer(other, 'b')).isEqualTo('b');
            LACKS.addAll(List.of("select", "select", "select"));
            assertThat(answer(client, 'c')).isEqualTo('c');
            assertThat(answer(other, 'd')).isEqualTo('d');
            assertThat(LACKS).isEmpty();
            // MINA's remedy for a selector that spins would find the event too, behind ten rounds in vain.
            assertThat(NEW_SELECTORS).hasValue(0);
        }
    }

    @Test
    void nothing_is_read_behind_a_hole() throws Exception {
        try (Socket client = client();
                Socket other = client()) {
            assertThat(answer(client, 'a')).isEqualTo('a');
            assertThat(answer(other, 'b')).isEqualTo('b');
            LACKS.add("read");
            client.getOutputStream().write('-');
            meet();
            client.getOutputStream().write('c');
            meet();
            assertEnded(client);
            assertThat(answer(other, 'd')).isEqualTo('d');
            assertThat(came).hasToString("abd");
        }
    }

    @Test
    void a_connection_whose_answer_is_lost_is_ended() throws IOException {
        try (Socket client = client();
                Socket other = client()) {
            assertThat(answer(client, 'a')).isEqualTo('a');
            assertThat(answer(other, 'b')).isEqualTo('b');
            LACKS.add("write");
            client.getOutputStream().write('c');
            assertEnded(client);
            assertThat(answer(other, 'd')).isEqualTo('d');
        }
    }

    @Test
    void a_new_connection_that_is_not_taken_in_is_ended() throws IOException {
        try (Socket other = client()) {
            assertThat(answer(other, 'b')).isEqualTo('b');
            LACKS.add("init");
            try (Socket client = client()) {
                assertEnded(client);
            }
            assertThat(answer(other, 'd')).isEqualTo('d');
        }
    }
}
