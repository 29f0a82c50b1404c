package org.posthorn.intake;

/**
 * What was decided about a filter in the shadow.
 *
 * @param share for how many of 10,000 mails it counts; 0 for none
 * @param why why it counts no more, when it fell back by itself; empty otherwise
 */
record Promotion(String filter, int share, String why) {

    static final int ALL = 10_000;

    /** Reads {@code 10%} or {@code 0.5 %}. @throws IllegalArgumentException when it is no share */
    static int share(String text) {
        String number =
                text.endsWith("%") ? text.substring(0, text.length() - 1).strip() : text;
        try {
            long share = Math.round(Double.parseDouble(number) * ALL / 100);
            if (share >= 1 && share <= ALL) return (int) share;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + " is no share of the mail: it is a percentage, as 10%", e);
        }
        throw new IllegalArgumentException(text + " is no share of the mail: from 0.01% to 100%");
    }

    /** As {@code 10 %}. */
    String percent() {
        return (share % 100 == 0 ? String.valueOf(share / 100) : String.valueOf(share / 100.0)) + " %";
    }
}
