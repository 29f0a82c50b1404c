package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Calls;

/** Email/locate of urn:posthorn:imap. */
class EmailLocateTest {

    private static final Instant NOON = Instant.parse("2018-06-27T12:00:00Z");

    private final MemoryMail mail = new MemoryMail("INBOX", "Trash");
    private Calls calls;

    /** The first is in both mailboxes, under other UIDs; the third is deleted. */
    @BeforeEach
    void fill(@TempDir Path folder) throws IOException {
        calls = new Calls(mail, Address.of("alice@example.org"), folder);
        mail.add("Trash", "Subject: old||x|", NOON);
        mail.add("INBOX", "Subject: one||x|", NOON);
        mail.add("INBOX", "Subject: two||x|", NOON);
        mail.add("INBOX", "Subject: three||x|", NOON, "\\Deleted");
        mail.boxes.get("INBOX").copy(org.posthorn.api.mailbox.UidSet.of(1), mail.boxes.get("Trash"));
    }

    private String located(String arguments) throws IOException {
        var answer = calls.one("Email/locate", arguments.replace('\'', '"'));
        if (answer.has("type")) return answer.get("type").textValue();
        StringBuilder told = new StringBuilder();
        answer.get("list")
                .forEach(place -> told.append(place.get("emailId").textValue().substring(16))
                        .append(place.get("mailboxId").textValue().charAt(1))
                        .append(place.get("uid").longValue())
                        .append(' '));
        return told + answer.get("notFound").toString().replace("\"", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'mailboxId':'FINBOX','uids':[2,1]~2I1 3I2 []",
                "'mailboxId':'FTrash','uids':[1,2,9]~1T1 2T2 [9]",
                "'mailboxId':'FINBOX','uids':[3]~[3]",
                "'mailboxId':'Fnone','uids':[1]~[1]",
                "'mailboxId':'FINBOX','uids':[]~[]",
                "'ids':['M0000000000000002']~2I1 2T2 []",
                "'ids':['M0000000000000002','M0000000000000003'],'mailboxId':'FTrash'~2T2 [M0000000000000003]",
                "'ids':['M0000000000000004','nonsense']~[M0000000000000004,nonsense]"
            })
    void uids_and_emails_lead_to_each_other(String arguments, String told) throws IOException {
        assertThat(located(arguments)).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'uids':[1]",
                "'mailboxId':'FINBOX'",
                "'ids':[],'mailboxId':'FINBOX','uids':[]",
                "'mailboxId':'FINBOX','uids':[0]",
                "'mailboxId':'FINBOX','uids':[4294967296]",
                "'mailboxId':'FINBOX','uids':['1']",
                "'ids':[],'more':1"
            })
    void anything_else_is_refused(String arguments) throws IOException {
        assertThat(located(arguments)).isEqualTo("invalidArguments");
    }

    @Test
    void not_more_than_of_other_objects_at_a_time() throws IOException {
        String ids = "'x',".repeat(500) + "'x'";
        assertThat(located("'ids':[" + ids + "]")).isEqualTo("requestTooLarge");
    }
}
