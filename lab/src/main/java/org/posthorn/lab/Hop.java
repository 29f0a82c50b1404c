package org.posthorn.lab;

/** The stations between one user's mail program and another's, in the order in which a mail passes them. */
enum Hop {
    MUA("MUA", "alice's mail program", "Mail user agent: the program that a person writes mail with."),
    MSA("MSA", "submission at one.test", "Mail submission agent: takes mail from users who have logged in (RFC 6409)."),
    MTA(
            "MTA",
            "queue and routing at one.test",
            "Mail transfer agent: keeps the mail until another server has taken it."),
    DNS(
            "DNS",
            "who takes mail for two.test?",
            "The MX record of the recipient's domain names the server to go to (RFC 5321 5)."),
    MX("MTA", "the door of two.test", "The transfer agent of the other domain: SMTP from server to server (RFC 5321)."),
    MDA("MDA", "delivery at two.test", "Mail delivery agent: puts the mail into the recipient's mailbox."),
    MAILBOX("mailbox", "a file in a Maildir", "Where the mail lies until somebody deletes it."),
    IMAP("IMAP", "bob's mail program reads", "How a mail program looks into the mailbox (RFC 9051).");

    /** As a drawing in a course calls it. */
    final String title;

    final String place;
    final String meaning;

    Hop(String title, String place, String meaning) {
        this.title = title;
        this.place = place;
        this.meaning = meaning;
    }
}
