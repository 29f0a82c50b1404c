package org.posthorn.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The frames of the journal's records, of 4 KiB each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JournalBenchmark {

    private static final int RECORDS = 1000;

    private final byte[] mail = new byte[4096];
    private Path folder;
    private Segment segment;

    @Setup
    public void write() throws IOException {
        folder = Files.createTempDirectory("journal");
        segment = new Segment(folder, 1, 0x706F7374686F726EL);
        SegmentWriter writer = new SegmentWriter(segment);
        for (int i = 0; i < RECORDS; i++) {
            writer.add(Frame.around(ByteBuffer.wrap(mail)));
            writer.flush();
        }
        writer.close();
    }

    @TearDown
    public void delete() throws IOException {
        Files.delete(segment.path());
        Files.delete(folder);
    }

    /** Length and checksum in front of a record. */
    @Benchmark
    public ByteBuffer[] frame() {
        return Frame.around(ByteBuffer.wrap(mail));
    }

    /** A record found and checked, as at the start. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int read() throws IOException {
        try (FileChannel channel = FileChannel.open(segment.path(), StandardOpenOption.READ)) {
            SegmentReader reader = new SegmentReader(channel);
            int found = 0;
            while (reader.next()) found++;
            if (found != RECORDS) throw new IllegalStateException(found + " records");
            return found;
        }
    }
}
