package org.posthorn.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a client of the control channel asks for; {@code distribution/README.md} has the form.
 *
 * @param verb {@code EXEC 1} or {@code SHELL 1}
 */
record ControlRequest(String verb, Map<String, String> headers, String command) {

    /** Session variables of the Felix shell. */
    static final String JSON = "posthorn.json";

    static final String COLOUR = "posthorn.colour";

    private static final int LONGEST_LINE = 8 << 10;
    private static final int MOST_HEADERS = 32;
    private static final int LONGEST_COMMAND = 1 << 20;

    /** Reads it up to its end and no further. @throws IOException when it is not of the form */
    static ControlRequest read(InputStream in) throws IOException {
        String verb = line(in);
        Map<String, String> headers = new HashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            if (colon < 1 || headers.size() == MOST_HEADERS) throw new IOException("not a header: " + header);
            headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        return new ControlRequest(verb, headers, new String(in.readNBytes(length(headers)), StandardCharsets.UTF_8));
    }

    private static int length(Map<String, String> headers) throws IOException {
        String length = headers.getOrDefault("length", "0");
        if (!length.matches("\\d{1,7}") || Integer.parseInt(length) > LONGEST_COMMAND)
            throw new IOException("not a length: " + length);
        return Integer.parseInt(length);
    }

    static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() == LONGEST_LINE)
                throw new IOException("the request ends within a line, or a line is too long");
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    boolean is(String header) {
        return "true".equals(headers.get(header));
    }

    int number(String header, int otherwise) {
        String value = headers.getOrDefault(header, "");
        return value.matches("\\d{1,4}") ? Integer.parseInt(value) : otherwise;
    }
}
