package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainSubjectTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "plain~plain~false",
                "  a \t b  ~a b~false",
                "Re: a~a~true",
                "RE : FW:fwd:  a~a~true",
                "Re[2]: a~a~true",
                "re [x] : a~a~true",
                "[list] a~a~false",
                "[list] Re: a~a~true",
                "Re: [list] a~a~true",
                "[a][b] Re: [c] Fwd: d~d~true",
                "[alone]~[alone]~false",
                "[one] [two]~[two]~false",
                "a (fwd)~a~true",
                "a (FWD) (fwd) ~a~true",
                "[fwd: a]~a~true",
                "[Fwd: Re: [list] a (fwd)] ~a~true",
                "[fwd: a~[fwd: a~false",
                "Re:~''~true",
                "Reply: a~Reply: a~false",
                "Re a~Re a~false",
                "AW: a~AW: a~false",
                "[a[b] c~[a[b] c~false",
                "[]a~a~false",
                "''~''~false"
            })
    void what_mail_programs_put_around_it_goes(String subject, String base, boolean answering) {
        assertThat(PlainSubject.of(subject)).isEqualTo(new PlainSubject(base, answering));
    }

    @Test
    void any_subject_has_a_base() {
        for (String part : new String[] {"[", "]", "[a]", "re:", "[fwd:", " ", "(fwd)", "fw [", ":"})
            assertThat(PlainSubject.of(part.repeat(10_000)).text().length()).isLessThanOrEqualTo(500);
    }
}
