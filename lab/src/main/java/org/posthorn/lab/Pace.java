package org.posthorn.lab;

/** How fast the mail may travel. */
interface Pace {

    /** Returns when the mail may go on from there; on the thread that carries it. */
    void before(Hop hop) throws InterruptedException;

    /** As fast as it goes. */
    Pace FULL = hop -> {};

    /** Slow enough for eyes to follow. */
    Pace WALK = hop -> Thread.sleep(700);
}
