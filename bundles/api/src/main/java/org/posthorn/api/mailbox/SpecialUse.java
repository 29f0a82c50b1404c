package org.posthorn.api.mailbox;

/** What a mailbox is for: RFC 6154 2, and {@code \Snoozed} and {@code \Scheduled} of RFC 9979. */
public enum SpecialUse {
    DRAFTS("Drafts"),
    SENT("Sent"),
    JUNK("Junk"),
    TRASH("Trash"),
    ARCHIVE("Archive"),
    SNOOZED("Snoozed"),
    SCHEDULED("Scheduled");

    private final String mailbox;

    SpecialUse(String mailbox) {
        this.mailbox = mailbox;
    }

    /** Whether each account has one from the start; else it is made when it is first needed. */
    public boolean fromStart() {
        return this != SNOOZED && this != SCHEDULED;
    }

    /** The name that the server gives the mailbox; also the attribute, without its backslash. */
    public String mailbox() {
        return mailbox;
    }
}
