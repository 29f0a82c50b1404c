package org.posthorn.api.mailbox;

/** What a mailbox is for, RFC 6154 2. Each account has these from the start, under these names. */
public enum SpecialUse {
    DRAFTS("Drafts"),
    SENT("Sent"),
    JUNK("Junk"),
    TRASH("Trash"),
    ARCHIVE("Archive");

    private final String mailbox;

    SpecialUse(String mailbox) {
        this.mailbox = mailbox;
    }

    /** The name the mailbox has from the start; also the attribute, without its backslash. */
    public String mailbox() {
        return mailbox;
    }
}
