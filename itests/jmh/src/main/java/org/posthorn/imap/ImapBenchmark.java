package org.posthorn.imap;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What an IMAP command is read with. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ImapBenchmark {

    /** It is asked for its dialect alone. */
    private final Session session = new Session(null, null, null);

    private final String command = "a17 UID FETCH 1:100,205,300:* (FLAGS BODY.PEEK[HEADER.FIELDS (FROM TO)])";
    private final String words = "\"a quoted string\" an-atom {7}\r\nliteral 4294967295";
    private final String set = IntStream.range(0, 200)
            .mapToObj(n -> n % 2 == 0 ? String.valueOf(7 * n + 1) : 7 * n + ":" + (7 * n + 3))
            .collect(Collectors.joining(","));

    /** Tag, name and the place of the rest. */
    @Benchmark
    public Request command() {
        return Request.parse(command, List.of(), session);
    }

    /** Quoted string, atom, literal, number. */
    @Benchmark
    public long arguments() {
        Arguments in = new Arguments(words);
        int length = in.astring().length()
                + in.space().astring().length()
                + in.space().astring().length();
        return length + in.space().number();
    }

    /** Two hundred numbers and ranges. */
    @Benchmark
    public SequenceSet sequenceSet() {
        return SequenceSet.parse(set);
    }
}
