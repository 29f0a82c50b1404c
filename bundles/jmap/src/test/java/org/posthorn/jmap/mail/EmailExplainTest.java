package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.events.MailStories;
import org.posthorn.api.events.SentTo;
import org.posthorn.api.events.StoryStep;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.jmap.Calls;

/** Email/explain of {@code urn:posthorn:explain}. */
@Timeout(60)
class EmailExplainTest implements MailStories {

    private static final Instant NOON = Instant.parse("2018-06-27T12:00:00Z");
    private static final Address ALICE = Address.of("alice@example.org");
    private static final String ID = "001K1E2D7R59D";
    private static final String RECEIVED =
            "Received: from client.example ([192.0.2.7])|\tby mx.example.org with ESMTPS|\tid " + ID
                    + " for <alice@example.org>;|\tWed, 27 Jun 2018 12:00:00 +0000|";

    private final MemoryMail mail = new MemoryMail("INBOX", "Trash");
    private Calls calls;
    private boolean broken;

    @BeforeEach
    void begin(@TempDir Path folder) {
        calls = new Calls(mail, ALICE, folder);
        calls.stories.add(this, Map.of());
    }

    @Override
    public Optional<List<StoryStep>> delivered(Address account, MailId id) throws IOException {
        if (broken) throw new IOException("the database is away");
        return account.equals(ALICE) && id.text().equals(ID)
                ? Optional.of(List.of(new StoryStep(NOON, "begun", "client", "came from 192.0.2.7")))
                : Optional.empty();
    }

    @Override
    public Optional<List<SentTo>> sent(Address account, MailId id) {
        throw new UnsupportedOperationException();
    }

    private JsonNode explain(long number) throws IOException {
        return calls.one("Email/explain", "\"emailId\":\"M%016x\"".formatted(number));
    }

    private void add(String text) throws IOException {
        mail.add("INBOX", text, NOON);
    }

    @Test
    void a_mail_tells_how_it_came_here() throws IOException {
        add("Return-Path: <b@x>|" + RECEIVED + "From: b@x|Subject: Plan||words|");
        JsonNode told = explain(1);
        assertThat(told.get("emailId").textValue()).isEqualTo("M0000000000000001");
        assertThat(told.get("mailId").textValue()).isEqualTo(ID);
        assertThat(told.get("story").toString())
                .isEqualTo("[{\"at\":\"2018-06-27T12:00:00Z\",\"what\":\"begun\",\"by\":\"client\","
                        + "\"words\":\"came from 192.0.2.7\"}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: b@x||a draft|",
                "Received: by x with ESMTP id 001K1E2D7R59E; Wed, 27 Jun 2018 12:00:00 +0000||of somebody else|",
                "Received: by x id 9ZZZZZZZZZZZZ; x||no id|",
                "Received: by x id  ; x||none|",
                "Received: from y by x with ESMTP id 4711; x|" + RECEIVED + "|came through another server since|",
            })
    void a_mail_that_came_another_way_has_no_story(String text) throws IOException {
        add(text);
        assertThat(explain(1).get("story").isNull()).isTrue();
        assertThat(explain(1).get("mailId").isNull()).isTrue();
    }

    @Test
    void a_field_of_any_length_is_read_fast() throws IOException {
        add("Received: by x" + " id 0".repeat(200_000) + "||long|");
        assertThat(explain(1).get("story").isNull()).isTrue();
    }

    @Test
    void there_is_an_email_or_there_is_none() throws IOException {
        assertThat(explain(7).get("type").textValue()).isEqualTo("notFound");
        assertThat(calls.one("Email/explain", "").get("type").textValue()).isEqualTo("invalidArguments");
        assertThat(calls.one("Email/explain", "\"emailId\":\"x\",\"more\":1")
                        .get("type")
                        .textValue())
                .isEqualTo("invalidArguments");
        assertThat(calls.all("[\"Email/explain\",{\"accountId\":\"Aother\",\"emailId\":\"M1\"},\"0\"]")
                        .at("/0/1/type")
                        .textValue())
                .isEqualTo("accountNotFound");
    }

    @Test
    void while_stories_cannot_be_told_the_call_fails() throws IOException {
        add(RECEIVED + "|words|");
        broken = true;
        assertThat(explain(1).get("type").textValue()).isEqualTo("serverFail");
    }

    @Test
    void without_who_tells_stories_it_is_for_later(@TempDir Path folder) throws IOException {
        calls = new Calls(mail, ALICE, folder);
        add(RECEIVED + "|words|");
        assertThat(explain(1).get("type").textValue()).isEqualTo("serverUnavailable");
    }
}
