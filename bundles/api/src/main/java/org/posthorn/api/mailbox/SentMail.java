package org.posthorn.api.mailbox;

import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;

/**
 * A mail that a user has handed in, RFC 6409.
 *
 * @param account whose login it was, whatever sender the envelope names
 * @param mail as it goes out; its message can be read until the call that was given this returns; when that takes so long that nobody waits for it, reading fails when the mail is gone
 * @param dated whether its Date is the client's; else this server added it, and a copy that the client keeps has none
 * @param identified whether its Message-ID is the client's, likewise
 */
public record SentMail(Address account, Mail mail, boolean dated, boolean identified) {}
