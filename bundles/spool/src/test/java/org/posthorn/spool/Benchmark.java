package org.posthorn.spool;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Prints how many mails of 4 KiB a second are made safe. Arguments: folder, threads, seconds. */
final class Benchmark {

    private Benchmark() {}

    public static void main(String[] args) throws Exception {
        JournalSpool.Limits limits = new JournalSpool.Limits(64 << 20, 64 << 20, 0, 0);
        byte[] octets = new byte[4096];
        java.util.Arrays.fill(octets, (byte) 'x');
        try (JournalSpool spool = Mails.open(Path.of(args[0]), limits, UUID.randomUUID())) {
            for (int round = 0; round < 3; round++) {
                long before = spool.status().forces();
                long end = System.nanoTime() + Long.parseLong(args[2]) * 1_000_000_000;
                long[] counts = new long[Integer.parseInt(args[1])];
                Thread[] threads = new Thread[counts.length];
                for (int t = 0; t < threads.length; t++) {
                    int me = t;
                    threads[t] = new Thread(() -> {
                        try {
                            while (System.nanoTime() < end) {
                                var mail = Mails.commit(spool, octets, List.of(), "bob@example.test");
                                spool.settle(mail.id(), List.of(0));
                                counts[me]++;
                            }
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    });
                    threads[t].start();
                }
                for (Thread thread : threads) thread.join();
                long sum = java.util.Arrays.stream(counts).sum();
                System.out.printf(
                        "%d commits/s, %d forces/s, %s%n",
                        sum / Long.parseLong(args[2]),
                        (spool.status().forces() - before) / Long.parseLong(args[2]),
                        spool.status());
            }
        }
    }
}
