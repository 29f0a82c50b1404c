package org.posthorn.lab;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The cable to the name server: hands on questions and answers, and reads them. */
final class DnsWire implements Closeable {

    private static final int LONGEST = 4096;
    /** Whoever asked has given up by then. */
    private static final int PATIENCE_MILLIS = 5000;

    private final DatagramSocket door;
    private final InetSocketAddress to;
    private final Journey journey;
    private final Pace pace;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** @param to the name server */
    DnsWire(InetSocketAddress to, Journey journey, Pace pace) throws IOException {
        this.to = to;
        this.journey = journey;
        this.pace = pace;
        this.door = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Background.run("lab-dns", this::questions);
    }

    int port() {
        return door.getLocalPort();
    }

    @Override
    public void close() {
        door.close();
    }

    private void questions() throws IOException {
        while (!door.isClosed()) {
            DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
            door.receive(packet);
            Background.run("lab-dns-question", () -> ask(packet));
        }
    }

    private void ask(DatagramPacket packet) throws IOException, InterruptedException {
        byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
        // What is asked before the mail is on its way has nothing to do with it; what is asked again is no news.
        boolean meant = journey.reached(Hop.MTA);
        if (meant) hold();
        boolean news = meant && told.add(DnsText.question(question));
        if (news) journey.say(Hop.DNS, 'C', DnsText.question(question));
        byte[] answer = exchange(question);
        if (news) DnsText.answers(answer).forEach(line -> journey.say(Hop.DNS, 'S', line));
        door.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
    }

    /** The first question of the mail, and those that come while it is held. */
    private synchronized void hold() throws InterruptedException {
        if (journey.reached(Hop.DNS)) return;
        pace.before(Hop.MTA);
        journey.reach(Hop.DNS);
        pace.before(Hop.DNS);
    }

    private byte[] exchange(byte[] question) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(to);
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket answer = new DatagramPacket(new byte[LONGEST], LONGEST);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }
}
