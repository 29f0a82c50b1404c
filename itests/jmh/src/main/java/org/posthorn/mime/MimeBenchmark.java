package org.posthorn.mime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.posthorn.api.mail.HeaderField;

/** What a message is read with: its header, its parts, its lists of addresses. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MimeBenchmark {

    private static final String HEADER = """
            Return-Path: <ann@example.org>
            Received: from mail.example.org (mail.example.org [192.0.2.1])
             by mx.example.net with ESMTPS id 17f3a2b4c5d for <bob@example.net>;
             Mon, 02 Nov 2026 10:00:00 +0000
            From: "Ann Example" <ann@example.org>
            To: Bob <bob@example.net>, carol@example.net, "Dan, the third" <dan@example.com>
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= and a subject that is folded
             over two lines
            Date: Mon, 02 Nov 2026 10:00:00 +0000
            Message-ID: <17f3a2b4c5d@example.org>
            MIME-Version: 1.0
            """;

    private static final String LINE = "A line of text as it stands in mail that people write to each other.\r\n";

    private final byte[] plain = message("Content-Type: text/plain; charset=utf-8\n", LINE.repeat(55));
    private final byte[] parts = message("Content-Type: multipart/mixed; boundary=\"outer\"\n", multipart());
    private final String addresses = "Bob <bob@example.net>, carol@example.net, \"Dan, the third\" <dan@example.com>,"
            + " friends: eve@example.org, Frank (the tall one) <frank@example.org>;";

    private static String multipart() {
        String text = "--inner\r\nContent-Type: text/plain\r\n\r\n" + LINE.repeat(20)
                + "--inner\r\nContent-Type: text/html\r\n\r\n" + LINE.repeat(20) + "--inner--\r\n";
        return "--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n" + text
                + "--outer\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + (("A".repeat(76) + "\r\n").repeat(500)) + "--outer--\r\n";
    }

    private static byte[] message(String type, String body) {
        return ((HEADER + type).replace("\n", "\r\n") + "\r\n" + body).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The fields of a header of twelve lines. */
    @Benchmark
    public List<HeaderField> headerBlock() throws IOException {
        return HeaderBlock.read(new ByteArrayInputStream(plain));
    }

    /** The structure of 4 KiB of text. */
    @Benchmark
    public Part structureOfText() throws IOException {
        return MimeParser.parse(new ByteArrayInputStream(plain));
    }

    /** The structure of 42 KiB: text in two forms and a file. */
    @Benchmark
    public Part structureOfParts() throws IOException {
        return MimeParser.parse(new ByteArrayInputStream(parts));
    }

    /** Five addresses, two of them in a group. */
    @Benchmark
    public List<MailAddress> addressList() {
        return new AddressListParser(addresses).parse();
    }
}
