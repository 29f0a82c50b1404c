package org.posthorn.mime;

import java.util.ArrayList;
import java.util.List;

/** Reads the URLs in angle brackets that the fields of mailing lists have, RFC 2369 2. */
public final class ListUrls {

    private ListUrls() {}

    /** All of them, without white space and comments; empty when it is no list of them. */
    public static List<String> all(String field) {
        List<String> found = new ArrayList<>();
        FieldScanner in = new FieldScanner(field.substring(0, Math.min(field.length(), HeaderBlock.LONGEST)));
        while (in.skip().pass('<')) {
            StringBuilder url = new StringBuilder();
            while (!in.atEnd() && in.peek() != '>') {
                char c = in.next();
                if (!FieldScanner.white(c)) url.append(c);
            }
            if (!in.pass('>')) return List.of();
            found.add(url.toString());
            // What stands between two of them has not come from a list's manager: 2 says to ignore the rest.
            if (!in.skip().pass(',')) break;
        }
        return found;
    }
}
