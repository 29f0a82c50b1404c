package org.posthorn.sasl;

import java.time.Duration;
import java.util.Base64;
import org.posthorn.api.users.Entrance;

/** How an exchange goes on. */
public sealed interface Step {

    /** To be sent to the client, whose response is awaited. */
    record Challenge(byte[] data) implements Step {

        /** The challenge as lines carry it. */
        public String base64() {
            return Base64.getEncoder().encodeToString(data);
        }
    }

    /** The client is who it says. @param entrance whose account it is, and by what */
    record Granted(Entrance entrance) implements Step {}

    /** It is not. @param pause how long the answer is to be held back */
    record Denied(Duration pause) implements Step {}

    /** Whether it is was not looked at, since too many logins failed before, or cannot be told now. @param pause how long the answer is to be held back */
    record PutOff(Duration pause) implements Step {}

    /** The response was none, or the client gave up with an asterisk. @param reason in words, for the reply */
    record Malformed(String reason) implements Step {}
}
