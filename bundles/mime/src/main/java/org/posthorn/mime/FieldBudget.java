package org.posthorn.mime;

import org.posthorn.api.mail.HeaderField;

/** How much field text the tree of one message may hold, so that thousands of parts with huge headers do not fill the memory. */
final class FieldBudget {

    private long left = 4L << 20;

    boolean grants(HeaderField field) {
        left -= field.value().length();
        return left >= 0;
    }
}
