package org.posthorn.mime;

import java.util.List;

/**
 * An entry of an address list as a header has it, RFC 5322 3.4; raw: encoded words are not decoded, characters stand for octets. A group begins
 * with an entry whose mailbox is its name and whose host is empty, and ends with one of which both are empty, as RFC 3501 7.4.2 has it.
 *
 * @param name the display name, or the comment behind the address; may be empty
 * @param route the source route of RFC 822, {@code @a,@b}; may be empty
 */
public record MailAddress(String name, String route, String mailbox, String host) {

    /** What stands for a part that is not there: neither may be empty, which means a group. */
    public static final String NO_MAILBOX = "MISSING_MAILBOX";

    /** As {@link #NO_MAILBOX}, for the part behind the at sign. */
    public static final String NO_HOST = "MISSING_DOMAIN";

    static final MailAddress GROUP_END = new MailAddress("", "", "", "");

    static MailAddress group(String name) {
        return new MailAddress("", "", name, "");
    }

    /** The entries of a field's value; at most 10,000. Whatever stands there, something is made of it. */
    public static List<MailAddress> list(String field) {
        return new AddressListParser(field).parse();
    }
}
