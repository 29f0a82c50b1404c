package org.posthorn.net;

import java.nio.ByteBuffer;
import org.posthorn.api.net.Received;
import org.posthorn.api.net.Sink;

/** Octets on their way to a sink. Buffers have an array. */
sealed interface Transfer {

    /** Takes what belongs to it. @return whether this was the end */
    boolean take(ByteBuffer in);

    Received received();

    /** So many octets. */
    final class Counted implements Transfer {
        private final Pour pour;
        private long left;
        private byte last = '\r';

        Counted(long octets, Sink sink) {
            this.pour = new Pour(octets, sink);
            this.left = octets;
        }

        @Override
        public boolean take(ByteBuffer in) {
            int n = (int) Math.min(left, in.remaining());
            int begin = in.arrayOffset() + in.position();
            lookForBareEnds(in.array(), begin, begin + n);
            pour.give(in.array(), begin, begin + n);
            in.position(in.position() + n);
            left -= n;
            return left == 0;
        }

        /** The octets before the first and behind the last are not known, so these two are given the benefit of the doubt. */
        private void lookForBareEnds(byte[] octets, int begin, int end) {
            boolean first = pour.octets() == 0;
            for (int i = begin; i < end; i++) {
                byte b = octets[i];
                boolean unknown = first && i == begin;
                if (!unknown && (b == '\n') != (last == '\r')) pour.bareLineEnd();
                last = b;
            }
        }

        @Override
        public Received received() {
            return pour.received();
        }
    }

    /** Lines up to the one with a single dot, RFC 5321 4.5.2. */
    final class Dotted implements Transfer {

        private enum At {
            LINE_START,
            DOT,
            DOT_CR,
            TEXT,
            CR
        }

        private static final byte[] CR = {'\r'};

        private final Pour pour;
        private At at = At.LINE_START;

        Dotted(long limit, Sink sink) {
            this.pour = new Pour(limit, sink);
        }

        @Override
        public boolean take(ByteBuffer in) {
            byte[] octets = in.array();
            int end = in.arrayOffset() + in.limit();
            int begin = in.arrayOffset() + in.position();
            int i = begin;
            while (i < end) {
                byte b = octets[i++];
                switch (at) {
                    case LINE_START -> {
                        if (b == '.') {
                            pour.give(octets, begin, i - 1);
                            begin = i;
                            at = At.DOT;
                        } else at = text(b);
                    }
                    case DOT -> at = b == '\r' ? At.DOT_CR : text(b);
                    case DOT_CR -> {
                        if (b == '\n') {
                            in.position(i - in.arrayOffset());
                            return true;
                        }
                        // The CR was no part of the end, so it is text; when it came with the octets before, it was
                        // held back.
                        if (begin == i - 1) pour.give(CR, 0, 1);
                        pour.bareLineEnd();
                        at = b == '\r' ? At.CR : At.TEXT;
                    }
                    case TEXT -> {
                        while (b != '\r' && b != '\n' && i < end) b = octets[i++];
                        at = text(b);
                    }
                    case CR -> at = text(b);
                }
            }
            pour.give(octets, begin, at == At.DOT_CR ? end - 1 : end);
            in.position(in.limit());
            return false;
        }

        private At text(byte b) {
            boolean afterCr = at == At.CR;
            if (afterCr != (b == '\n')) pour.bareLineEnd();
            if (b == '\r') return At.CR;
            return b == '\n' && afterCr ? At.LINE_START : At.TEXT;
        }

        @Override
        public Received received() {
            return pour.received();
        }
    }
}
