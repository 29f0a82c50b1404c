package org.posthorn.imap.command;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.mime.Charsets;
import org.posthorn.sasl.SaslPrep;

/**
 * Whom a command names that is about rights, RFC 4314 3.
 *
 * @param octets as they came
 * @param prepared by SASLprep
 */
record Identifier(String octets, String prepared) {

    static Identifier read(Arguments in) {
        String octets = in.astring();
        String text = Charsets.decode(octets.getBytes(StandardCharsets.ISO_8859_1), "utf-8");
        Optional<String> prepared = SaslPrep.prepare(text).filter(p -> !p.isEmpty() && !p.equals("-"));
        return new Identifier(octets, prepared.orElseThrow(() -> new SyntaxFault("Nobody can have that name")));
    }
}
