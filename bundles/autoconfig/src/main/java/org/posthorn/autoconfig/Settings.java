package org.posthorn.autoconfig;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * What the settings say.
 *
 * @param host empty: as the server calls itself
 * @param displayName empty: the user's domain
 * @param ports {@link #AS_LISTENED}: the listener's; 0: the service is not told of
 */
record Settings(String host, String displayName, Map<Service, Integer> ports) {

    static final int AS_LISTENED = -1;

    @ObjectClassDefinition(
            name = "Client configuration",
            description = "What mail programs are told that look for this server by themselves.")
    @interface Config {
        @AttributeDefinition(
                description =
                        "The name by which clients reach this server; its certificate must have it. Empty: hostname of org.posthorn.smtp.cfg.")
        String host() default "";

        @AttributeDefinition(
                description =
                        "What people call this server, 60 characters at most. Empty: the domain of their address.")
        String displayName() default "";

        @AttributeDefinition(
                description = "Port of IMAP over TLS as clients reach it. -1: that of the listener; 0: not told of.",
                min = "-1",
                max = "65535")
        int imaps() default AS_LISTENED;

        @AttributeDefinition(description = "Port of IMAP with STARTTLS, likewise.", min = "-1", max = "65535")
        int imap() default AS_LISTENED;

        @AttributeDefinition(description = "Port of POP3 over TLS, likewise.", min = "-1", max = "65535")
        int pop3s() default AS_LISTENED;

        @AttributeDefinition(description = "Port of POP3 with STARTTLS, likewise.", min = "-1", max = "65535")
        int pop3() default AS_LISTENED;

        @AttributeDefinition(description = "Port of submission over TLS, likewise.", min = "-1", max = "65535")
        int submissions() default AS_LISTENED;

        @AttributeDefinition(description = "Port of submission with STARTTLS, likewise.", min = "-1", max = "65535")
        int submission() default AS_LISTENED;
    }

    static Settings of(Config config) {
        Map<Service, Integer> ports = new EnumMap<>(Service.class);
        ports.put(Service.IMAPS, config.imaps());
        ports.put(Service.IMAP, config.imap());
        ports.put(Service.POP3S, config.pop3s());
        ports.put(Service.POP3, config.pop3());
        ports.put(Service.SUBMISSIONS, config.submissions());
        ports.put(Service.SUBMISSION, config.submission());
        return new Settings(config.host().strip(), config.displayName().strip(), ports);
    }

    /** The port that clients are told; empty when the service is not told of. @param listened where it is listened for, by service */
    OptionalInt port(Service service, Map<Service, Integer> listened) {
        int said = ports.get(service);
        int port = said == AS_LISTENED ? listened.getOrDefault(service, 0) : said;
        return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }
}
