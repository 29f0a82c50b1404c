package org.posthorn.testkit;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BinaryOperator;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A name server on a free port of loopback, for UDP and TCP. It knows what its zone says, written as in a master file with absolute names (
 * {@code example.test. 60 IN MX 10 mail.example.test.}), and nothing else.
 */
public final class DnsServer implements AutoCloseable {

    private static final int UDP_WITHOUT_EDNS = 512;

    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile List<Record> zone;
    private volatile BinaryOperator<Message> fault = (query, answer) -> answer;

    private DnsServer(String zone) throws IOException {
        zone(zone);
        ServerSocket stream = null;
        DatagramSocket packets = null;
        while (packets == null) {
            stream = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            try {
                packets = new DatagramSocket(stream.getLocalPort(), InetAddress.getLoopbackAddress());
            } catch (java.net.BindException taken) {
                stream.close();
            }
        }
        tcp = stream;
        udp = packets;
        start("dns-udp", this::packets);
        start("dns-tcp", this::streams);
    }

    /** Starts one. */
    public static DnsServer of(String zone) {
        try {
            return new DnsServer(zone);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It says this from now on. */
    public void zone(String text) {
        List<Record> records = new ArrayList<>();
        try (Master master =
                new Master(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), Name.root, 60)) {
            for (Record next = master.nextRecord(); next != null; next = master.nextRecord()) records.add(next);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        zone = records;
    }

    /** Does something to each answer from now on, given the query first; null is silence. */
    public void fault(BinaryOperator<Message> change) {
        fault = change;
    }

    public int port() {
        return tcp.getLocalPort();
    }

    /** As settings have it: {@code 127.0.0.1:5353}. */
    public String address() {
        return tcp.getInetAddress().getHostAddress() + ":" + port();
    }

    /** The questions that came, each as {@code MX example.test.}, with {@code /tcp} behind when it came that way. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** How often that was asked, either way. */
    public long asked(String question) {
        return asked.stream()
                .filter(q -> q.equals(question) || q.equals(question + "/tcp"))
                .count();
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Serves until the socket is closed. */
    private interface Service {
        void run() throws IOException;
    }

    private void start(String name, Service service) {
        Thread thread = new Thread(
                () -> {
                    try {
                        service.run();
                    } catch (IOException e) {
                        if (!tcp.isClosed() && !udp.isClosed()) throw new UncheckedIOException(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void packets() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
        while (!udp.isClosed()) {
            packet.setLength(4096);
            udp.receive(packet);
            Message query = new Message(java.util.Arrays.copyOf(packet.getData(), packet.getLength()));
            Message answer = answer(query, "");
            if (answer == null) continue;
            int most =
                    query.getOPT() == null ? UDP_WITHOUT_EDNS : query.getOPT().getPayloadSize();
            byte[] wire = answer.toWire(most);
            udp.send(new DatagramPacket(wire, wire.length, (InetSocketAddress) packet.getSocketAddress()));
        }
    }

    private void streams() throws IOException {
        while (!tcp.isClosed()) {
            try (Socket client = tcp.accept()) {
                client.setSoTimeout(5000);
                DataInputStream in = new DataInputStream(client.getInputStream());
                byte[] query = in.readNBytes(in.readUnsignedShort());
                Message answer = answer(new Message(query), "/tcp");
                if (answer == null) continue;
                byte[] wire = answer.toWire();
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                out.writeShort(wire.length);
                out.write(wire);
            }
        }
    }

    private Message answer(Message query, String way) {
        Record question = query.getQuestion();
        asked.add(Type.string(question.getType()) + " " + question.getName() + way);
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(question, Section.QUESTION);
        look(question.getName(), question.getType(), answer);
        return fault.apply(query, answer);
    }

    private void look(Name name, int type, Message answer) {
        List<Record> here = zone.stream().filter(r -> r.getName().equals(name)).toList();
        boolean below = zone.stream().anyMatch(r -> r.getName().subdomain(name));
        for (Record r : here) {
            if (r.getType() == type) answer.addRecord(r, Section.ANSWER);
            else if (r instanceof CNAMERecord alias) {
                answer.addRecord(r, Section.ANSWER);
                look(alias.getTarget(), type, answer);
            }
        }
        if (!below) answer.getHeader().setRcode(Rcode.NXDOMAIN);
        if (answer.getSection(Section.ANSWER).isEmpty())
            zone.stream()
                    .filter(r -> r.getType() == Type.SOA && r.getDClass() == DClass.IN && name.subdomain(r.getName()))
                    .findFirst()
                    .ifPresent(soa -> answer.addRecord(soa, Section.AUTHORITY));
    }

    /**
     * Runs it for tests in other languages: prints the port, and ends when standard input does.
     *
     * @param zone the name of a file with the zone
     */
    public static void main(String[] zone) throws IOException {
        try (DnsServer server = of(Files.readString(Path.of(zone[0])))) {
            System.out.println(server.port());
            while (System.in.read() >= 0) Thread.onSpinWait();
        }
    }
}
