package org.posthorn.lab;

import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;

/** A line for each thing that happens. */
final class PlainLog implements Consumer<Happening> {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private final PrintStream out;

    PlainLog(PrintStream out) {
        this.out = out;
    }

    @Override
    public void accept(Happening one) {
        out.println(TIME.format(one.at()) + " " + text(one));
    }

    private static String text(Happening one) {
        if (one instanceof Happening.Said said)
            return String.format("%-8s %s: %s", said.hop().title, said.from(), said.text());
        if (one instanceof Happening.Passed passed)
            return String.format("%-8s done: %s", passed.hop().title, passed.note());
        return String.format("%-8s ==== %s", one.hop().title, one.hop().place);
    }
}
