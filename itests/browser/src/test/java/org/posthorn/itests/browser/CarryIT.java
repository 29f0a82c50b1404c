package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Mail goes to mailboxes of others and comes back, and what others share is searched. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CarryIT {

    private final Webmail webmail;
    private String lena;
    private Jmap theirs;
    private Jmap own;

    CarryIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void fill() throws Exception {
        Shelf shelf = new Shelf(webmail.server().maildir("lena"));
        shelf.put(".Team", "Ann <ann@far.test>", "Subject: Minutes of May\n", "We met.\n", false);
        shelf.put(".Board", "Ben <ben@far.test>", "Subject: Only to be read\n", "All hands off.\n", true);
        shelf.put(".Box", "Eve <eve@far.test>", "Subject: First in the box\n", "Me.\n", true);
        shelf.put("", "Eve <eve@far.test>", "Subject: Minutes that are private\n", "Not for you.\n", false);
        Shelf mine = new Shelf(webmail.server().maildir("paul"));
        for (String name : List.of("by menu", "by mouse", "into the box", "into trouble"))
            mine.put("", "Dan <dan@far.test>", "Subject: Goes " + name + "\n", "Words.\n", "F");
        lena = webmail.server().user("lena");
        String paul = webmail.server().user("paul");
        theirs = new Jmap(webmail.server(), lena);
        own = new Jmap(webmail.server(), paul);
        String principal = theirs.call("Principal/query", "\"filter\":{\"email\":\"" + paul + "\"}")
                .at("/ids/0")
                .asText();
        share(
                "Team",
                principal,
                "\"mayReadItems\":true,\"mayAddItems\":true,\"mayRemoveItems\":true,\"maySetSeen\":true,\"maySetKeywords\":true");
        share("Board", principal, "\"mayReadItems\":true");
        share("Box", principal, "\"mayReadItems\":true,\"mayAddItems\":true");
        webmail.login(paul);
    }

    private void share(String name, String principal, String rights) throws Exception {
        theirs.call(
                "Mailbox/set",
                "\"update\":{\"" + id(theirs, name) + "\":{\"shareWith/" + principal + "\":{" + rights + "}}}");
    }

    private static String id(Jmap jmap, String name) throws IOException, InterruptedException {
        return jmap.call("Mailbox/query", "\"filter\":{\"name\":\"" + name + "\"}")
                .at("/ids/0")
                .asText();
    }

    /** How often mail of that subject lies in a mailbox, by the server. */
    private static int count(Jmap jmap, String mailbox, String subject) {
        try {
            String filter = "\"filter\":{\"inMailbox\":\"" + id(jmap, mailbox) + "\",\"subject\":\"" + subject + "\"}";
            return jmap.call("Email/query", filter).path("ids").size();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void inbox() {
        webmail.dismissNotices();
        go("#/INBOX");
        row("Goes into trouble");
    }

    private void go(String hash) {
        webmail.script("document.activeElement?.blur(); location.hash = arguments[0]", hash);
    }

    private void press(CharSequence... keys) {
        new Actions(webmail.driver()).sendKeys(keys).perform();
    }

    private static By rowOf(String subject) {
        return By.xpath("//*[@role='row'][.//*[contains(@class,'row-subject')][contains(., '" + subject + "')]]");
    }

    private WebElement row(String subject) {
        return webmail.see(rowOf(subject));
    }

    private void noRow(String subject) {
        webmail.until(
                "sees no more " + subject, d -> d.findElements(rowOf(subject)).isEmpty());
    }

    private void read(String subject) {
        row(subject).findElement(By.className("row-subject")).click();
        webmail.see("message-body");
    }

    @Test
    void mail_is_moved_to_what_another_shares_and_brought_back() throws Exception {
        read("Goes by menu");
        press("v");
        webmail.see("move-copy");
        press("lena team");
        webmail.picture("move-elsewhere");
        assertThat(Axe.faults(webmail)).isEmpty();
        press(Keys.ENTER);
        WebElement offer = webmail.offer();
        webmail.text("Moved to Team");
        noRow("Goes by menu");
        assertThat(count(theirs, "Team", "Goes by menu")).isOne();
        assertThat(count(own, "INBOX", "Goes by menu")).isZero();
        offer.click();
        row("Goes by menu");
        webmail.until("has it back at the server", d -> count(theirs, "Team", "Goes by menu") == 0);
        assertThat(count(own, "INBOX", "Goes by menu")).isOne();
        assertThat(own.mails("inbox").findValues("keywords").toString()).contains("$flagged", "$seen");
    }

    @Test
    void mail_is_dragged_there_or_a_copy_of_it() {
        drop("Goes by mouse", true);
        WebElement offer = webmail.offer();
        webmail.text("Copied to Team");
        row("Goes by mouse");
        assertThat(count(theirs, "Team", "Goes by mouse")).isOne();
        offer.click();
        webmail.until("has no copy at the server", d -> count(theirs, "Team", "Goes by mouse") == 0);
        drop("Goes by mouse", false);
        noRow("Goes by mouse");
        webmail.text("Moved to Team");
        go("#/Users/" + lena + "/Team");
        read("Goes by mouse");
        press("v");
        webmail.see("move-copy");
        press("inbox", Keys.ENTER);
        webmail.text("Moved to Inbox");
        noRow("Goes by mouse");
        go("#/INBOX");
        row("Goes by mouse");
        assertThat(count(theirs, "Team", "Goes by mouse")).isZero();
    }

    private void drop(String subject, boolean copy) {
        webmail.until("drops " + subject, d -> {
            try {
                dragged(
                        row(subject),
                        webmail.see(By.cssSelector("a[href='#/Users/" + lena.replace("@", "%40") + "/Team']")),
                        copy);
                return true;
            } catch (StaleElementReferenceException drawnAnew) {
                return false;
            }
        });
    }

    private void dragged(WebElement row, WebElement target, boolean copy) {
        webmail.script(
                "const [row, line, ctrlKey] = arguments; const dataTransfer = new DataTransfer();"
                        + "const say = (at, type) => at.dispatchEvent(new DragEvent(type, { dataTransfer, ctrlKey, bubbles: true, cancelable: true }));"
                        + "say(row, 'dragstart'); say(line, 'dragover'); say(line, 'drop'); say(row, 'dragend');",
                row,
                target,
                copy);
    }

    @Test
    void what_may_not_leave_is_copied() throws Exception {
        go("#/Users/" + lena + "/Board");
        read("Only to be read");
        press("v");
        assertThat(webmail.see("move-copy").isSelected()).isTrue();
        assertThat(webmail.see("move-copy").isEnabled()).isFalse();
        press("archive", Keys.ENTER);
        webmail.text("Copied to Archive");
        row("Only to be read");
        assertThat(own.mails("archive").findValuesAsText("subject")).containsExactly("Only to be read");
        assertThat(count(theirs, "Board", "Only to be read")).isOne();
    }

    @Test
    void what_was_read_goes_where_one_may_only_add() {
        read("Goes into the box");
        press("v");
        webmail.see("move-copy");
        press("lena box", Keys.ENTER);
        webmail.text("Moved to Box");
        noRow("Goes into the box");
        assertThat(count(theirs, "Box", "Goes into the box")).isOne();
        assertThat(count(own, "INBOX", "Goes into the box")).isZero();
    }

    @Test
    void mail_of_another_is_answered_by_a_key() {
        go("#/Users/" + lena + "/Board");
        read("Only to be read");
        press("r");
        webmail.until("answers", d -> "Re: Only to be read"
                .equals(webmail.see("compose-subject").getAttribute("value")));
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }

    @Test
    void mail_that_waits_is_called_off_when_it_goes_to_another_and_nothing_brings_it_back() throws Exception {
        webmail.see("compose").click();
        webmail.see("compose-to").sendKeys("dan@far.test,");
        webmail.see("compose-subject").sendKeys("Goes no more");
        webmail.see("compose-body").sendKeys("Words.");
        webmail.see("send-later").click();
        webmail.see(By.xpath("//button[text()='Schedule']")).click();
        webmail.text("Will be sent");
        go("#/Scheduled");
        drop("Goes no more", false);
        webmail.text("Called off");
        assertThat(webmail.all(By.cssSelector(".toast:last-child .toast-action")))
                .isEmpty();
        assertThat(count(theirs, "Team", "Goes no more")).isOne();
        assertThat(own.mails("scheduled").size() + own.mails("drafts").size()).isZero();
        assertThat(own.call("EmailSubmission/query", "\"filter\":{\"undoStatus\":\"canceled\"}")
                        .path("ids"))
                .hasSize(1);
    }

    @Test
    void what_another_shares_is_searched_from_there() throws IOException {
        go("#/Users/" + lena + "/Team");
        row("Minutes of May");
        webmail.see("search").sendKeys("minutes");
        webmail.until("is at a search", d -> d.getCurrentUrl().contains("#/search/minutes/of/"));
        assertThat(webmail.see(By.cssSelector(".search-where [aria-current]")).getText())
                .isEqualTo(lena);
        row("Minutes of May");
        assertThat(webmail.all(rowOf("private"))).isEmpty();
        webmail.picture("search-shared");
        assertThat(Axe.faults(webmail)).isEmpty();
        read("Minutes of May");
        webmail.text("We met.");
        for (String action : List.of("archive", "junk"))
            assertThat(webmail.see(By.cssSelector(".message-tools [data-act='" + action + "']"))
                            .isEnabled())
                    .as(action)
                    .isFalse();
        webmail.see(By.linkText("My mail")).click();
        webmail.text("Nothing was found.");
        webmail.see("search").clear();
    }

    @Test
    void what_the_server_does_not_answer_stays_where_it_is() {
        read("Goes into trouble");
        press("v");
        webmail.see("move-copy");
        press("lena team");
        webmail.cut(true);
        press(Keys.ENTER);
        webmail.text("That was not done");
        webmail.cut(false);
        webmail.script("dispatchEvent(new Event('online'))");
        assertThat(count(own, "INBOX", "Goes into trouble")).isOne();
        assertThat(count(theirs, "Team", "Goes into trouble")).isZero();
        webmail.until("sees it again", d -> {
            webmail.all(By.cssSelector(".list-note .button")).forEach(WebElement::click);
            return row("Goes into trouble");
        });
    }
}
