package org.posthorn.users.file;

/** Is told of lines that cannot be read. */
@FunctionalInterface
interface Broken {

    /** @param number from 1 on */
    void line(int number, String why);
}
