package org.posthorn.mailbox.mbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another program that locks by fcntl: a JVM of its own. */
final class OtherProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader said;

    private OtherProcess(Path file, String what) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = Path.of(OtherProcess.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        process = new ProcessBuilder(
                        java,
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes,
                        OtherProcess.class.getName(),
                        what,
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        said = process.inputReader();
    }

    /** Whether another process gets the lock now. */
    static boolean free(Path file) throws IOException {
        try (OtherProcess other = new OtherProcess(file, "try")) {
            return other.said.readLine().equals("free");
        }
    }

    /** Takes the lock and keeps it until it is closed. */
    static OtherProcess holding(Path file) throws IOException {
        OtherProcess other = new OtherProcess(file, "hold");
        if (!"held".equals(other.said.readLine())) throw new IOException("the other process has no lock");
        return other;
    }

    @Override
    public void close() throws IOException {
        process.outputWriter().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    public static void main(String[] args) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(Path.of(args[1]), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (args[0].equals("try")) System.out.println(lock == null ? "locked" : "free");
            else if (lock != null) {
                System.out.println("held");
                new BufferedReader(new InputStreamReader(System.in)).readLine();
            }
        }
    }
}
