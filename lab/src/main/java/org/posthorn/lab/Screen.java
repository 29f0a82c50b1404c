package org.posthorn.lab;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The picture on a terminal, drawn anew with each thing that happens; and the keys that are struck there. */
final class Screen implements Consumer<Happening>, Closeable {

    private static final String CLEAR = "\033[2J";
    private static final String TOP = "\033[H";
    private static final String CLEAR_LINE = "\033[K";
    private static final String HIDE_CURSOR = "\033[?25l";
    private static final String SHOW_CURSOR = "\033[?25h";

    private static final long LOOK_EVERY_NANOS = 1_000_000_000L;

    private final PrintStream out;
    private final Picture picture = new Picture();
    private final Optional<String> before;
    private String foot = "";
    private int[] size = {24, 80};
    private long looked = System.nanoTime() - LOOK_EVERY_NANOS;

    Screen(PrintStream out) {
        this.out = out;
        before = stty("-g");
        // Each key counts at once, and is not shown.
        stty("-icanon", "-echo");
        out.print(HIDE_CURSOR + CLEAR);
    }

    @Override
    public synchronized void accept(Happening one) {
        picture.add(one);
        draw();
    }

    /** Shows a line at the bottom. */
    synchronized void foot(String text) {
        foot = text;
        draw();
    }

    private void draw() {
        if (System.nanoTime() - looked >= LOOK_EVERY_NANOS) {
            stty("size").map(Screen::numbers).ifPresent(now -> size = now);
            looked = System.nanoTime();
        }
        StringBuilder all = new StringBuilder(TOP);
        List<String> lines = picture.draw(size[1], size[0], foot);
        // What a line leaves of the one before is cleared first: behind a full one that would be its own last column.
        for (int i = 0; i < lines.size() && i < size[0]; i++)
            all.append(i > 0 ? "\r\n" : "").append(CLEAR_LINE).append(lines.get(i));
        out.print(all);
        out.flush();
    }

    private static int[] numbers(String size) {
        String[] words = size.split(" ");
        int[] read = {Integer.parseInt(words[0]), Integer.parseInt(words[1])};
        // A terminal without a size says 0 0.
        return read[0] > 0 ? read : new int[] {24, 80};
    }

    @Override
    public synchronized void close() {
        before.ifPresent(state -> stty(state));
        out.print(SHOW_CURSOR + "\r\n");
        out.flush();
    }

    /** Whether there is one to draw on, as bin/posthorn has seen, and on which keys can be struck. */
    static boolean present() {
        return Boolean.getBoolean("posthorn.terminal") && keyboard();
    }

    /** Whether keys can be struck, wherever what is said goes. */
    static boolean keyboard() {
        return stty("-g").isPresent();
    }

    private static Optional<String> stty(String... args) {
        try {
            String[] command = new String[args.length + 1];
            command[0] = "stty";
            System.arraycopy(args, 0, command, 1, args.length);
            Process stty = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return stty.waitFor() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
