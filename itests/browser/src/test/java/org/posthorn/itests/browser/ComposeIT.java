package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** Writing a mail: addresses, text, files, and the draft that saves itself. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComposeIT {

    private static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC";

    private final Webmail webmail;
    private Jmap mail;

    ComposeIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void login() throws Exception {
        String writer = webmail.server().user("writer");
        mail = new Jmap(webmail.server(), writer);
        webmail.login(writer);
    }

    @BeforeEach
    void compose() throws Exception {
        webmail.see("compose").click();
        webmail.see("compose-window");
    }

    private JsonNode draft(String subject) {
        return draft(subject, "");
    }

    /** The one before may be there for a moment yet. @param text what it has in it */
    private JsonNode draft(String subject, String text) {
        return webmail.until("has a draft " + subject, d -> {
            try {
                List<JsonNode> found = new ArrayList<>();
                mail.mails("drafts").forEach(found::add);
                found.removeIf(one -> !one.path("subject").asText().equals(subject)
                        || !Jmap.text(one).contains(text));
                return found.isEmpty() ? null : found.get(0);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private void close() {
        webmail.see("compose-close").click();
        webmail.gone("compose-window");
    }

    private void waitForState(String state) {
        webmail.until(
                "reads " + state, d -> webmail.see("compose-state").getText().equals(state));
    }

    @Test
    void what_is_written_is_in_drafts_once_and_stays_there() throws Exception {
        webmail.see("compose-to").sendKeys("bob@one.test,");
        webmail.see("compose-subject").sendKeys("A letter");
        webmail.see("compose-body").sendKeys("First line");
        waitForState("Saved");
        webmail.picture("draft-saved");
        webmail.see("compose-body").sendKeys(Keys.ENTER, "second line");
        close();
        webmail.text("Saved in Drafts.");
        JsonNode draft = draft("A letter");
        assertThat(Jmap.text(draft)).isEqualTo("First line\nsecond line");
        assertThat(draft.path("keywords").path("$draft").asBoolean()).isTrue();
        assertThat(draft.path("to").path(0).path("email").asText()).isEqualTo("bob@one.test");
        long copies = mail.mails("drafts").findValuesAsText("subject").stream()
                .filter("A letter"::equals)
                .count();
        assertThat(copies).isEqualTo(1);
    }

    @Test
    void what_is_bold_listed_quoted_or_a_link_is_so_in_the_mail_and_its_plain_text_says_the_same() throws Exception {
        webmail.see("compose-subject").sendKeys("Rich");
        WebElement body = webmail.see("compose-body");
        webmail.see("tool-bold").click();
        body.sendKeys("loud");
        webmail.see("tool-bold").click();
        body.sendKeys(" and soft", Keys.ENTER);
        webmail.see("tool-bullets").click();
        body.sendKeys("one", Keys.ENTER, "two", Keys.ENTER, Keys.ENTER);
        webmail.see("tool-link").click();
        webmail.see("link-address").sendKeys("https://example.org/");
        webmail.see("link-set").click();
        webmail.picture("compose-rich");
        close();
        JsonNode draft = draft("Rich");
        assertThat(Jmap.html(draft))
                .contains("<b>loud</b>")
                .contains("and soft")
                .contains("<li>one</li><li>two</li>");
        assertThat(Jmap.html(draft))
                .contains("<a href=\"https://example.org/\">")
                .doesNotContain("style=");
        assertThat(Jmap.text(draft))
                .contains("loud and soft")
                .contains("* one\n* two")
                .contains("https://example.org/");
    }

    @Test
    void what_is_pasted_comes_without_scripts_styles_and_foreign_pictures() throws Exception {
        webmail.see("compose-subject").sendKeys("Pasted");
        WebElement body = webmail.see("compose-body");
        body.click();
        String html =
                "<p style='position:fixed' onclick='window.hit=1'>good <b>words</b><img src=x onerror='window.hit=2'>"
                        + "<script>window.hit=3</script><a href='javascript:window.hit=4'>link</a><form><input name=q></form></p>";
        webmail.script(
                "const data = new DataTransfer(); data.setData('text/html', arguments[1]); data.setData('text/plain', 'good words');"
                        + "arguments[0].dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));",
                body,
                html);
        close();
        JsonNode draft = draft("Pasted");
        assertThat(Jmap.html(draft)).contains("good <b>words</b>");
        assertThat(Jmap.html(draft))
                .doesNotContainIgnoringCase("<script", "style", "onclick", "onerror", "<form", "<input", "<img");
        assertThat(webmail.script("return window.hit")).isNull();
    }

    @Test
    void a_file_comes_along_by_the_button_and_a_dropped_one_can_be_taken_away() throws Exception {
        Path file = Files.writeString(Files.createTempFile("posthorn", ".txt"), "what the file says");
        webmail.see("compose-subject").sendKeys("With file");
        webmail.there("compose-file").sendKeys(file.toString());
        webmail.text(file.getFileName().toString());
        drop("compose-attachments", "dropped.txt", "text/plain", "eA==");
        webmail.text("dropped.txt");
        webmail.picture("compose-attachments");
        webmail.see(By.cssSelector("button[aria-label='Remove dropped.txt']")).click();
        waitForState("Saved");
        webmail.see("compose-body").sendKeys("saved again, after the draft before it has gone");
        close();
        JsonNode draft = draft("With file", "saved again");
        assertThat(draft.path("attachments")).hasSize(1);
        byte[] content =
                mail.download(draft.path("attachments").path(0).path("blobId").asText());
        assertThat(new String(content, StandardCharsets.UTF_8)).isEqualTo("what the file says");
    }

    @Test
    void a_file_that_is_dropped_shows_how_far_it_is() throws Exception {
        webmail.see("compose-subject").sendKeys("On its way");
        waitForState("Saved");
        webmail.slowUploads(true);
        try {
            drop("compose-attachments", "large.bin", "application/octet-stream", "eHh4".repeat(60_000));
            WebElement bar = webmail.see(By.cssSelector("[data-testid=compose-attachments] progress"));
            webmail.until("sees it going", d -> part(bar) > 0 && part(bar) < 1);
            webmail.picture("compose-progress");
            assertThat(bar.getAttribute("aria-label")).contains("large.bin");
        } finally {
            webmail.slowUploads(false);
        }
        webmail.until("has it there", d -> d.findElements(By.cssSelector(".file.going"))
                .isEmpty());
        assertThat(webmail.all(By.cssSelector(".file progress:not([hidden])"))).isEmpty();
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }

    private static double part(WebElement bar) {
        return Double.parseDouble(bar.getDomProperty("value"));
    }

    private void drop(String testId, String name, String type, String base64) {
        webmail.script(
                "const octets = Uint8Array.from(atob(arguments[3]), c => c.charCodeAt(0));"
                        + "const data = new DataTransfer(); data.items.add(new File([octets], arguments[1], { type: arguments[2] }));"
                        + "for (const type of ['dragenter', 'dragover', 'drop'])"
                        + " arguments[0].dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));",
                webmail.there(testId),
                name,
                type,
                base64);
    }

    @Test
    void a_picture_that_is_dropped_into_the_text_stands_in_it_and_is_there_when_the_draft_is_opened_again()
            throws Exception {
        webmail.see("compose-subject").sendKeys("Picture");
        webmail.see("compose-body").sendKeys("Look: ");
        drop("compose-body", "square.png", "image/png", PNG);
        webmail.see(By.cssSelector("[data-testid=compose-body] img[alt=square]"));
        webmail.picture("compose-inline");
        waitForState("Saved");
        close();
        JsonNode draft = draft("Picture");
        JsonNode picture = draft.path("attachments").path(0);
        assertThat(picture.path("disposition").asText()).isEqualTo("inline");
        assertThat(Jmap.html(draft)).contains("cid:" + picture.path("cid").asText());
        reopen("Picture");
        webmail.until(
                "sees the picture",
                d -> webmail.script(
                        "const p = document.querySelector('[data-testid=compose-body] img'); return p && p.naturalWidth === 8 ? true : null"));
        webmail.see("compose-body").sendKeys("!");
        waitForState("Saved");
        assertThat(draft("Picture").path("attachments")).hasSize(1);
        close();
    }

    /** From the list of drafts, as anybody does it. */
    private void reopen(String subject) {
        webmail.script("location.hash = '#/Drafts'");
        webmail.see(By.xpath("//*[@role='row']//*[contains(@class,'row-subject')][contains(., '" + subject + "')]"))
                .click();
        webmail.see(By.xpath("//button[contains(., 'Edit draft')]")).click();
        webmail.see("compose-window");
    }

    @Test
    void plain_text_is_sent_as_that_alone() throws Exception {
        webmail.see("compose-subject").sendKeys("Plain");
        webmail.see("compose-body").sendKeys("was rich");
        webmail.see("plain-switch").click();
        webmail.see("compose-plain").sendKeys(" and is plain");
        close();
        JsonNode draft = draft("Plain");
        assertThat(draft.path("bodyStructure").path("type").asText()).isEqualTo("text/plain");
        assertThat(Jmap.text(draft)).contains("was rich and is plain").isNotEqualTo("");
    }

    @Test
    void a_recipient_is_a_chip_and_one_that_is_none_is_marked() throws Exception {
        webmail.see("compose-to").sendKeys("Bob Builder <bob@one.test>, nonsense", Keys.ENTER);
        webmail.text("Bob Builder");
        webmail.see(By.cssSelector(".chip.invalid"));
        assertThat(webmail.see("compose-to-error").getText()).contains("nonsense");
        webmail.picture("compose-invalid");
        webmail.see("compose-to").sendKeys(Keys.BACK_SPACE);
        assertThat(webmail.see("compose-to").getAttribute("value")).isEqualTo("nonsense");
        webmail.see("show-cc").click();
        webmail.see("compose-cc").sendKeys("carol@one.test", Keys.TAB);
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }

    @Test
    void without_a_connection_the_draft_is_kept_and_saved_when_there_is_one_again() throws Exception {
        webmail.see("compose-subject").sendKeys("Far from any network");
        waitForState("Saved");
        network(true);
        try {
            webmail.see("compose-body").sendKeys("written in a tunnel");
            waitForState("No connection: kept in this browser");
            webmail.picture("compose-offline");
        } finally {
            network(false);
        }
        waitForState("Saved");
        close();
        assertThat(Jmap.text(draft("Far from any network")).strip()).isEqualTo("written in a tunnel");
        long copies = mail.mails("drafts").findValuesAsText("subject").stream()
                .filter("Far from any network"::equals)
                .count();
        assertThat(copies).isEqualTo(1);
    }

    @Test
    void a_window_that_is_closed_while_a_file_is_on_its_way_waits_for_it() throws Exception {
        webmail.see("compose-subject").sendKeys("Slow line");
        waitForState("Saved");
        webmail.slowUploads(true);
        try {
            webmail.there("compose-file").sendKeys(Webmail.file(200_000).toString());
            webmail.see("compose-close").click();
            webmail.until(
                    "sees that it uploads",
                    d -> webmail.see("compose-state").getText().startsWith("Uploading"));
            webmail.gone("compose-window");
        } finally {
            webmail.slowUploads(false);
        }
        webmail.until(
                "has the draft with its file",
                d -> draft("Slow line").path("attachments").size() == 1 ? true : null);
    }

    @Test
    void however_fast_it_is_asked_for_there_is_one_window() throws Exception {
        webmail.script("const b = document.querySelector('[data-testid=compose]'); b.click(); b.click(); b.click();");
        webmail.see("compose-window");
        webmail.see("compose-subject").sendKeys("One of three");
        waitForState("Saved");
        webmail.picture("compose-one");
        assertThat(webmail.all(By.cssSelector("[data-testid='compose-window']")))
                .hasSize(1);
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
    }

    @Test
    void what_is_pasted_keeps_its_direction_its_cells_its_numbers_and_its_sizes() throws Exception {
        webmail.see("compose-subject").sendKeys("Shapes");
        WebElement body = webmail.see("compose-body");
        body.click();
        paste(
                body,
                "<p dir='rtl' lang='he'>words</p><ol start='7'><li>seven</li></ol>"
                        + "<table><tbody><tr><td colspan='2' rowspan='3'>cell</td></tr></tbody></table>"
                        + "<p><img src='https://example.org/a.png' width='30' height='20' alt='a'></p>"
                        + "<p><a href='java&#10;script:window.hit=5'>one</a><a href='data:text/html,x'>two</a>"
                        + "<a href='vbscript:x'>three</a><a href='file:///etc/passwd'>four</a></p>");
        close();
        JsonNode draft = draft("Shapes");
        assertThat(Jmap.html(draft))
                .contains("dir=\"rtl\"", "lang=\"he\"", "start=\"7\"", "colspan=\"2\"", "rowspan=\"3\"")
                .contains("width=\"30\"", "height=\"20\"")
                .doesNotContain("script:", "data:", "file:");
        assertThat(Jmap.text(draft)).contains("7. seven");
    }

    private void paste(WebElement into, String html) {
        webmail.script(
                "const data = new DataTransfer(); data.setData('text/html', arguments[1]);"
                        + "arguments[0].dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));",
                into,
                html);
    }

    @Test
    void ones_signature_stands_above_what_is_quoted_and_changes_nothing_in_it() throws Exception {
        webmail.see("compose-discard").click();
        mail.deliver(
                "From: ann@one.test\nTo: writer@one.test\nSubject: Signed\nMIME-Version: 1.0\n"
                        + "Content-Type: text/html\n\n<div data-signature>Her signature</div><blockquote>her quote</blockquote>\n");
        String identity = mail.call("Identity/get", "\"ids\":null")
                .path("list")
                .path(0)
                .path("id")
                .asText();
        sign(identity, "My signature");
        try {
            answer("Signed", "Reply");
            assertThat(webmail.see("compose-body").getText())
                    .containsSubsequence("My signature", "wrote:", "Her signature", "her quote");
            webmail.see("plain-switch").click();
            webmail.see("plain-switch").click();
            assertThat(webmail.all(By.cssSelector("[data-testid=compose-body] > [data-signature]")))
                    .hasSize(1);
            webmail.see("compose-discard").click();
            webmail.gone("compose-window");
            webmail.see(By.xpath("//button[contains(., 'Forward')]")).click();
            webmail.see("compose-window");
            assertThat(webmail.see("compose-body").getText())
                    .containsSubsequence("My signature", "Forwarded message", "Her signature", "her quote");
            webmail.see("compose-discard").click();
            webmail.gone("compose-window");
        } finally {
            sign(identity, "");
        }
    }

    @Test
    void a_plain_draft_that_is_opened_again_has_one_signature_whoever_it_comes_from() throws Exception {
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
        JsonNode first = mail.call("Identity/get", "\"ids\":null").path("list").path(0);
        sign(first.path("id").asText(), "My signature\\n\\nin two parts");
        String second = mail.call(
                        "Identity/set",
                        "\"create\":{\"two\":{\"name\":\"The other\",\"email\":" + first.path("email")
                                + ",\"textSignature\":\"Other signature\"}}")
                .at("/created/two/id")
                .asText();
        try {
            webmail.see("compose").click();
            webmail.see("compose-subject").sendKeys("Signed plainly");
            webmail.see("plain-switch").click();
            webmail.see("compose-plain").sendKeys("Words");
            close();
            reopen("Signed plainly");
            assertThat(webmail.see("compose-plain").getAttribute("value")).contains("-- \nMy signature");
            assertThat((Boolean) webmail.script("const field = document.getElementById('compose-from');"
                            + "const { right, top, height } = field.getBoundingClientRect();"
                            + "return document.elementFromPoint(right - 6, top + height / 2) === field"))
                    .as("nothing lies on its arrow")
                    .isTrue();
            new Select(webmail.see("compose-from")).selectByIndex(1);
            assertThat(webmail.see("compose-plain").getAttribute("value"))
                    .contains("Words")
                    .containsOnlyOnce("-- \nOther signature")
                    .doesNotContain("My signature", "in two parts");
            webmail.see("compose-discard").click();
            webmail.gone("compose-window");
        } finally {
            mail.call("Identity/set", "\"destroy\":[\"" + second + "\"]");
            sign(first.path("id").asText(), "");
        }
    }

    private void sign(String identity, String signature) throws Exception {
        mail.call("Identity/set", "\"update\":{\"" + identity + "\":{\"textSignature\":\"" + signature + "\"}}");
    }

    @Test
    void a_mail_is_answered_whatever_stands_in_it() throws Exception {
        webmail.see("compose-discard").click();
        mail.deliver("From: eve@one.test\nTo: writer@one.test\nSubject: Half a cid\nMIME-Version: 1.0\n"
                + "Content-Type: text/html\n\n<p>look<img src=\"cid:100%\"></p>\n");
        mail.deliver("From: eve@one.test\nTo: writer@one.test\nSubject: Deep quote\n\n" + ">".repeat(900) + "\n"
                + (">".repeat(900) + "\n").repeat(20) + "end\n");
        for (String subject : List.of("Half a cid", "Deep quote")) {
            answer(subject, "Reply");
            webmail.see("compose-discard").click();
            webmail.gone("compose-window");
        }
    }

    private void answer(String subject, String button) {
        webmail.script("location.hash = '#/INBOX'");
        webmail.see(By.xpath("//*[@role='row']//*[contains(@class,'row-subject')][contains(., '" + subject + "')]"))
                .click();
        webmail.see(By.xpath("//button[normalize-space()='" + button + "']")).click();
        webmail.see("compose-window");
    }

    private void network(boolean offline) {
        webmail.driver().executeCdpCommand("Network.enable", java.util.Map.of());
        webmail.driver()
                .executeCdpCommand(
                        "Network.emulateNetworkConditions",
                        java.util.Map.of(
                                "offline", offline, "latency", 0, "downloadThroughput", -1, "uploadThroughput", -1));
    }
}
