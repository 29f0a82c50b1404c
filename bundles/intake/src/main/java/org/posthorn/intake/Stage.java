package org.posthorn.intake;

/** When filters are asked in one go: behind MAIL of client and sender, behind each RCPT, and behind the data. */
enum Stage {
    MAIL,
    RECIPIENT,
    MESSAGE;

    /** The one at which a filter is asked at that moment. */
    static Stage of(Moment moment) {
        return switch (moment) {
            case CLIENT, SENDER -> MAIL;
            case RECIPIENT -> RECIPIENT;
            case MESSAGE -> MESSAGE;
        };
    }
}
