package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Sending: at once, taken back, later; what is forgotten is asked about. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SendIT {

    private final Webmail webmail;
    private Jmap sender;
    private Jmap receiver;

    SendIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void login() throws Exception {
        String user = webmail.server().user("sender");
        sender = new Jmap(webmail.server(), user);
        receiver = new Jmap(webmail.server(), webmail.server().user("receiver"));
        webmail.login(user);
    }

    @BeforeEach
    void compose() {
        webmail.dismissNotices();
        webmail.see("compose").click();
        webmail.see("compose-window");
        webmail.see("compose-to").sendKeys("receiver@one.test,");
    }

    private void write(String subject, String text) {
        webmail.see("compose-subject").sendKeys(subject);
        webmail.see("compose-body").sendKeys(text);
    }

    /** A mail that waits, and is shown. @return its id */
    private String scheduled(String subject) {
        write(subject, "It can wait");
        webmail.see("send-later").click();
        webmail.see(By.xpath("//button[text()='Schedule']")).click();
        webmail.text("Will be sent");
        String id = find(sender, "scheduled", subject).path("id").asText();
        webmail.script("location.hash = '#/Scheduled'");
        webmail.see(By.xpath("//*[@role='row']//*[text()='" + subject + "']")).click();
        return id;
    }

    /** The next so many answers to calls that begin so do not come. */
    private void loseAnswers(int count, String calls) {
        webmail.script(
                "const real = window.fetch; let [lost, calls] = arguments;"
                        + "window.fetch = async (url, options) => {"
                        + " const answer = await real(url, options);"
                        + " if (lost > 0 && String(options?.body).includes(calls)) { lost--; throw new TypeError('Failed to fetch'); }"
                        + " return answer; };",
                count,
                calls);
    }

    private JsonNode find(Jmap whose, String role, String subject) {
        return webmail.until("finds " + subject + " in " + role, d -> {
            try {
                for (JsonNode mail : whose.mails(role))
                    if (mail.path("subject").asText().equals(subject)) return mail;
                return null;
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private boolean has(Jmap whose, String role, String subject) throws Exception {
        return whose.mails(role).findValuesAsText("subject").contains(subject);
    }

    @Test
    void a_mail_is_sent_stands_in_sent_once_and_arrives() throws Exception {
        write("Hello there", "How are you?");
        webmail.picture("before-sending");
        webmail.see("send").click();
        webmail.text("Sent.");
        webmail.picture("sent");
        assertThat(find(sender, "sent", "Hello there").path("keywords").has("$draft"))
                .isFalse();
        assertThat(has(sender, "drafts", "Hello there")).isFalse();
        assertThat(Jmap.text(find(receiver, "inbox", "Hello there"))).contains("How are you?");
        long copies = sender.mails("sent").findValuesAsText("subject").stream()
                .filter("Hello there"::equals)
                .count();
        assertThat(copies).isEqualTo(1);
    }

    @Test
    void undo_brings_the_mail_back_into_the_window() throws Exception {
        write("Too fast", "Wait a moment");
        webmail.see("compose-body").sendKeys(Keys.chord(Keys.CONTROL, Keys.ENTER));
        webmail.text("Sent.");
        webmail.see(By.cssSelector(".toast:last-child .toast-action")).click();
        webmail.see("compose-window");
        assertThat(webmail.see("compose-subject").getAttribute("value")).isEqualTo("Too fast");
        webmail.picture("undone");
        assertThat(find(sender, "drafts", "Too fast").path("keywords").has("$draft"))
                .isTrue();
        assertThat(has(receiver, "inbox", "Too fast")).isFalse();
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }

    @Test
    void a_mail_for_later_is_listed_and_can_be_called_off() throws Exception {
        write("For tomorrow", "In the morning");
        webmail.see("send-later").click();
        webmail.see("later-time");
        webmail.picture("later");
        webmail.see(By.xpath("//button[text()='Schedule']")).click();
        webmail.text("Will be sent");
        find(sender, "scheduled", "For tomorrow");
        assertThat(has(sender, "sent", "For tomorrow")).isFalse();
        webmail.offer().click();
        webmail.see("scheduled-list");
        webmail.text("For tomorrow");
        webmail.picture("scheduled");
        webmail.see("scheduled-cancel").click();
        webmail.see("compose-window");
        assertThat(webmail.see("compose-subject").getAttribute("value")).isEqualTo("For tomorrow");
        assertThat(has(sender, "scheduled", "For tomorrow")).isFalse();
        assertThat(has(receiver, "inbox", "For tomorrow")).isFalse();
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }

    @Test
    void a_mail_in_scheduled_says_when_it_goes_and_can_be_kept_back() throws Exception {
        write("At eight", "Or never");
        webmail.see("send-later").click();
        webmail.see(By.xpath("//button[text()='Schedule']")).click();
        webmail.text("Will be sent");
        webmail.script("location.hash = '#/Scheduled'");
        webmail.see(By.xpath("//*[@role='row' and .//*[text()='At eight']]//time[starts-with(@title, 'Will be sent')]"))
                .click();
        webmail.see("scheduled-keep");
        assertThat(webmail.see("scheduled-note").getText())
                .contains("will be sent")
                .contains("8:00");
        webmail.picture("scheduled-message");
        assertThat(Axe.faults(webmail)).isEmpty();
        webmail.see("download.mail");
        assertThat(webmail.all(By.cssSelector("[data-testid=why]"))).isEmpty();
        webmail.see("scheduled-keep").click();
        webmail.see("compose-window");
        assertThat(webmail.see("compose-subject").getAttribute("value")).isEqualTo("At eight");
        webmail.gone("scheduled-note");
        assertThat(has(sender, "scheduled", "At eight")).isFalse();
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
        webmail.script("location.hash = '#/INBOX'");
    }

    @Test
    void a_mail_in_scheduled_is_sent_now_once_though_an_answer_is_lost() throws Exception {
        String id = scheduled("Rather today");
        WebElement now = webmail.see("scheduled-now");
        loseAnswers(1, "\"undoStatus\":\"canceled\"");
        loseAnswers(3, "\"emailIds\":[\"" + id + "\"]}");
        loseAnswers(1, "\"rcptTo\"");
        webmail.script("arguments[0].click(); arguments[0].click();", now);
        webmail.text("is not known yet");
        webmail.text("Sent.");
        webmail.picture("scheduled-now");
        find(receiver, "inbox", "Rather today");
        find(sender, "sent", "Rather today");
        assertThat(has(sender, "scheduled", "Rather today")).isFalse();
        assertThat(has(sender, "drafts", "Rather today")).isFalse();
        assertThat(submissions(id, "canceled")).isEqualTo(1);
        assertThat(submissions(id, "final")).isEqualTo(1);
        assertThat(submissions(id, "pending")).isZero();
        webmail.script("location.hash = '#/INBOX'");
    }

    /** The other window does so just before. */
    @ParameterizedTest
    @ValueSource(strings = {"scheduled-now", "scheduled-keep"})
    void a_mail_that_another_window_sends_now_goes_once(String button) throws Exception {
        String subject = "Both at once, " + button;
        String id = scheduled(subject);
        WebElement pressed = webmail.see(button);
        webmail.script(
                "const [emailId] = arguments; const real = window.fetch; const off = '\"undoStatus\":\"canceled\"'; let first = true;"
                        + "window.fetch = async (url, options) => {"
                        + " const body = String(options?.body); if (!first || !body.includes(off)) return real(url, options); first = false;"
                        + " const { using, methodCalls } = JSON.parse(body); const { accountId } = methodCalls[0][1];"
                        + " const ask = async (...calls) => (await real(url, { ...options, body: JSON.stringify({ using, methodCalls: calls }) })).json();"
                        + " await real(url, options); const { methodResponses: [[, { list: [{ id: identityId }] }]] } = await ask(['Identity/get', { accountId }, 'i']);"
                        + " const mail = { identityId, emailId, envelope: { mailFrom: { email: 'sender@one.test' }, rcptTo: [{ email: 'receiver@one.test' }] } };"
                        + " window.other = await ask(['EmailSubmission/set', { accountId, create: { mail } }, 's']);"
                        + " return real(url, options); };",
                id);
        pressed.click();
        webmail.text("It is too late");
        assertThat(webmail.script("return JSON.stringify(window.other)").toString())
                .contains("\"created\":{\"mail\"");
        find(receiver, "inbox", subject);
        find(sender, "sent", subject);
        assertThat(submissions(id, "final")).isEqualTo(1);
        assertThat(submissions(id, "pending")).isZero();
        assertThat(has(sender, "drafts", subject)).isFalse();
        webmail.script("location.hash = '#/INBOX'");
    }

    private int submissions(String emailId, String undoStatus) throws Exception {
        String filter = "\"filter\":{\"emailIds\":[\"" + emailId + "\"],\"undoStatus\":\"" + undoStatus + "\"}";
        return sender.call("EmailSubmission/query", filter).path("ids").size();
    }

    @Test
    void a_mail_is_sent_now_from_the_list_of_what_is_scheduled() throws Exception {
        write("From the list", "Off it goes");
        webmail.see("send-later").click();
        webmail.see(By.xpath("//button[text()='Schedule']")).click();
        webmail.see(By.xpath("//*[contains(@class, 'toast')][contains(., 'Will be sent')]/button[.='Show']"))
                .click();
        webmail.see("scheduled-list");
        webmail.see(By.xpath("//li[contains(., 'From the list')]//button[@data-testid='scheduled-send']"))
                .click();
        webmail.text("Sent.");
        find(receiver, "inbox", "From the list");
        find(sender, "sent", "From the list");
    }

    @Test
    void a_mail_that_is_deleted_in_scheduled_is_called_off() throws Exception {
        String id = scheduled("Never mind");
        webmail.see("scheduled-note");
        loseAnswers(1, "EmailSubmission/set");
        webmail.see(By.cssSelector(".message-tools [data-act=delete]")).click();
        webmail.text("is not known yet");
        webmail.text("Called off");
        assertThat(webmail.all(By.cssSelector(".toast:last-child .toast-action")))
                .isEmpty();
        assertThat(find(sender, "trash", "Never mind").path("keywords").has("$draft"))
                .isTrue();
        assertThat(has(sender, "scheduled", "Never mind")).isFalse();
        assertThat(submissions(id, "canceled")).isEqualTo(1);
        webmail.script("location.hash = '#/INBOX'");
    }

    @Test
    void who_was_written_to_is_offered_by_the_first_letters() throws Exception {
        write("An introduction", "Now you are known");
        webmail.see("send").click();
        webmail.text("Sent.");
        webmail.gone("compose-window");
        // A browser that knows nothing but what is in Sent.
        webmail.login("sender@one.test");
        // That is told when the user has typed already.
        webmail.script(
                "const real = window.fetch; const typed = new Promise((done) => (window.typed = done));"
                        + "window.fetch = async (url, options) => {"
                        + " if (String(options?.body).includes('\"bcc\",\"receivedAt\"]')) await typed; return real(url, options); };");
        webmail.see("compose").click();
        webmail.see("compose-to").sendKeys("rec");
        assertThat(webmail.all(By.cssSelector("[role=option]"))).isEmpty();
        webmail.script("window.typed()");
        webmail.see(By.cssSelector("[role=option][aria-selected=true]"));
        webmail.picture("completion");
        webmail.see("compose-to").sendKeys(Keys.ENTER);
        webmail.see(By.cssSelector(".chip[data-email='receiver@one.test']"));
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }

    @Test
    void a_missing_subject_and_a_forgotten_attachment_are_asked_about() throws Exception {
        webmail.see("compose-body").sendKeys("The plan is attached.");
        webmail.see("send").click();
        webmail.until(
                "reads about the subject",
                d -> webmail.see("compose-hint").getText().contains("There is no subject."));
        webmail.see("compose-subject").sendKeys("The plan");
        webmail.see("send").click();
        webmail.until(
                "reads about the attachment",
                d -> webmail.see("compose-hint").getText().contains("attachment"));
        webmail.picture("attachment-forgotten");
        webmail.see("send-anyway").click();
        webmail.text("Sent.");
        find(receiver, "inbox", "The plan");
    }

    @Test
    void without_recipients_nothing_is_sent() {
        webmail.see("compose-to").sendKeys(Keys.BACK_SPACE, Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE);
        write("To nobody", "Hello?");
        webmail.see("send").click();
        webmail.until(
                "reads who is missing",
                d -> webmail.see("compose-to-error").getText().contains("to whom"));
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }

    @Test
    void a_mail_whose_answer_is_lost_is_sent_once_and_said_to_be_sent() throws Exception {
        write("Lost answer", "Once is enough");
        loseAnswers(2, "EmailSubmission/");
        webmail.see("send").click();
        webmail.text("is not known yet");
        webmail.picture("answer-lost");
        webmail.text("Sent.");
        webmail.gone("compose-window");
        find(receiver, "inbox", "Lost answer");
        assertThat(sender.call(
                                "EmailSubmission/query",
                                "\"filter\":{\"emailIds\":[\""
                                        + find(sender, "sent", "Lost answer")
                                                .path("id")
                                                .asText() + "\"]}")
                        .path("ids"))
                .hasSize(1);
        assertThat(has(sender, "drafts", "Lost answer")).isFalse();
    }

    @Test
    void a_mail_goes_with_its_file_though_another_is_begun_while_it_uploads() throws Exception {
        write("With its file", "See the enclosed");
        webmail.slowUploads(true);
        try {
            webmail.there("compose-file").sendKeys(Webmail.file(200_000).toString());
            webmail.see("send").click();
            webmail.script("document.querySelector('[data-testid=compose]').click()");
            webmail.text("Sent.");
        } finally {
            webmail.slowUploads(false);
        }
        assertThat(find(receiver, "inbox", "With its file").path("attachments")).hasSize(1);
        webmail.until(
                "sees the new window",
                d -> webmail.see("compose-subject").getAttribute("value").isEmpty() ? true : null);
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }
}
