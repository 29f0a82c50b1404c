package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailAddressTest {

    private static String read(String field) {
        return MailAddress.list(field).stream()
                .map(a -> a.name() + "/" + a.route() + "/" + a.mailbox() + "/" + a.host())
                .collect(Collectors.joining(" | "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "joe@example.org ~ //joe/example.org",
                "Joe Q. Public <john.q.public@example.com> ~ Joe Q. Public//john.q.public/example.com",
                "\"Giant; \\\"Big\\\" Box\" <sysservices@example.net> ~ Giant; \"Big\" Box//sysservices/example.net",
                "jane@y (Jane C), b@c ~ Jane C//jane/y | //b/c",
                "Group:a@b, Ed <c@d>;, e@f ~ //Group/ | //a/b | Ed//c/d | /// | //e/f",
                "undisclosed-recipients:; ~ //undisclosed-recipients/ | ///",
                "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)> ~ Pete//pete/silly.test",
                "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example ~ Mary Smith/@node.test/mary/example.net | //jdoe/test.example",
                "<@r1,@r2:z@w> ~ /@r1,@r2/z/w",
                "\"q l\"@dom, x@[1.2.3.4] ~ //q l/dom | //x/[1.2.3.4]",
                "a . b @ c . d ~ //a.b/c.d",
                "Big Bug bb@bug.com ~ Big Bug//bb/bug.com",
                "nodomain ~ //nodomain/MISSING_DOMAIN",
                "a b c ~ a b c//MISSING_MAILBOX/MISSING_DOMAIN",
                "Foo <> ~ Foo//MISSING_MAILBOX/MISSING_DOMAIN",
                "<a@b ~ //a/b",
                "A <a@b> trailing, c@d ~ A//a/b | //c/d",
                "@c, a@ ~ //MISSING_MAILBOX/c | //a/MISSING_DOMAIN",
                "a@b, ;,, : ~ //a/b | //MISSING_MAILBOX/ | ///",
                "Unclosed: x@y, z@w ~ //Unclosed/ | //x/y | //z/w | ///",
                "Jörg <j@ö.de> ~ Jörg//j/ö.de"
            })
    void address_lists_are_read_as_they_come(String field, String read) {
        assertThat(read(field)).isEqualTo(read);
    }

    @Test
    void list_of_nothing_is_empty() {
        assertThat(MailAddress.list(" , ,\r\n ")).isEmpty();
        assertThat(MailAddress.list("")).isEmpty();
    }

    @Test
    void nested_comments_endless_groups_and_names_of_many_words_cost_no_more_than_their_length() {
        long begin = System.nanoTime();
        MailAddress.list("(".repeat(1_000_000));
        MailAddress.list("a:".repeat(500_000));
        MailAddress.list("<".repeat(500_000));
        MailAddress.list("\"".repeat(500_001));
        MailAddress.list("@".repeat(500_000));
        MailAddress.list("a ".repeat(500_000));
        assertThat(MailAddress.list("a@b,".repeat(200_000))).hasSize(10_000);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
}
