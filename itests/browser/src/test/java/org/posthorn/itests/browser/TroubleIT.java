package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** A server that does not answer, and a hand that slips: nothing is lost, and the page says what is so. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TroubleIT {

    private static final int MAILS = 200;

    /** A server that takes two changes at a time, and no more than three times of that; the page is told so with the session. */
    private static final String STINGY =
            "const real = window.fetch; let sets = 0; window.allow = () => (window.fetch = real);"
                    + "window.fetch = async (url, options) => {"
                    + " if (String(options?.body).includes('\"Email/set\"') && ++sets > 3) throw new TypeError('cut');"
                    + " const answer = await real(url, options); if (!String(url).includes('well-known')) return answer;"
                    + " const session = await answer.json(); session.capabilities['urn:ietf:params:jmap:core'].maxObjectsInSet = 2;"
                    + " return new Response(JSON.stringify(session), { status: answer.status, headers: answer.headers }); };";

    private final Webmail webmail;
    private String user;
    private Jmap jmap;

    TroubleIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void fill() throws Exception {
        Shelf shelf = new Shelf(webmail.server().maildir("unlucky"));
        for (int i = 1; i <= MAILS; i++)
            shelf.put(".Pile", "Ann <ann@far.test>", "Subject: Sheet " + i + "\n", "Words.\n", true);
        for (int i = 1; i <= 10; i++)
            shelf.put("", "Ben <ben@far.test>", "Subject: Page " + i + ".\n", "Words of page " + i + ".\n", true);
        user = webmail.server().user("unlucky");
        jmap = new Jmap(webmail.server(), user);
    }

    @BeforeEach
    void login() {
        webmail.login(user);
        row("Page 10.");
    }

    @AfterEach
    void mend() {
        blocked();
    }

    /** What does not come through from now on; nothing, if nothing is said. */
    private void blocked(String... urls) {
        webmail.driver().executeCdpCommand("Network.enable", Map.of());
        webmail.driver().executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of(urls)));
    }

    private WebElement row(String subject) {
        return webmail.see(
                By.xpath("//*[@role='row'][.//*[contains(@class,'row-subject')][contains(., '" + subject + "')]]"));
    }

    private void press(CharSequence... keys) {
        new Actions(webmail.driver()).sendKeys(keys).perform();
    }

    private int count(String role) {
        return subjects(role).size();
    }

    private List<String> subjects(String role) {
        try {
            return jmap.mails(role).findValuesAsText("subject");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_mail_that_does_not_come_is_asked_for_again() throws IOException {
        webmail.cut(true);
        row("Page 10.").findElement(By.className("row-subject")).click();
        WebElement told = webmail.see(By.cssSelector(".reading [role=alert]"));
        assertThat(told.getText()).contains("The server cannot be reached.");
        webmail.picture("trouble-reading");
        assertThat(Axe.faults(webmail)).isEmpty();
        webmail.cut(false);
        told.findElement(By.tagName("button")).click();
        webmail.text("Words of page 10.");
    }

    @Test
    void a_mailbox_that_was_seen_is_shown_without_the_server() {
        webmail.script("location.hash = '#/Pile'");
        row("Sheet 200");
        webmail.script("location.hash = '#/INBOX'");
        row("Page 10.");
        webmail.cut(true);
        webmail.script("location.hash = '#/Pile'");
        row("Sheet 200");
        webmail.text("The server cannot be reached.");
        webmail.cut(false);
        webmail.see(By.cssSelector(".list-note button")).click();
        webmail.until("sees no fault", d -> d.findElements(By.cssSelector(".list-note button"))
                .isEmpty());
        row("Sheet 200");
    }

    @Test
    void a_letter_that_is_discarded_can_be_brought_back() {
        webmail.see("compose").click();
        webmail.see("compose-subject").sendKeys("Slipped");
        webmail.see("compose-body").sendKeys("The work of an hour");
        webmail.see("compose-discard").click();
        WebElement undo = webmail.offer();
        webmail.text("The draft is discarded.");
        assertThat(subjects("drafts")).doesNotContain("Slipped");
        undo.click();
        assertThat(webmail.see("compose-body").getText()).contains("The work of an hour");
        assertThat(webmail.see("compose-subject").getAttribute("value")).isEqualTo("Slipped");
        assertThat(subjects("drafts")).containsOnlyOnce("Slipped");
        assertThat(subjects("trash")).doesNotContain("Slipped");
        webmail.see("compose-subject").sendKeys(" again");
        webmail.see("compose-discard").click();
        webmail.until("has it in Trash", d -> subjects("trash").contains("Slipped again"));
        assertThat(subjects("drafts")).doesNotContain("Slipped", "Slipped again");
    }

    @Test
    void a_letter_that_is_discarded_without_the_server_can_be_brought_back_as_well() throws IOException {
        webmail.see("compose").click();
        webmail.see("compose-to").sendKeys("ann@far.test,");
        webmail.see("compose-subject").sendKeys("Cut off");
        webmail.see("compose-body").sendKeys("Begun at home");
        state("Saved");
        webmail.cut(true);
        webmail.see("compose-body").sendKeys(", ended in a tunnel");
        webmail.see("compose-discard").click();
        webmail.text("The server cannot be reached: the draft is still in Drafts.");
        webmail.picture("discarded-offline");
        webmail.offer().click();
        assertThat(webmail.see("compose-body").getText()).isEqualTo("Begun at home, ended in a tunnel");
        assertThat(webmail.see("compose-subject").getAttribute("value")).isEqualTo("Cut off");
        webmail.see(By.cssSelector(".chip[data-email='ann@far.test']"));
        webmail.cut(false);
        webmail.see("compose-body").sendKeys("!");
        state("Saved");
        assertThat(subjects("drafts")).containsOnlyOnce("Cut off");
        webmail.see("compose-discard").click();
        webmail.until("has it in Trash", d -> subjects("trash").contains("Cut off"));
    }

    private void state(String state) {
        webmail.until(
                "reads " + state, d -> webmail.see("compose-state").getText().equals(state));
    }

    @Test
    void what_is_done_in_part_is_said_so_and_taken_back() {
        webmail.open();
        webmail.script(STINGY);
        webmail.enter(user);
        row("Page 10.");
        webmail.see(By.cssSelector(".list-all")).click();
        webmail.text("10 selected");
        press("e");
        webmail.text("That was done in part only: The server cannot be reached.");
        WebElement undo = webmail.offer();
        assertThat(webmail.all(By.xpath("//*[contains(@class,'toast')][contains(., 'archived')]")))
                .isEmpty();
        webmail.until("has six in Archive", d -> count("archive") == 6 && count("inbox") == 4);
        webmail.script("window.allow()");
        undo.click();
        webmail.until("has all of them back", d -> count("inbox") == 10 && count("archive") == 0);
        row("Page 10.");
    }

    @Test
    void what_the_server_refuses_is_there_again_for_who_went_elsewhere_meanwhile() {
        webmail.script("location.hash = '#/Pile'");
        row("Sheet 200");
        webmail.script("document.querySelector('[data-testid=message-list]').scrollTop = 84 * 100");
        webmail.see(By.cssSelector(".row[aria-rowindex='101']:not(.empty)"));
        webmail.script("document.querySelector('[data-testid=message-list]').scrollTop = 0");
        row("Sheet 199").findElement(By.className("row-lead")).click();
        webmail.script("const real = window.fetch; const away = new Promise((done) => (window.refuse = done));"
                + "window.fetch = async (url, options) => { if (!String(options?.body).includes('\"Email/set\"')) return real(url, options);"
                + " await away; return new Response('', { status: 503 }); };");
        press("e");
        webmail.until("sees it go", d -> webmail.all(By.xpath("//*[@role='row'][contains(., 'Sheet 199')]"))
                .isEmpty());
        webmail.script("location.hash = '#/INBOX'");
        row("Page 10.");
        webmail.script("window.refuse()");
        webmail.text("That was not done");
        webmail.script("location.hash = '#/Pile'");
        row("Sheet 199");
    }

    @Test
    void a_letter_is_begun_though_the_server_says_nothing_to_one_that_is_discarded() {
        webmail.see("compose").click();
        webmail.see("compose-subject").sendKeys("Unheard");
        webmail.script(
                "const real = window.fetch; window.fetch = (url, options) => (String(options?.body).includes('\"Email/set\"') ? new Promise(() => {}) : real(url, options));");
        webmail.see("compose-discard").click();
        webmail.see("compose").click();
        webmail.until(
                "has another window",
                d -> webmail.see("compose-subject").getAttribute("value").isEmpty());
    }

    @Test
    void all_between_two_are_chosen_also_those_that_were_never_shown() {
        webmail.script("location.hash = '#/Pile'");
        row("Sheet 200").findElement(By.className("row-lead")).click();
        webmail.script("document.querySelector('[data-testid=message-list]').scrollTop = 1e6");
        WebElement last = webmail.see(By.cssSelector(".row[aria-rowindex='" + MAILS + "']:not(.empty)"));
        new Actions(webmail.driver())
                .keyDown(Keys.SHIFT)
                .click(last)
                .keyUp(Keys.SHIFT)
                .perform();
        webmail.text("200 selected");
    }

    @Test
    void a_file_that_did_not_go_is_sent_again() throws IOException {
        Path file = Webmail.file(1000);
        blocked("*/jmap/upload*");
        webmail.see("compose").click();
        webmail.see("compose-subject").sendKeys("With a file");
        webmail.there("compose-file").sendKeys(file.toString());
        webmail.see(By.cssSelector(".file.failed"));
        assertThat(webmail.see("compose-attachments-error").getText()).contains("The server cannot be reached.");
        blocked();
        webmail.see(By.className("file-again")).click();
        webmail.until("has it there", d -> d.findElements(By.cssSelector(".file.failed, .file.going"))
                .isEmpty());
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }
}
