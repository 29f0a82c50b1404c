package org.posthorn.api.shell;

/**
 * One command.
 *
 * @param name the verb behind the colon: {@code list}
 * @param usage what follows it, for people: {@code ADDRESS [PASSWORD] [--password-file FILE]}; may be empty
 * @param help what it does, in one sentence
 */
public record ShellCommand(String name, String usage, String help, Action action) {

    /** What a command does. */
    @FunctionalInterface
    public interface Action {

        /**
         * Does it.
         *
         * @return what is shown: a record as a list of its fields, a list of records as a table, a String as it is, {@code null} for nothing
         * @throws IllegalArgumentException when the command line is wrong or what it asks cannot be done; the message is shown and the exit
         *     code is 1
         */
        Object run(CommandLine line) throws Exception;
    }
}
