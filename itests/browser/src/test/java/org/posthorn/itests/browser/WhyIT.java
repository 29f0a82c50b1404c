package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** "Why is this here?" */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhyIT {

    private final Webmail webmail;
    private String user;

    WhyIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void login() throws Exception {
        user = webmail.server().user("wonderer");
        webmail.login(user);
    }

    private void ask(String subject) {
        webmail.script("location.hash = '#/INBOX'");
        webmail.see(By.xpath("//*[@role='row']//*[contains(@class,'row-subject')][contains(., '" + subject + "')]"))
                .click();
        webmail.see("why").click();
    }

    private void close() {
        webmail.see(By.cssSelector("dialog[open] header button")).sendKeys(Keys.ENTER);
        webmail.until(
                "sees no window", d -> d.findElements(By.cssSelector("dialog")).isEmpty());
    }

    @Test
    void the_story_of_mail_that_was_delivered_is_told() throws Exception {
        webmail.see("compose").click();
        webmail.see("compose-to").sendKeys(user + ",");
        webmail.see("compose-subject").sendKeys("How it came");
        webmail.see("compose-body").sendKeys("By itself");
        webmail.see("send").click();
        webmail.text("Sent.");
        ask("How it came");
        assertThat(webmail.see(By.className("story")).getText())
                .containsSubsequence("came from", "sender <" + user + ">", "put into the mailbox INBOX");
        webmail.picture("why");
        assertThat(Axe.faults(webmail)).isEmpty();
        close();
    }

    @Test
    void the_story_is_told_in_the_language_of_the_page() throws Exception {
        webmail.see("compose").click();
        webmail.see("compose-to").sendKeys(user + ",");
        webmail.see("compose-subject").sendKeys("Auf Deutsch");
        webmail.see("send").click();
        webmail.text("Sent.");
        webmail.script("localStorage.setItem('posthorn.language', 'de'); location.reload()");
        webmail.text("Posteingang");
        ask("Auf Deutsch");
        assertThat(webmail.see(By.className("story")).getText())
                .containsSubsequence("Kam bei diesem Server an", "wer sie sandte", "In ein Postfach gelegt");
        assertThat(webmail.see(By.cssSelector(".story-words")).getDomAttribute("lang"))
                .isEqualTo("en");
        webmail.picture("why-german");
        close();
        webmail.script("localStorage.removeItem('posthorn.language'); location.reload()");
        webmail.text("Inbox");
    }

    @Test
    void mail_that_was_not_delivered_here_is_said_to_have_none() throws Exception {
        new Jmap(webmail.server(), user)
                .deliver("From: eve@far.test\nTo: wonderer@one.test\nSubject: Laid here\n\nWords.\n");
        ask("Laid here");
        webmail.text("The server has no story of this mail");
        assertThat(webmail.all(By.className("story"))).isEmpty();
        close();
    }
}
