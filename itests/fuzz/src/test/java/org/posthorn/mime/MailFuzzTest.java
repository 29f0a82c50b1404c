package org.posthorn.mime;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;

class MailFuzzTest {

    @FuzzTest
    @Timeout(60)
    void any_octets_are_a_mail(byte[] octets) throws IOException {
        HostileMailTest.read(octets);
    }
}
