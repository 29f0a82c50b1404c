package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** A mailbox is shared, read by another user, and changed by him as soon as he may. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharingIT {

    private final Webmail webmail;
    private String olga;
    private String rita;

    SharingIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void fill() throws Exception {
        Shelf shelf = new Shelf(webmail.server().maildir("olga"));
        shelf.put("Ann <ann@far.test>", "Subject: For Olga alone\n", "A secret.\n", false);
        shelf.put(".Projects", "Ben <ben@far.test>", "Subject: Bridge plans\n", "Five pillars.\n", false);
        shelf.put(".Projects", "Dan <dan@far.test>", "Subject: Tunnel plans\n", "Two tubes.\n", false);
        olga = webmail.server().user("olga");
        rita = webmail.server().user("rita");
        new Jmap(webmail.server(), rita).call("Mailbox/get", "\"ids\":null");
    }

    private void press(CharSequence... keys) {
        new Actions(webmail.driver()).sendKeys(keys).perform();
    }

    private WebElement row(String subject) {
        return webmail.see(
                By.xpath("//*[@role='row'][.//*[contains(@class,'row-subject')][contains(., '" + subject + "')]]"));
    }

    private WebElement mailbox(String name) {
        return webmail.see(By.xpath("//nav//a[contains(@class,'mailbox-link')][contains(., '" + name + "')]"));
    }

    private WebElement tool(String action) {
        return webmail.see(By.cssSelector(".message-tools [data-act='" + action + "']"));
    }

    /** By keys alone. */
    private void openShare(String name) {
        webmail.until(
                "comes to the button behind " + name,
                d -> d.findElement(By.cssSelector("nav button[aria-label='More about " + name + "']")));
        webmail.script(
                "document.querySelector(arguments[0]).focus()", "nav button[aria-label='More about " + name + "']");
        press(Keys.ENTER);
        webmail.see(By.cssSelector("[role=menu]"));
        press(Keys.ARROW_DOWN, Keys.ENTER);
        webmail.see("share-email");
    }

    @Test
    void a_mailbox_is_shared_read_and_changed_as_far_as_the_rights_go() throws Exception {
        share();
        read();
        webmail.driver().navigate().refresh();
        refused();
        allow();
        change();
    }

    private void share() throws IOException {
        webmail.login(olga);
        mailbox("Projects");
        openShare("Projects");
        press("nobody@one.test", Keys.ENTER);
        webmail.text("Nobody here has the address nobody@one.test.");
        press(rita, Keys.ENTER);
        webmail.text("Shared with " + rita);
        webmail.picture("share");
        assertThat(Axe.faults(webmail)).isEmpty();
        press(Keys.ESCAPE);
        webmail.gone("share-email");
    }

    private void read() throws IOException {
        webmail.login(rita);
        webmail.see(By.xpath("//nav//h2[contains(., '" + olga + "')]"));
        mailbox("Projects").click();
        row("Bridge plans").findElement(By.className("row-subject")).click();
        webmail.text("Five pillars.");
        assertThat(webmail.driver().getCurrentUrl()).contains("#/Users/").contains("/Projects/uid/1");
        for (String action : new String[] {"archive", "delete", "junk"})
            assertThat(tool(action).isEnabled()).as(action).isFalse();
        assertThat(tool("markUnread").isEnabled()).isTrue();
        assertThat(webmail.all(By.xpath("//*[contains(text(), 'For Olga alone')]")))
                .isEmpty();
        webmail.picture("shared-mailbox");
        assertThat(Axe.faults(webmail)).isEmpty();
    }

    /** A key is not disabled as a button is. */
    private void refused() {
        webmail.text("Five pillars.");
        press("e");
        webmail.text("has not given you the right");
        row("Bridge plans");
    }

    private void allow() throws Exception {
        Jmap jmap = new Jmap(webmail.server(), olga);
        String principal = jmap.call("Principal/query", "\"filter\":{\"email\":\"" + rita + "\"}")
                .at("/ids/0")
                .asText();
        String id = jmap.call("Mailbox/query", "\"filter\":{\"name\":\"Projects\"}")
                .at("/ids/0")
                .asText();
        jmap.call("Mailbox/set", "\"update\":{\"" + id + "\":{\"shareWith/" + principal + "/mayRemoveItems\":true}}");
    }

    private void change() throws Exception {
        row("Tunnel plans").findElement(By.className("row-subject")).click();
        webmail.text("Two tubes.");
        webmail.until("may delete", d -> {
            WebElement delete = d.findElement(By.cssSelector(".list-actions [data-act='delete']"));
            return delete.isEnabled();
        });
        row("Tunnel plans");
        press("#");
        webmail.see(By.cssSelector("dialog .button.danger")).click();
        webmail.until("sees it go", d -> d.findElements(
                        By.xpath("//*[@role='row'][.//*[contains(@class,'row-subject')][contains(., 'Tunnel plans')]]"))
                .isEmpty());
        Jmap jmap = new Jmap(webmail.server(), olga);
        webmail.until("has it gone at the server", d -> subjects(jmap).equals("[\"Bridge plans\"]"));
    }

    private static String subjects(Jmap jmap) {
        try {
            String id = jmap.call("Mailbox/query", "\"filter\":{\"name\":\"Projects\"}")
                    .at("/ids/0")
                    .asText();
            String ids = jmap.call("Email/query", "\"filter\":{\"inMailbox\":\"" + id + "\"}")
                    .get("ids")
                    .toString();
            return jmap.call("Email/get", "\"ids\":" + ids + ",\"properties\":[\"subject\"]")
                    .path("list")
                    .findValues("subject")
                    .toString();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
