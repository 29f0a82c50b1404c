package org.posthorn.filter.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.mime.StoredMessage;

class ExampleFilterTest {

    private static Verdict verdict(String octets) throws IOException {
        ExampleFilter filter = new ExampleFilter();
        filter.settings(new ExampleFilter.Config() {
            @Override
            public String word() {
                return "Lottery";
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return ExampleFilter.Config.class;
            }
        });
        Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of());
        return filter.message(new Mail(
                MailId.next(), Instant.EPOCH, Origin.local("here.test"), envelope, StoredMessage.of(octets), false));
    }

    @Test
    void the_word_in_the_subject_is_refused() throws IOException {
        assertEquals(Verdict.refuse("Nobody here wants to read about lottery"), verdict("Subject: LOTTERY!\r\n\r\n"));
    }

    @Test
    void the_word_elsewhere_passes() throws IOException {
        assertEquals(Verdict.PASS, verdict("Subject: x\r\nX-Note: lottery\r\n\r\nlottery\r\n"));
    }
}
