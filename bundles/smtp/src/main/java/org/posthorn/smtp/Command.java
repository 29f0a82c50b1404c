package org.posthorn.smtp;

/** A command of the table. */
@FunctionalInterface
interface Command {

    /** @param argument what follows the verb, without white space around it */
    void run(Session session, String argument);
}
