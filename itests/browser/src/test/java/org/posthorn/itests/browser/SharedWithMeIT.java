package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Something is shared with a user who has the page open: he is told, opens it, takes it out of his list, and finds it again. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedWithMeIT {

    private static final By PLANS = By.xpath("//nav//a[contains(@class,'mailbox-link')][contains(., 'Plans')]");
    private static final By DRAFTED = By.xpath("//nav//a[contains(@class,'mailbox-link')][contains(., 'Drafted')]");

    private final Webmail webmail;
    private String ida;
    private String rob;
    private Jmap jmap;

    SharedWithMeIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void fill() throws Exception {
        Shelf shelf = new Shelf(webmail.server().maildir("ida"));
        shelf.put(".Plans", "Ben <ben@far.test>", "Subject: Bridge plans\n", "Five pillars.\n", false);
        shelf.put(".Plans.Drafted", "Ben <ben@far.test>", "Subject: Pier plans\n", "One pier.\n", false);
        ida = webmail.server().user("ida");
        rob = webmail.server().user("rob");
        jmap = new Jmap(webmail.server(), ida);
        new Jmap(webmail.server(), rob).call("Mailbox/get", "\"ids\":null");
    }

    private void share(String name, String rights) throws Exception {
        String principal = jmap.call("Principal/query", "\"filter\":{\"email\":\"" + rob + "\"}")
                .at("/ids/0")
                .asText();
        String id = jmap.call("Mailbox/query", "\"filter\":{\"name\":\"" + name + "\"}")
                .at("/ids/0")
                .asText();
        JsonNode set = jmap.call(
                "Mailbox/set", "\"update\":{\"" + id + "\":{\"shareWith/" + principal + "\":" + rights + "}}");
        assertThat(set.at("/updated").has(id)).isTrue();
    }

    private void press(CharSequence... keys) {
        new Actions(webmail.driver()).sendKeys(keys).perform();
    }

    @Test
    void what_is_shared_is_told_opened_put_away_and_found_again() throws Exception {
        webmail.login(rob);
        webmail.see("subscriptions");
        share("Plans", "{\"mayReadItems\":true}");
        share("Drafted", "{\"mayReadItems\":true}");
        told();
        putAway();
        findAgain();
        toldUntilItIsOpened();
        share("Drafted", "null");
        share("Plans", "null");
        webmail.text(ida + " no longer shares Plans with you.");
        gone(PLANS);
    }

    private void told() throws IOException {
        webmail.text(ida + " shared Plans with you.");
        webmail.text(ida + " shared Drafted with you.");
        webmail.see(PLANS);
        webmail.picture("share-notice");
        assertThat(Axe.faults(webmail)).isEmpty();
        webmail.script("arguments[0].focus()", notice("Drafted", "notice-dismiss"));
        press(Keys.ENTER);
        webmail.until(
                "sees it go",
                d -> !d.findElement(By.className("notices")).getText().contains("Drafted"));
        assertThat(webmail.driver().switchTo().activeElement()).isEqualTo(notice("Plans", "notice-dismiss"));
        notice("Plans", "notice-open").click();
        webmail.text("Bridge plans");
        webmail.gone("notice-open");
        webmail.driver().navigate().refresh();
        webmail.text("Bridge plans");
        assertThat(webmail.all(By.cssSelector("[data-testid='notice-dismiss']")))
                .isEmpty();
    }

    private void toldUntilItIsOpened() throws Exception {
        webmail.script("location.hash = '#/INBOX'");
        share("Plans", "{\"mayReadItems\":true,\"mayAddItems\":true}");
        webmail.text(ida + " changed what you may do in Plans.");
        webmail.see(PLANS).click();
        webmail.gone("notice-dismiss");
    }

    private WebElement notice(String name, String testid) {
        return webmail.see(By.xpath(
                "//*[contains(@class,'notice')][contains(., '" + name + "')]/*[@data-testid='" + testid + "']"));
    }

    private void gone(By what) {
        webmail.until("sees no more " + what, d -> d.findElements(what).isEmpty());
    }

    /** By keys alone. */
    private void putAway() {
        String more = "nav button[aria-label='More about Plans']";
        webmail.until("comes to the button", d -> d.findElement(By.cssSelector(more)));
        webmail.script("document.querySelector(arguments[0]).focus()", more);
        press(Keys.ENTER);
        webmail.cut(true);
        takeOut();
        webmail.text("That was not done");
        assertThat(webmail.all(By.xpath("//*[contains(., 'is no longer in your list')]")))
                .isEmpty();
        webmail.cut(false);
        webmail.see(By.cssSelector(more)).click();
        takeOut();
        webmail.text("Plans is no longer in your list.");
        gone(PLANS);
        gone(DRAFTED);
        assertThat(webmail.all(By.xpath("//nav//h2"))).isEmpty();
    }

    private void takeOut() {
        webmail.see(By.xpath("//*[@role='menuitem'][contains(., 'Take out of the list')]"))
                .click();
    }

    private void findAgain() throws IOException {
        webmail.see("subscriptions").click();
        WebElement box =
                webmail.see(By.xpath("//label[contains(., 'Plans / Drafted')]/input[@data-testid='subscription']"));
        assertThat(box.isSelected()).isFalse();
        box.click();
        webmail.text("Plans / Drafted is in your list.");
        webmail.picture("shared-with-me");
        assertThat(Axe.faults(webmail)).isEmpty();
        press(Keys.ESCAPE);
        webmail.see(DRAFTED);
        // In what it lies.
        webmail.see(PLANS);
    }
}
