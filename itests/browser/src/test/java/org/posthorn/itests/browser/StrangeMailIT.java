package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Mail that is not as most mail is, and what is shown without being asked for. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrangeMailIT {

    private final Webmail webmail;
    private Jmap jmap;

    StrangeMailIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void login() throws Exception {
        String user = webmail.server().user("curious");
        jmap = new Jmap(webmail.server(), user);
        webmail.login(user);
    }

    private WebElement row(String subject) {
        return webmail.see(
                By.xpath("//*[@data-testid='message-list']//*[@role='row' and .//*[text()='" + subject + "']]"));
    }

    private void read(String subject, String message) throws Exception {
        jmap.deliver("Subject: " + subject + "\nMIME-Version: 1.0\n" + message);
        row(subject).findElement(By.className("row-subject")).click();
        webmail.see(By.xpath("//h1[text()='" + subject + "']"));
    }

    private boolean seen(String id) throws Exception {
        return jmap.call("Email/get", "\"ids\":[\"" + id + "\"],\"properties\":[\"keywords\"]")
                .at("/list/0/keywords")
                .has("$seen");
    }

    @Test
    void the_parts_of_a_report_are_named_by_what_they_are() throws Exception {
        read(
                "Undelivered",
                "From: MAILER-DAEMON@far.test\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                        + "--b\n\nIt did not go.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; far.test\n\n"
                        + "--b\nContent-Type: message/rfc822\n\nSubject: What I wrote\n\nHello.\n--b--\n");
        webmail.see(By.cssSelector("button[aria-label='Download Delivery report']"));
        webmail.see(By.cssSelector("button[aria-label='Download What I wrote']"));
        webmail.picture("report");
    }

    @Test
    void a_mail_of_which_nothing_can_be_shown_says_so_and_can_be_fetched() throws Exception {
        read("No parts", "Content-Type: multipart/mixed; boundary=b\n\nNo part begins here.\n");
        webmail.text("Nothing of this mail can be shown");
        webmail.see("download.mail");
        webmail.picture("unshown");
    }

    @Test
    void of_very_many_attachments_the_first_are_shown() throws Exception {
        String part = "--b\nContent-Type: text/csv; name=one.csv\nContent-Disposition: attachment\n\na\n";
        read("Crowd", "Content-Type: multipart/mixed; boundary=b\n\n" + part.repeat(201) + "--b--\n");
        webmail.text("201 attachments");
        webmail.text("The first 200 are shown");
        assertThat(webmail.all(By.className("attachment"))).hasSize(200);
    }

    @Test
    void whoever_is_not_named_has_one_face() throws Exception {
        read("From nobody", "\nWords.\n");
        WebElement inList = row("From nobody").findElement(By.className("avatar"));
        WebElement inMail = webmail.see(By.cssSelector(".message-head .avatar"));
        assertThat(inMail.getText()).isEqualTo(inList.getDomProperty("textContent"));
        assertThat(inMail.getAttribute("class")).isEqualTo(inList.getAttribute("class"));
    }

    @Test
    void the_next_mail_stays_unread_until_somebody_opens_it() throws Exception {
        String next = jmap.deliver("From: Ann <ann@far.test>\nSubject: Comes next\n\nWords.\n");
        row("Comes next");
        read("Done with", "From: Ann <ann@far.test>\n\nWords.\n");
        webmail.see(By.cssSelector(".message-tools [data-act=archive]")).click();
        webmail.see(By.xpath("//h1[text()='Comes next']"));
        // What is done after it comes to the server after it.
        webmail.see(By.cssSelector(".message-star")).click();
        webmail.until(
                "sees the star", d -> row("Comes next").getAttribute("class").contains("flagged"));
        webmail.until("has the star there", d -> flagged(next));
        assertThat(seen(next)).isFalse();
        assertThat(row("Comes next").getAttribute("class")).contains("unread");
        row("Comes next").findElement(By.className("row-subject")).click();
        webmail.until(
                "sees it read", d -> !row("Comes next").getAttribute("class").contains("unread"));
    }

    private boolean flagged(String id) {
        try {
            return jmap.call("Email/get", "\"ids\":[\"" + id + "\"],\"properties\":[\"keywords\"]")
                    .at("/list/0/keywords")
                    .has("$flagged");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
