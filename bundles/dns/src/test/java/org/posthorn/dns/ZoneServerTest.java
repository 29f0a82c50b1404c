package org.posthorn.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.config.SettingsCheck.Problem;
import org.posthorn.api.dns.DnsAnswer.Status;
import org.posthorn.api.dns.Mx;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class ZoneServerTest {

    private static final String EXAMPLE =
            """
            $ORIGIN example.test.
            $TTL 60
            @       IN SOA   ns root 1 3600 600 86400 30
            @       IN NS    ns
            @       IN MX    10 mail
            mail    IN A     127.0.0.2
            mail    IN AAAA  ::1
            alias   IN CNAME mail
            far     IN CNAME elsewhere.invalid.
            circle  IN CNAME elcric
            elcric  IN CNAME circle
            *.wild  IN A     127.0.0.3
            *.alias IN CNAME mail
            below   IN NS    ns.below
            ns.below IN A    127.0.0.4
            long    IN TXT   "%s"
            """.formatted("x".repeat(250) + "\" \"" + "y".repeat(250) + "\" \"" + "z".repeat(250));
    private static final String DEEPER = """
            deep.example.test. 60 IN SOA ns.example.test. root.example.test. 1 3600 600 86400 300
            deep.example.test. 60 IN NS ns.example.test.
            deep.example.test. 60 IN A 127.0.0.5
            """;

    @TempDir
    Path folder;

    private Path example;
    private ZoneDoor door;

    @BeforeEach
    void open() throws IOException {
        example = Files.writeString(folder.resolve("example.zone"), EXAMPLE);
        Path deeper = Files.writeString(folder.resolve("deeper.zone"), DEEPER);
        door = new ZoneDoor(
                Zones.of(List.of(example, deeper)), new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        door.close();
    }

    private Message ask(String name, int type) throws IOException {
        return send(Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN)), false);
    }

    private Message send(Message query, boolean tcp) throws IOException {
        SimpleResolver resolver =
                new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()));
        resolver.setTCP(tcp);
        resolver.setIgnoreTruncation(true);
        resolver.setEDNS(-1);
        return resolver.send(query);
    }

    private Message raw(Message query) throws IOException {
        return raw(query.toWire());
    }

    private Message raw(byte[] wire) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            return raw(wire, client);
        }
    }

    private static Message raw(byte[] wire, Socket client) throws IOException {
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        out.writeShort(wire.length);
        out.write(wire);
        DataInputStream in = new DataInputStream(client.getInputStream());
        return new Message(in.readNBytes(in.readUnsignedShort()));
    }

    @Test
    void our_own_resolver_finds_the_way_to_the_domain() {
        Resolver resolver = new Resolver(
                Servers.of(new String[] {"127.0.0.1:" + door.port()}, Duration.ofSeconds(5)),
                10,
                System::nanoTime,
                new Random(1));
        assertThat(resolver.mx("example.test").records()).containsExactly(new Mx(10, "mail.example.test"));
        assertThat(resolver.addresses("mail.example.test").records()).hasSize(2);
        assertThat(resolver.mx("nobody.example.test").status()).isEqualTo(Status.NO_SUCH_NAME);
    }

    @ParameterizedTest
    @CsvSource({
        "mail.example.test.,       A,     NOERROR,  127.0.0.2",
        "MAIL.Example.Test.,       A,     NOERROR,  127.0.0.2",
        "alias.example.test.,      A,     NOERROR,  127.0.0.2",
        "anything.wild.example.test., A,  NOERROR,  127.0.0.3",
        "any.alias.example.test.,  A,     NOERROR,  127.0.0.2",
        "deep.example.test.,       A,     NOERROR,  127.0.0.5",
        "mail.example.test.,       MX,    NOERROR,  ''",
        "nobody.example.test.,     A,     NXDOMAIN, ''",
        "example.invalid.,         A,     REFUSED,  ''",
        "circle.example.test.,     A,     NOERROR,  ''",
        "far.example.test.,        A,     NOERROR,  ''"
    })
    void what_a_zone_says(String name, String type, String code, String last) throws IOException {
        Message answer = ask(name, Type.value(type));
        assertThat(Rcode.string(answer.getRcode())).isEqualTo(code);
        List<Record> records = answer.getSection(Section.ANSWER);
        String value = records.isEmpty() ? "" : records.get(records.size() - 1).rdataToString();
        if (!last.isEmpty()) assertThat(value).isEqualTo(last);
        else assertThat(records).allMatch(r -> r.getType() == Type.CNAME);
    }

    @Test
    void an_exchanger_comes_with_its_addresses_and_a_no_with_its_soa() throws IOException {
        Message mx = ask("example.test.", Type.MX);
        assertThat(mx.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(mx.getHeader().getFlag(Flags.RA)).isFalse();
        assertThat(mx.getSection(Section.ADDITIONAL)).hasSize(2);
        List<Record> no = ask("nobody.example.test.", Type.A).getSection(Section.AUTHORITY);
        assertThat(no).extracting(Record::getType).containsExactly(Type.SOA);
        assertThat(no.get(0).getTTL()).as("RFC 2308 3").isEqualTo(30);
    }

    @Test
    void who_asks_below_a_cut_is_sent_there() throws IOException {
        Message answer = ask("host.below.example.test.", Type.A);
        assertThat(answer.getHeader().getFlag(Flags.AA)).isFalse();
        assertThat(answer.getSection(Section.AUTHORITY))
                .extracting(Record::rdataToString)
                .containsExactly("ns.below.example.test.");
        assertThat(answer.getSection(Section.ADDITIONAL))
                .extracting(Record::rdataToString)
                .contains("127.0.0.4");
    }

    @Test
    void an_answer_that_has_no_room_in_a_packet_comes_whole_by_tcp() throws IOException {
        Message query = Message.newQuery(Record.newRecord(Name.fromString("long.example.test."), Type.TXT, DClass.IN));
        assertThat(send(query, false).getHeader().getFlag(Flags.TC)).isTrue();
        Message whole = send(query, true);
        assertThat(whole.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(whole.getSection(Section.ANSWER)).hasSize(1);
    }

    @Test
    void other_requests_are_refused_in_the_words_of_the_dns() throws IOException {
        Message update = Message.newQuery(Record.newRecord(Name.fromString("example.test."), Type.SOA, DClass.IN));
        update.getHeader().setOpcode(Opcode.NOTIFY);
        assertThat(send(update, false).getRcode()).isEqualTo(Rcode.NOTIMP);
        Message chaos = Message.newQuery(Record.newRecord(Name.fromString("example.test."), Type.TXT, DClass.CHAOS));
        assertThat(send(chaos, false).getRcode()).isEqualTo(Rcode.REFUSED);
        Message all = Message.newQuery(Record.newRecord(Name.fromString("example.test."), Type.AXFR, DClass.IN));
        assertThat(raw(all).getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(raw(new Message(5)).getRcode()).isEqualTo(Rcode.FORMERR);
        Message later = Message.newQuery(Record.newRecord(Name.fromString("example.test."), Type.MX, DClass.IN));
        later.addRecord(new OPTRecord(1232, 0, 7), Section.ADDITIONAL);
        assertThat(raw(later).getRcode()).as("RFC 6891 6.1.3").isEqualTo(Rcode.BADVERS);
        later.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        assertThat(raw(later).getRcode()).as("RFC 6891 6.1.1").isEqualTo(Rcode.FORMERR);
    }

    @Test
    void noise_is_passed_over_and_the_next_question_answered() throws IOException {
        Random random = new Random(7);
        try (java.net.DatagramSocket noise = new java.net.DatagramSocket()) {
            for (int i = 0; i < 500; i++) {
                byte[] octets = new byte[random.nextInt(200)];
                random.nextBytes(octets);
                noise.send(new java.net.DatagramPacket(
                        octets, octets.length, InetAddress.getLoopbackAddress(), door.port()));
            }
        }
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            client.getOutputStream().write(new byte[] {0, 3, 1, 2, 3});
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        byte[] torn = new byte[20];
        torn[5] = 1;
        torn[12] = 63;
        assertThat(raw(torn).getRcode()).isEqualTo(Rcode.FORMERR);
        assertThat(ask("mail.example.test.", Type.A).getSection(Section.ANSWER)).hasSize(1);
    }

    @Test
    void its_ports_are_free_and_its_threads_gone_when_it_is_closed() throws Exception {
        try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            // An answer tells that it is taken: one that still waits for that would be reset.
            raw(new Message(5).toWire(), idle);
            door.close();
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
        }
        new ZoneDoor(Zones.of(List.of(example)), new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()))
                .close();
        for (Thread thread : Thread.getAllStackTraces().keySet())
            if (thread.getName().startsWith("dns-zones")) thread.join(5000);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(n -> n.startsWith("dns-zones"));
    }

    @Test
    void a_file_that_is_no_zone_is_told_with_its_name() throws IOException {
        Path none = Files.writeString(folder.resolve("none.zone"), "example.test. 60 IN A 127.0.0.1\n");
        assertThatThrownBy(() -> Zones.read(none)).isInstanceOf(IOException.class);
        for (String odd : List.of(
                "x IN RRSIG A 99 2 3 foo",
                "other.test. IN A 127.0.0.1",
                "d IN DNAME other.test.",
                "$GENERATE 1-9 h$ A 127.0.0.$")) {
            Path file = Files.writeString(folder.resolve("odd.zone"), EXAMPLE + odd + "\n");
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Zones.read(file)))
                    .as(odd)
                    .isInstanceOf(IOException.class);
        }
        List<Problem> problems = new DnsCheck()
                .check(Map.of("zones", new String[] {example.toString(), none.toString()}, "zonesAt", "nowhere"));
        assertThat(problems).extracting(Problem::key).containsExactly("zonesAt", "zones");
        assertThat(problems.get(1).value()).isEqualTo(none.toString());
    }
}
