package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Logging in, the list, reading, searching, and putting mail where it belongs. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadingIT {

    private static final String HTML = "Content-Type: text/html; charset=utf-8\n";

    private final Webmail webmail;
    private final AtomicInteger fetched = new AtomicInteger();
    private HttpServer elsewhere;
    private String reader;

    ReadingIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void login() throws Exception {
        elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        elsewhere.createContext("/", exchange -> {
            fetched.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        elsewhere.start();
        Shelf shelf = new Shelf(webmail.server().maildir("reader"));
        for (int i = 1; i <= 12; i++)
            shelf.put("Carol <carol@far.test>", "Subject: Old news " + i + "\n", "Nothing new in " + i + ".\n", true);
        shelf.put("Ann <ann@far.test>", "Subject: Plans for spring\n", "Shall we plant a cherry tree?\n", true);
        shelf.put(
                "Ben <ben@far.test>",
                "Subject: Re: Plans for spring\nIn-Reply-To: <m13@made.test>\nReferences: <m13@made.test>\n",
                "A pear tree would be better.\n",
                false);
        String picture = "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/track.png";
        shelf.put(
                "Shop <shop@far.test>",
                "Subject: Offers\n" + HTML,
                "<p>Buy <img src='" + picture + "'> now</p>",
                false);
        shelf.put(
                "Dan <dan@far.test>",
                "Subject: The report\nContent-Type: multipart/mixed; boundary=b\n",
                "--b\nContent-Type: text/plain\n\nHere it is.\n--b\nContent-Type: text/csv; name=figures.csv\n"
                        + "Content-Disposition: attachment; filename=figures.csv\n\na,b\n--b--\n",
                false);
        reader = webmail.server().user("reader");
        webmail.login(reader);
    }

    @AfterAll
    void stop() {
        elsewhere.stop(0);
    }

    @BeforeEach
    void inbox() {
        go("#/INBOX");
        webmail.until("sees the head of the list", d -> {
            webmail.script("document.querySelector('[data-testid=message-list]').scrollTop = 0");
            return row("The report");
        });
    }

    private void go(String hash) {
        webmail.script("document.activeElement?.blur(); location.hash = arguments[0]", hash);
    }

    private void press(CharSequence... keys) {
        new Actions(webmail.driver()).sendKeys(keys).perform();
    }

    private WebElement row(String subject) {
        return webmail.see(
                By.xpath("//*[@role='row'][.//*[contains(@class,'row-subject')][contains(., '" + subject + "')]]"));
    }

    private void noRow(String subject) {
        webmail.until("sees no more " + subject, d -> d.findElements(By.xpath(
                        "//*[@role='row'][.//*[contains(@class,'row-subject')][contains(., '" + subject + "')]]"))
                .isEmpty());
    }

    private void read(String subject) {
        row(subject).findElement(By.className("row-subject")).click();
        webmail.see("message-body");
    }

    @Test
    void a_wrong_password_is_said_to_be_wrong() throws Exception {
        webmail.open();
        webmail.see("login-user").sendKeys(reader);
        webmail.see("login-password").sendKeys("not this");
        webmail.picture("login");
        webmail.see("login-submit").click();
        webmail.text("User name or password is wrong.");
        webmail.see("login-password").sendKeys(Server.PASSWORD, Keys.ENTER);
        webmail.see("message-list");
    }

    @Test
    void conversations_stand_once_in_the_list_and_are_read_as_one() throws Exception {
        webmail.picture("list");
        assertThat(row("Plans for spring").getText()).contains("2");
        read("Plans for spring");
        webmail.text("A pear tree would be better.");
        webmail.see(By.xpath("//article//button[contains(., 'Ann')]")).click();
        webmail.text("Shall we plant a cherry tree?");
        webmail.picture("conversation");
        assertThat(webmail.driver().getCurrentUrl()).contains("#/INBOX/");
    }

    @Test
    void a_mail_has_an_address_by_mailbox_and_uid() throws Exception {
        go("#/INBOX/uid/1");
        webmail.text("Nothing new in 1.");
        webmail.picture("address");
        read("Old news 12");
        webmail.until("has its address", d -> d.getCurrentUrl().endsWith("#/INBOX/uid/12"));
        webmail.driver().navigate().refresh();
        webmail.text("Nothing new in 12.");
    }

    @Test
    void mailboxes_tell_how_many_are_unread() throws Exception {
        int before = unread();
        new Jmap(webmail.server(), reader)
                .deliver("From: Eve <eve@far.test>\nTo: reader@one.test\nSubject: Counted\n\nOne more.\n");
        webmail.until("sees one more", d -> unread() == before + 1);
        webmail.picture("counts");
        read("Counted");
        webmail.until("sees one less", d -> unread() == before);
    }

    private int unread() {
        String count = webmail.see(By.cssSelector("a.mailbox-link[href='#/INBOX' i] .mailbox-count"))
                .getText();
        return Integer.parseInt(count.replaceAll("\\D", ""));
    }

    @Test
    void pictures_of_others_are_fetched_when_they_are_asked_for_and_not_before() throws Exception {
        read("Offers");
        webmail.see("show-pictures");
        webmail.picture("pictures-blocked");
        assertThat(fetched).hasValue(0);
        webmail.see("show-pictures").click();
        webmail.until("has the picture fetched", d -> fetched.get() > 0);
        webmail.picture("pictures-shown");
    }

    @Test
    void an_attachment_is_shown_and_can_be_fetched() {
        read("The report");
        webmail.text("figures.csv");
        webmail.see(By.cssSelector("button[aria-label='Download figures.csv']"));
    }

    @Test
    void a_search_finds_while_it_is_typed_and_marks_what_it_found() throws Exception {
        webmail.see("search").sendKeys("cherry");
        webmail.see(By.cssSelector("[data-testid=message-list] mark"));
        row("Plans for spring");
        noRow("The report");
        webmail.picture("search");
        webmail.see("search").sendKeys(Keys.chord(Keys.CONTROL, "a"), "from:dan has:attachment");
        row("The report");
        noRow("Plans for spring");
        webmail.driver().navigate().back();
        row("Plans for spring");
        assertThat(webmail.see("search").getAttribute("value")).isEmpty();
    }

    @Test
    void what_is_archived_or_deleted_comes_back_by_undo() throws Exception {
        read("Old news 11");
        press("e");
        webmail.text("Archived");
        noRow("Old news 11");
        webmail.picture("archived");
        press("z");
        row("Old news 11");
        go("#/INBOX");
        read("Old news 10");
        press("#");
        webmail.text("Moved to Trash");
        noRow("Old news 10");
        press("z");
        row("Old news 10");
    }

    @Test
    void several_are_chosen_by_the_keyboard_and_starred_together() throws Exception {
        row("Old news 12").findElement(By.className("row-lead")).click();
        new Actions(webmail.driver())
                .keyDown(Keys.SHIFT)
                .sendKeys(Keys.ARROW_DOWN)
                .keyUp(Keys.SHIFT)
                .perform();
        webmail.text("2 selected");
        webmail.picture("selected");
        press("s");
        webmail.until(
                "sees two stars",
                d -> d.findElements(By.cssSelector(".row.flagged")).size() == 2);
        press(Keys.ESCAPE);
    }

    @Test
    void several_are_archived_together_and_come_back_by_undo() throws Exception {
        for (String subject : List.of("Old news 7", "Old news 8"))
            row(subject).findElement(By.className("row-lead")).click();
        webmail.text("2 selected");
        webmail.see(By.cssSelector(".list-actions [aria-label=Archive]")).click();
        noRow("Old news 7");
        noRow("Old news 8");
        webmail.text("2 conversations: archived");
        webmail.picture("selected-archived");
        webmail.offer().click();
        row("Old news 7");
        row("Old news 8");
    }

    @Test
    void a_new_mailbox_takes_mail() throws Exception {
        webmail.see(By.className("side-new")).click();
        webmail.see(By.id("ask-line")).sendKeys("Projects", Keys.ENTER);
        webmail.text("Projects is there");
        read("Old news 9");
        press("v");
        webmail.see(By.cssSelector("dialog[open] input")).sendKeys("Proj", Keys.ENTER);
        webmail.text("Moved to Projects");
        go("#/Projects");
        row("Old news 9");
        noRow("The report");
    }

    @Test
    void new_mail_appears_by_itself() throws Exception {
        new Jmap(webmail.server(), reader)
                .deliver(
                        "From: Eve <eve@far.test>\nTo: reader@one.test\nSubject: Just now\nMessage-ID: <now@far.test>\n\nHere.\n");
        row("Just now");
        webmail.picture("new-mail");
    }

    @Test
    void it_is_dark_where_that_is_wanted_and_fits_a_phone() throws Exception {
        webmail.script("localStorage.setItem('posthorn.theme', 'dark'); dispatchEvent(new Event('posthorn:theme'))");
        read("Plans for spring");
        webmail.picture("dark");
        go("#/INBOX");
        try {
            webmail.driver().manage().window().setSize(Browser.PHONE);
            webmail.picture("phone-list");
            assertThat((Boolean) webmail.script("return document.documentElement.scrollWidth <= innerWidth"))
                    .isTrue();
            read("The report");
            webmail.picture("phone-message");
            assertThat((Boolean) webmail.script("return document.documentElement.scrollWidth <= innerWidth"))
                    .isTrue();
        } finally {
            webmail.driver().manage().window().setSize(Browser.DESK);
            webmail.script("localStorage.removeItem('posthorn.theme'); dispatchEvent(new Event('posthorn:theme'))");
        }
    }

    @Test
    void the_keys_are_shown_by_a_question_mark() throws IOException {
        press("?");
        webmail.text("Keyboard shortcuts");
        webmail.picture("keys");
        press(Keys.ESCAPE);
    }

    @Test
    void an_answer_quotes_what_it_answers_and_goes_to_who_wrote_it() throws Exception {
        read("Plans for spring");
        press("r");
        webmail.see("compose-window");
        webmail.see(By.cssSelector(".chip[data-email='ben@far.test']"));
        assertThat(webmail.see("compose-subject").getAttribute("value")).isEqualTo("Re: Plans for spring");
        assertThat(webmail.see(By.cssSelector("[data-testid=compose-body] blockquote"))
                        .getText())
                .isEqualTo("A pear tree would be better.");
        assertThat(webmail.see("compose-body").getText()).contains("Ben <ben@far.test> wrote:");
        webmail.picture("reply");
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }

    @Test
    void what_is_forwarded_takes_its_files_along() throws Exception {
        read("The report");
        press("f");
        webmail.see("compose-window");
        assertThat(webmail.see("compose-subject").getAttribute("value")).isEqualTo("Fwd: The report");
        webmail.see(By.xpath("//*[@data-testid='compose-attachments']//*[text()='figures.csv']"));
        assertThat(webmail.see("compose-body").getText())
                .contains("Forwarded message")
                .contains("Here it is.");
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }
}
