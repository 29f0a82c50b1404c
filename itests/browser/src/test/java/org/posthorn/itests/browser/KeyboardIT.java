package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** A whole visit without a mouse: nothing is clicked, and no script moves the focus. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyboardIT {

    /** So many times Tab is pressed to come somewhere. */
    private static final int FAR = 80;

    private final Webmail webmail;
    private String user;
    private Jmap jmap;

    KeyboardIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void mail() throws Exception {
        user = webmail.server().user("typist");
        jmap = new Jmap(webmail.server(), user);
        jmap.deliver("From: Ann <ann@" + Server.FAR + ">\nTo: " + user + "\nSubject: Lunch?\n\nAt noon, as always?\n");
    }

    private void press(CharSequence... keys) {
        new Actions(webmail.driver()).sendKeys(keys).perform();
    }

    private void noRow(String subject) {
        webmail.until(
                "sees no more " + subject, d -> d.findElements(row(subject)).isEmpty());
    }

    private static By row(String subject) {
        return By.xpath("//*[@data-testid='message-list']//*[@role='row' and .//*[text()='" + subject + "']]");
    }

    /** By Tab alone. */
    private void tabTo(String testId) {
        for (int i = 0; i < FAR; i++) {
            press(Keys.TAB);
            if (testId.equals(webmail.script("return document.activeElement.dataset.testid"))) return;
        }
        throw new AssertionError("Tab does not come to " + testId);
    }

    @Test
    void everything_is_done_by_keys() throws Exception {
        enter();
        findAndRead();
        answer();
        putAwayAndBack();
        write();
        leave();
    }

    private void enter() {
        webmail.open();
        press(user, Keys.TAB, Server.PASSWORD, Keys.ENTER);
        webmail.see(row("Lunch?"));
    }

    private void findAndRead() {
        press("/");
        press("noon");
        webmail.see(By.cssSelector("[data-testid=message-list] mark"));
        press(Keys.ENTER);
        press(Keys.ENTER);
        webmail.text("At noon, as always?");
    }

    private void answer() throws Exception {
        press("r");
        webmail.see("compose-window");
        press("Gladly.");
        webmail.picture("keys-answer");
        new Actions(webmail.driver())
                .keyDown(Keys.CONTROL)
                .sendKeys(Keys.ENTER)
                .keyUp(Keys.CONTROL)
                .perform();
        webmail.text("Sent.");
        webmail.gone("compose-window");
        assertThat(jmap.mails("sent").findValuesAsText("subject")).containsExactly("Re: Lunch?");
    }

    private void putAwayAndBack() {
        press("g", "i");
        webmail.see(row("Lunch?"));
        press("j");
        press(Keys.ENTER);
        webmail.text("At noon, as always?");
        press("e");
        webmail.text("Archived");
        noRow("Lunch?");
        press("z");
        webmail.see(row("Lunch?"));
        press("g", "a");
        noRow("Lunch?");
        press("g", "i");
        webmail.see(row("Lunch?"));
    }

    private void write() throws Exception {
        press("c");
        webmail.see("compose-window");
        press("ann@far.test,", Keys.TAB);
        tabTo("compose-body");
        press("Words");
        press(Keys.ESCAPE);
        webmail.text("Saved in Drafts.");
        assertThat(Jmap.text(jmap.mails("drafts").path(0))).startsWith("Words");
    }

    private void leave() throws Exception {
        tabTo("settings");
        press(Keys.ENTER);
        webmail.see("settings-window");
        webmail.picture("keys-settings");
        press(Keys.ESCAPE);
        webmail.gone("settings-window");
        tabTo("logout");
        press(Keys.ENTER);
        webmail.see("login-user");
    }
}
