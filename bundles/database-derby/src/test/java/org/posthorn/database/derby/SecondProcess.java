package org.posthorn.database.derby;

import java.io.IOException;
import java.nio.file.Path;

/** Tries the same database from a process of its own, and prints why it cannot. */
final class SecondProcess {

    private SecondProcess() {}

    public static void main(String[] arguments) {
        Path data = Path.of(arguments[0]);
        try (Derby derby = Derby.boot(data.resolve("database"), data.resolve("second.log"), 4)) {
            System.out.println("opened " + derby);
        } catch (IOException e) {
            System.out.println(e.getMessage());
        }
    }
}
