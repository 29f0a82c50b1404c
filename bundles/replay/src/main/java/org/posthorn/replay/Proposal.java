package org.posthorn.replay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;

/** A chain to be tried, and what was set up for it. */
final class Proposal implements AutoCloseable {

    private final Deque<Runnable> undo = new ArrayDeque<>();
    private List<String> chain;

    Proposal(List<String> chain) {
        this.chain = chain;
    }

    List<String> chain() {
        return chain;
    }

    void change(UnaryOperator<List<String>> how) {
        chain = how.apply(chain);
    }

    /** What is to be done when it is over; the last first. */
    void undo(Runnable work) {
        undo.push(work);
    }

    @Override
    public void close() {
        undo.forEach(Runnable::run);
    }
}
