package org.posthorn.imap.command;

import java.util.List;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.SyntaxFault;

/**
 * A page of results, RFC 9394 3.1.
 *
 * @param first the place of one end, counted from 1; from behind when negative
 * @param last of the other end, with the same sign
 */
record Partial(long first, long last) {

    /** {@code 1:100} or {@code -1:-100}. */
    static Partial parse(Arguments in) {
        boolean behind = in.pass('-');
        long first = place(in);
        in.expect(':');
        if (in.pass('-') != behind) throw new SyntaxFault("Both ends of a range count from the same side");
        long last = place(in);
        return behind ? new Partial(-first, -last) : new Partial(first, last);
    }

    private static long place(Arguments in) {
        long place = in.number();
        if (place == 0 || place > 0xFFFFFFFFL) throw new SyntaxFault("There is no such place");
        return place;
    }

    /** What of these lies on the page, in their order. */
    <T> List<T> of(List<T> all) {
        long near = Math.min(Math.abs(first), Math.abs(last));
        long far = Math.min(Math.max(Math.abs(first), Math.abs(last)), all.size());
        if (near > far) return List.of();
        return first > 0
                ? all.subList((int) near - 1, (int) far)
                : all.subList((int) (all.size() - far), (int) (all.size() - near + 1));
    }

    @Override
    public String toString() {
        return first + ":" + last;
    }
}
