package org.posthorn.api.mail;

/**
 * One field of a message's header, RFC 5322 2.2. Characters stand for octets (ISO-8859-1), so that nothing is lost in a header
 * that is not what it should be.
 *
 * @param name the name as written, without the colon
 * @param value what follows the colon, folds (CRLF and white space) included, without the final CRLF
 */
public record HeaderField(String name, String value) {

    /** Whether this is the field of that name; case does not count. */
    public boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }

    /** The same as a field that ends nowhere but at its end, whoever wrote it: line ends that are no folds become spaces. */
    public HeaderField sound() {
        return new HeaderField(
                name.replaceAll("[^!-9;-~]", "-"),
                value.replaceAll("\\r\\n(?![ \\t])|\\r(?!\\n)|(?<!\\r)\\n|\\x00", " "));
    }

    /** The value on one line: CRLFs of folds taken out, white space around it taken off (RFC 5322 2.2.3). */
    public String unfolded() {
        return value.replace("\r\n", "").replace("\n", "").strip();
    }

    /** The field as it stands in a message, with its CRLF. */
    @Override
    public String toString() {
        return name + ":" + value + "\r\n";
    }
}
