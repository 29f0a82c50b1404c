package org.posthorn.api.mailbox;

import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Message;

/**
 * A mail for the shelf.
 *
 * @param mail as the spool has it
 * @param recipient the recipient's place in the mail's envelope, for the spool's notes; negative when the journal does not hold this copy, because
 *     the mail was deferred or the place has several targets: then it is forced before the call returns, and nothing is noted or settled
 * @param message what to shelve: the mail's, with Return-Path and Delivered-To in front
 * @param account whose
 * @param mailbox where; INBOX when it does not exist
 */
public record Delivery(Mail mail, int recipient, Message message, Address account, String mailbox, Flags flags) {}
