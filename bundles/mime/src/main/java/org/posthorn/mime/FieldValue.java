package org.posthorn.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A field with parameters, as Content-Type (RFC 2045 5.1) and Content-Disposition (RFC 2183 2) are.
 *
 * @param value what stands before the first semicolon, without comments
 * @param parameters in order; those that RFC 2231 3 cuts into pieces are joined, and still encoded when their name ends in an asterisk
 */
public record FieldValue(String value, List<Parameter> parameters) {

    /** More than so many are left out. */
    private static final int MOST = 200;

    private static final String SPECIALS = ";=\"(,";

    /** One of them. Characters stand for octets. */
    public record Parameter(String name, String value) {

        /** Whether RFC 2231 4 encodes it. */
        public boolean encoded() {
            return name.endsWith("*");
        }

        /** Its value in Unicode, if it is encoded. */
        public String decoded() {
            return Continuations.decode(value);
        }
    }

    public FieldValue {
        parameters = List.copyOf(parameters);
    }

    /** Reads what follows the colon; what makes no sense is left out. */
    public static FieldValue parse(String field) {
        FieldScanner in = new FieldScanner(field);
        String value = in.skip().word(";(");
        List<Parameter> parameters = new ArrayList<>();
        while (!in.atEnd() && parameters.size() < MOST) {
            in.skip().passTo(";");
            if (in.pass(';')) parameter(in).ifPresent(parameters::add);
        }
        return new FieldValue(value, Continuations.join(parameters));
    }

    private static Optional<Parameter> parameter(FieldScanner in) {
        String name = in.skip().word(SPECIALS);
        if (!in.skip().pass('=') || name.isEmpty()) return Optional.empty();
        String value = in.skip().peek() == '"' ? in.quoted() : in.word(";(\"");
        return value.isEmpty()
                ? Optional.empty()
                : Optional.of(new Parameter(name, value.replace("\r", "").replace("\n", "")));
    }

    /** The first parameter of that name as it stands, if there is one that is not encoded. */
    public Optional<String> parameter(String name) {
        return parameters.stream()
                .filter(p -> p.name().equalsIgnoreCase(name))
                .map(Parameter::value)
                .findFirst();
    }

    /** The parameter in Unicode: decoded where RFC 2231 4 encodes it, else by the encoded words that some put there. */
    public Optional<String> text(String name) {
        Optional<String> encoded = parameter(name + "*").map(Continuations::decode);
        return encoded.isPresent() ? encoded : parameter(name).map(EncodedWords::decode);
    }
}
