package org.posthorn.smtp;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Recipient;

/** What MAIL and RCPT are read with. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SmtpBenchmark {

    private final String sender = "FROM:<bounce-17@lists.example.org> SIZE=4096 BODY=8BITMIME";
    private final String recipient = "TO:<bob@example.net> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob+2Btag@example.net";

    /** A path with two parameters, and its address. */
    @Benchmark
    public Optional<Address> path() {
        return PathArgument.parse(sender, "FROM:").flatMap(PathArgument::address);
    }

    /** A recipient with its wishes for reports, RFC 3461. */
    @Benchmark
    public Recipient dsn() {
        PathArgument path = PathArgument.parse(recipient, "TO:").orElseThrow();
        RcptWishes wishes = new RcptWishes();
        if (wishes.read(path.parameters()).isPresent()) throw new IllegalStateException("refused");
        return wishes.recipient(path.address().orElseThrow());
    }
}
