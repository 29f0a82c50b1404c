package org.posthorn.itests.browser;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Looks for what shuts people out who see, hear or move otherwise: axe-core on the page as it stands. The frames of mails are left out; they are others' writing. */
final class Axe {

    private static final String RUN = "const done = arguments[arguments.length - 1];"
            + "axe.run(document, { iframes: false, resultTypes: ['violations'] }).then(r => done(r.violations"
            + ".filter(v => ['serious', 'critical'].includes(v.impact))"
            + ".map(v => v.impact + ' ' + v.id + ': ' + v.help + '\\n' + v.nodes.map(n => '    ' + n.html + '\\n      ' + n.failureSummary).join('\\n'))))"
            + ".catch(e => done(['axe did not run: ' + e]));";

    private Axe() {}

    /** @return the serious and critical faults, each with the elements that have it */
    @SuppressWarnings("unchecked")
    static List<String> faults(Webmail webmail) throws IOException {
        try (InputStream in = Axe.class.getResourceAsStream("/axe.min.js")) {
            webmail.script(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        return (List<String>) webmail.async(RUN);
    }
}
