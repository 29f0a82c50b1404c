package org.posthorn.mime;

import java.util.Locale;

/** The fields of message/delivery-status: a group for the mail, and one for each recipient, RFC 3464 2.1. */
final class StatusFields {

    /** No server says anything worth reading beyond this, and RFC 5322 2.1.1 allows lines of 998 octets. */
    private static final int LONGEST = 900;

    private StatusFields() {}

    static String of(DeliveryReport report) {
        boolean wide = report.international();
        StringBuilder fields = new StringBuilder();
        add(fields, "Reporting-MTA", "dns; " + line(report.server(), wide));
        report.envelopeId().ifPresent(id -> add(fields, "Original-Envelope-Id", line(id, wide)));
        // RFC 4865: why it did not go when it came.
        report.futureRelease().ifPresent(wish -> add(fields, "Future-Release-Request", line(wish, wide)));
        add(fields, "Arrival-Date", DeliveryReport.date(report.arrived()));
        for (DeliveryReport.Fate fate : report.fates()) {
            fields.append("\r\n");
            recipient(fields, fate, report, wide);
        }
        return fields.toString();
    }

    private static void recipient(StringBuilder fields, DeliveryReport.Fate fate, DeliveryReport report, boolean wide) {
        fate.original()
                .ifPresent(o -> add(fields, "Original-Recipient", line(o, wide).replaceFirst(";\\s*", "; ")));
        String type = fate.recipient().international() ? "utf-8" : "rfc822";
        add(fields, "Final-Recipient", type + "; " + line(fate.recipient().toString(), wide));
        add(fields, "Action", fate.action().name().toLowerCase(Locale.ROOT));
        add(fields, "Status", fate.status());
        // A transport may name the host with its address: host[192.0.2.1]:25. RFC 3464 2.3.5 wants the host.
        String host = fate.host().replaceFirst("(?<=.)\\[.*", "");
        if (!host.isEmpty()) add(fields, "Remote-MTA", "dns; " + line(host, wide));
        // RFC 3464 2.3.6: the type says whose words they are; smtp is for what an SMTP server answered.
        String words = fate.host().isEmpty() ? "x-posthorn; " : "smtp; ";
        if (!fate.reply().isEmpty()) add(fields, "Diagnostic-Code", words + line(fate.reply(), wide));
        add(fields, "Last-Attempt-Date", DeliveryReport.date(report.made()));
        fate.retryUntil().ifPresent(until -> add(fields, "Will-Retry-Until", DeliveryReport.date(until)));
    }

    private static void add(StringBuilder fields, String name, String value) {
        fields.append(name).append(": ").append(value).append("\r\n");
    }

    /** The text on one line of at most {@link #LONGEST}; what remote servers say may hold anything. */
    static String line(String text, boolean wide) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> {
            boolean fits = c >= ' ' && c != 127 && (c < 127 || wide && !Character.isISOControl(c));
            line.appendCodePoint(fits ? c : c < ' ' ? ' ' : '?');
        });
        return line.toString();
    }
}
