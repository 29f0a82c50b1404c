package org.posthorn.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.posthorn.api.mail.HeaderField;

/** Gathers, line by line, those fields of a part's header that tell of its structure and envelope. */
final class HeaderFields {

    private static final Set<String> ENVELOPE =
            Set.of("date", "subject", "from", "sender", "reply-to", "to", "cc", "bcc", "in-reply-to", "message-id");

    /** A name that is longer, with the blanks behind it, is none of them. */
    static final int LONGEST_NAME = 40;

    private final FieldBudget budget;
    private final boolean withEnvelope;
    private final List<HeaderField> fields = new ArrayList<>();
    private final StringBuilder field = new StringBuilder();
    private int left = HeaderBlock.LONGEST;

    HeaderFields(FieldBudget budget, boolean withEnvelope) {
        this.budget = budget;
        this.withEnvelope = withEnvelope;
    }

    void line(String line) {
        if (line.charAt(0) != ' ' && line.charAt(0) != '\t') finish();
        left -= line.length();
        if (left > 0 && (field.length() > 0 || wanted(line))) field.append(line);
    }

    private boolean wanted(String line) {
        int colon = line.indexOf(':');
        if (colon < 0 || colon > LONGEST_NAME) return false;
        String name = line.substring(0, colon).stripTrailing().toLowerCase(Locale.ROOT);
        return name.startsWith("content-") || withEnvelope && ENVELOPE.contains(name);
    }

    private void finish() {
        if (field.length() > 0) HeaderBlock.field(field).filter(budget::grants).ifPresent(fields::add);
        field.setLength(0);
    }

    List<HeaderField> end() {
        finish();
        return fields;
    }
}
