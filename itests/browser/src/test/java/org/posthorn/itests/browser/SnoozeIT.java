package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Snooze: mail goes away, and comes back by itself. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnoozeIT {

    private final Webmail webmail;
    private Jmap jmap;

    SnoozeIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void login() throws Exception {
        String user = webmail.server().user("sleeper");
        jmap = new Jmap(webmail.server(), user);
        webmail.login(user);
    }

    @BeforeEach
    void inbox() {
        go("INBOX");
    }

    private void go(String mailbox) {
        webmail.script("location.hash = '#/' + arguments[0]", mailbox);
        webmail.until(
                "opens " + mailbox,
                d -> d.findElement(By.className("list-title")).getText().equalsIgnoreCase(mailbox));
    }

    /** A mail that was read, seen in the list. @return its id */
    private String mail(String subject) throws Exception {
        String id = jmap.deliver("From: Ann <ann@far.test>\nSubject: " + subject + "\n\nWords.\n");
        jmap.call("Email/set", "\"update\":{\"" + id + "\":{\"keywords/$seen\":true}}");
        row(subject);
        return id;
    }

    private static By rowOf(String subject) {
        return By.xpath("//*[@data-testid='message-list']//*[@role='row' and .//*[text()='" + subject + "']]");
    }

    private WebElement row(String subject) {
        return webmail.see(rowOf(subject));
    }

    private void noRow(String subject) {
        webmail.until(
                "sees no row " + subject, d -> d.findElements(rowOf(subject)).isEmpty());
    }

    private void press(CharSequence... keys) {
        new Actions(webmail.driver()).sendKeys(keys).perform();
    }

    private void choose(String label) {
        webmail.see(By.xpath("//dialog//button[starts-with(normalize-space(.), '" + label + "')]"))
                .click();
    }

    private JsonNode email(String id) throws Exception {
        return jmap.call(
                        "Email/get",
                        "\"ids\":[\"" + id + "\"],\"properties\":[\"keywords\",\"mailboxIds\",\"snoozed\"]")
                .at("/list/0");
    }

    /** At some seconds from now, as one types it in the field. */
    private void type(int seconds) {
        WebElement field = webmail.see("later-time");
        webmail.script(
                "const [field, seconds] = arguments; field.min = ''; field.step = 1;"
                        + "const at = new Date(Date.now() + seconds * 1000 - new Date().getTimezoneOffset() * 60000);"
                        + "field.value = at.toISOString().slice(0, 19);",
                field,
                seconds);
        webmail.see(By.cssSelector("dialog[open] button.primary")).click();
    }

    @Test
    void mail_goes_to_sleep_by_a_key_and_comes_back_unread_and_on_top_by_itself() throws Exception {
        String id = mail("Pay the bill");
        mail("Newer than the bill");
        row("Pay the bill").findElement(By.className("row-check")).click();
        press("b");
        webmail.see("later-time");
        webmail.picture("snooze-when");
        assertThat(Axe.faults(webmail)).isEmpty();
        choose("Tomorrow");
        noRow("Pay the bill");
        webmail.text("Snoozed until");
        webmail.picture("snoozed");
        go("Snoozed");
        assertThat(row("Pay the bill").findElement(By.className("row-date")).getAttribute("title"))
                .startsWith("Comes back");
        webmail.picture("snoozed-mailbox");
        assertThat(Axe.faults(webmail)).isEmpty();
        row("Pay the bill").findElement(By.className("row-check")).click();
        press("b");
        type(4);
        noRow("Pay the bill");
        go("INBOX");
        WebElement back = row("Pay the bill");
        assertThat(back.getAttribute("class")).contains("unread");
        assertThat(back.getAttribute("aria-rowindex")).isEqualTo("1");
        webmail.picture("snooze-over");
        assertThat(email(id).path("keywords").has("$seen")).isFalse();
    }

    @Test
    void what_another_client_wakes_sooner_comes_back_by_push() throws Exception {
        String id = mail("Sooner than thought");
        row("Sooner than thought").click();
        webmail.see(By.cssSelector(".message-tools [aria-label=Snooze]")).click();
        choose("Next week");
        noRow("Sooner than thought");
        webmail.until("has it asleep", d -> snoozed(id));
        jmap.call(
                "Email/set",
                "\"update\":{\"" + id + "\":{\"snoozed/until\":\""
                        + Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS) + "\"}}");
        assertThat(row("Sooner than thought").getAttribute("class")).contains("unread");
    }

    private boolean snoozed(String id) {
        try {
            return email(id).path("snoozed").isObject();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void undo_brings_it_back_as_it_was() throws Exception {
        String id = mail("Too tired");
        row("Too tired").click();
        webmail.see(By.className("message-subject"));
        press("b");
        choose("Tomorrow");
        noRow("Too tired");
        webmail.see(By.cssSelector(".toast:last-child .toast-action")).click();
        row("Too tired");
        webmail.until("has it awake", d -> !snoozed(id));
        assertThat(email(id).path("keywords").has("$seen")).isTrue();
        assertThat(email(id).path("mailboxIds").fieldNames().next())
                .isEqualTo(jmap.mailbox("inbox").orElseThrow());
    }

    @Test
    void several_sleep_together_and_are_brought_back_before_their_time() throws Exception {
        List<String> ids = List.of(mail("First of two"), mail("Second of two"));
        for (String subject : List.of("First of two", "Second of two"))
            row(subject).findElement(By.className("row-check")).click();
        webmail.see(By.cssSelector(".list-actions [aria-label=Snooze]")).click();
        choose("Next week");
        noRow("First of two");
        noRow("Second of two");
        webmail.text("2 conversations snoozed until");
        webmail.see(By.xpath("//a[contains(@class, 'mailbox-link') and .//*[text()='Snoozed']]"))
                .click();
        row("First of two").click();
        webmail.see("snooze-note");
        webmail.picture("snoozed-message");
        webmail.see("snooze-now").click();
        noRow("First of two");
        row("Second of two").findElement(By.className("row-check")).click();
        press("b");
        choose("Bring back now");
        noRow("Second of two");
        go("INBOX");
        for (String id : ids) {
            webmail.until("has it awake", d -> !snoozed(id));
            assertThat(email(id).path("keywords").has("$seen")).isTrue();
        }
        row("First of two");
        row("Second of two");
    }

    @Test
    void a_phone_has_room_for_it() throws Exception {
        mail("On the way");
        webmail.driver().manage().window().setSize(Browser.PHONE);
        try {
            row("On the way").click();
            webmail.see(By.cssSelector(".message-tools [aria-label=Snooze]")).click();
            webmail.see("later-time");
            webmail.picture("snooze-phone");
            assertThat(Axe.faults(webmail)).isEmpty();
            choose("Tomorrow");
            noRow("On the way");
        } finally {
            webmail.driver().manage().window().setSize(Browser.DESK);
        }
    }
}
