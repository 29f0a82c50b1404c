package org.posthorn.filter.size;

import java.io.IOException;
import java.io.InputStream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Reply;

/** Refuses mail that is too large, as a whole or in its header. */
@Component(property = "name=size", configurationPid = "org.posthorn.filter.size")
@Designate(ocd = SizeFilter.Config.class)
public final class SizeFilter implements MailFilter {

    /** The settings. */
    @ObjectClassDefinition(name = "Size filter")
    public @interface Config {

        @AttributeDefinition(description = "The largest mail that is taken, in MiB", min = "1", max = "1048576")
        int max() default 150;

        @AttributeDefinition(description = "The largest header that is taken, in KiB", min = "1", max = "1024")
        int maxHeader() default 256;
    }

    private volatile long max;
    private volatile long maxHeader;

    @Activate
    @Modified
    void limits(Config config) {
        max = config.max() * 1024L * 1024;
        maxHeader = config.maxHeader() * 1024L;
    }

    @Override
    public Verdict message(Mail mail) throws IOException {
        if (mail.message().size() > max)
            return new Verdict.Refuse(new Reply(552, "5.3.4", "The mail is larger than " + max + " octets"));
        if (headerLongerThan(maxHeader, mail.message()))
            return new Verdict.Refuse(new Reply(552, "5.3.4", "The header is larger than " + maxHeader + " octets"));
        return Verdict.PASS;
    }

    /** Reads no more than that, whatever the size of the mail. */
    private static boolean headerLongerThan(long most, Message message) throws IOException {
        if (message.size() <= most) return false;
        byte[] some = new byte[8192];
        long seen = 0;
        int last = 0;
        try (InputStream in = message.open()) {
            for (int got = in.read(some); got >= 0; got = in.read(some))
                for (int i = 0; i < got; i++) {
                    if (++seen > most) return true;
                    // An empty line ends the header: a line end behind a line end, CRs aside.
                    if (some[i] == '\n' && last == '\n') return false;
                    if (some[i] != '\r') last = some[i];
                }
        }
        return false;
    }
}
