package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WindowType;

/** What is written is nobody else's: not of the next one at this browser, and not of two of its pages at once. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeavingIT {

    private final Webmail webmail;
    private final List<String> windows = new ArrayList<>();
    private String user;
    private String next;
    private String full;
    private Jmap mail;

    LeavingIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void users() throws Exception {
        user = webmail.server().user("leaver");
        next = webmail.server().user("follower");
        full = webmail.server().user(Server.FULL);
        mail = new Jmap(webmail.server(), user);
    }

    @BeforeEach
    void login() {
        windows.add(webmail.driver().getWindowHandle());
        webmail.login(user);
    }

    /** One window is left with the webmail in it, as there was. */
    @AfterEach
    void closeOthers() throws Exception {
        for (String window : webmail.driver().getWindowHandles()) {
            webmail.driver().switchTo().window(window);
            if (!window.equals(windows.get(0))) close(window);
        }
        webmail.driver().switchTo().window(windows.get(0));
        webmail.cut(false);
        for (var draft : mail.mails("drafts"))
            mail.call("Email/set", "\"destroy\":[\"" + draft.path("id").asText() + "\"]");
        windows.clear();
    }

    /** Nothing of ours is in it any more. On a busy machine the driver gives up before the browser has closed it; it is blank then, and is closed behind the next test. */
    private void close(String window) {
        webmail.driver().get("about:blank");
        try {
            webmail.driver().close();
        } catch (WebDriverException slow) {
            System.out.println("The blank window " + window + " is not closed yet: " + slow.getRawMessage());
        }
    }

    private void write(String subject, String text) {
        webmail.see("compose").click();
        webmail.see("compose-subject").sendKeys(subject);
        webmail.see("compose-body").sendKeys(text);
    }

    private List<String> drafts() throws Exception {
        List<String> texts = new ArrayList<>();
        for (var draft : mail.mails("drafts")) texts.add(Jmap.text(draft));
        return texts;
    }

    private Object kept() {
        return webmail.script("return Object.entries(localStorage).flat().join(' ')");
    }

    @Test
    void who_logs_out_finds_the_open_letter_in_drafts_and_the_browser_has_none_of_it() throws Exception {
        write("Half a letter", "Written until just now");
        webmail.see("logout").click();
        webmail.see("login-user");
        assertThat(kept()).asString().doesNotContain("Written until just now", "unsaved");
        assertThat(drafts()).containsExactly("Written until just now");
    }

    @Test
    void a_letter_in_another_window_is_saved_before_the_session_ends() throws Exception {
        write("In the first window", "Of the other window");
        webmail.driver().switchTo().newWindow(WindowType.TAB);
        webmail.driver().get(webmail.server().webmail());
        webmail.enter(user);
        webmail.see("logout").click();
        webmail.see("login-user");
        assertThat(kept()).asString().doesNotContain("Of the other window");
        assertThat(drafts()).containsExactly("Of the other window");
    }

    @Test
    void without_the_server_it_is_asked_and_what_is_given_up_is_gone() throws Exception {
        write("Out of reach", "For nobody else to read");
        webmail.cut(true);
        webmail.see("compose-body").sendKeys("!");
        webmail.see("logout").click();
        webmail.text("Log out and lose what you have written?");
        webmail.picture("leave");
        webmail.see(By.xpath("//dialog//button[.='Cancel']")).click();
        assertThat(webmail.see("compose-body").getText()).isEqualTo("For nobody else to read!");
        webmail.see("logout").click();
        webmail.see(By.xpath("//dialog//button[.='Log out']")).click();
        webmail.see("login-user");
        assertThat(kept()).asString().doesNotContain("For nobody else to read", "unsaved");
        webmail.cut(false);
        webmail.enter(next);
        webmail.see("message-list");
        assertThat(kept()).asString().doesNotContain("For nobody else to read");
        assertThat(new Jmap(webmail.server(), next).mails("drafts")).isEmpty();
    }

    @Test
    void what_the_server_refuses_in_another_window_is_asked_for_and_what_is_given_up_is_gone() throws Exception {
        stay(webmail.server().webmail(), full);
        writeRefused("No room for this");
        String writer = webmail.driver().getWindowHandle();
        anotherWindow();
        logoutIsAsked("Cancel");
        webmail.driver().switchTo().window(writer);
        assertThat(webmail.see("compose-body").getText()).isEqualTo("No room for this");
        anotherWindow();
        logoutIsAsked("Log out");
        webmail.see("login-user");
        nothingIsLeft(writer, "No room for this");
    }

    @Test
    void what_is_given_up_without_the_server_is_not_kept_again_by_its_window() throws Exception {
        stay(webmail.server().webmail(), user);
        writeWithoutLine("Given up elsewhere");
        String writer = webmail.driver().getWindowHandle();
        anotherWindow();
        logoutIsAsked("Log out");
        webmail.see("login-user");
        nothingIsLeft(writer, "Given up elsewhere");
    }

    @Test
    void a_window_that_is_busy_is_heard_when_another_one_was_faster() {
        stay(webmail.server().webmail(), full);
        webmail.script("window.busy = new BroadcastChannel('posthorn.leaving');"
                + "busy.onmessage = ({ data }) => {"
                + " const end = performance.now() + 100; while (data.leaves && performance.now() < end); };");
        writeRefused("Slow to answer");
        anotherWindow();
        webmail.see("compose").click();
        webmail.see("compose-body");
        anotherWindow();
        logoutIsAsked("Cancel");
    }

    private void writeRefused(String text) {
        write("Too much", text);
        webmail.until(
                "reads that it is refused",
                d -> webmail.see("compose-state").getText().equals("Not saved"));
    }

    private void anotherWindow() {
        webmail.driver().switchTo().newWindow(WindowType.TAB);
        webmail.driver().get(webmail.server().webmail());
        webmail.see("message-list");
    }

    private void logoutIsAsked(String answer) {
        webmail.see("logout").click();
        webmail.text("Log out and lose what you have written?");
        webmail.see(By.xpath("//dialog//footer/button[.='" + answer + "']")).click();
    }

    /** As the next one finds the browser, once the page of the writer has gone. */
    private void nothingIsLeft(String writer, String text) {
        webmail.driver().switchTo().window(writer);
        webmail.driver().navigate().refresh();
        webmail.see("login-user");
        assertThat(kept()).asString().doesNotContain(text, "unsaved");
    }

    /** Logs in for all windows. */
    private void stay(String url, String who) {
        webmail.driver().get(url);
        webmail.script("localStorage.clear(); sessionStorage.clear();");
        webmail.driver().navigate().refresh();
        webmail.see(By.id("login-stay")).click();
        webmail.enter(who);
    }

    /** Logged in for all windows, where the browser has no locks. */
    private void plain() {
        stay(webmail.server().plainWebmail(), user);
        assertThat(webmail.script("return [isSecureContext, typeof navigator.locks]"))
                .isEqualTo(List.of(false, "undefined"));
    }

    private void writeWithoutLine(String text) {
        webmail.see("compose").click();
        webmail.see("compose-body");
        webmail.cut(true);
        webmail.see("compose-body").sendKeys(text);
        webmail.until(
                "reads that it is kept",
                d -> webmail.see("compose-state").getText().contains("kept"));
    }

    @Test
    void without_tls_a_letter_that_is_open_is_not_taken_for_one_that_was_left() throws Exception {
        plain();
        writeWithoutLine("In use");
        String key = keptKey();
        webmail.driver().switchTo().newWindow(WindowType.TAB);
        webmail.driver().get(webmail.server().plainWebmail());
        webmail.see("message-list");
        assertThat(webmail.module("claims.js", "return module.alone(args[0], () => 'mine')", key))
                .isNull();
        assertThat(keptKey()).isEqualTo(key);
        assertThat(drafts()).isEmpty();
    }

    private String keptKey() {
        return (String) webmail.script("return Object.keys(localStorage).find(k => k.startsWith('posthorn.unsaved.'))");
    }

    @Test
    void without_tls_one_of_two_windows_puts_a_letter_that_was_left_into_drafts() throws Exception {
        plain();
        writeWithoutLine("Once and no more");
        webmail.driver().get(webmail.server().plainWebmail() + "none");
        webmail.cut(false);
        Set<String> before = new HashSet<>(webmail.driver().getWindowHandles());
        webmail.script("open('/mail/'); open('/mail/');");
        webmail.until("has two windows more", d -> d.getWindowHandles().size() == before.size() + 2);
        int told = 0;
        for (String window : webmail.driver().getWindowHandles()) {
            if (before.contains(window)) continue;
            webmail.driver().switchTo().window(window);
            webmail.see("message-list");
            webmail.until("has nothing kept", d -> keptKey() == null);
            // What was begun before is over when nobody has the claim.
            webmail.until(
                    "sees all done",
                    d -> webmail.module("claims.js", "return module.alone('posthorn.unsaved.none', () => true)"));
            told += webmail.all(By.xpath("//*[contains(@class,'toast')][contains(., 'A draft that was kept')]"))
                            .isEmpty()
                    ? 0
                    : 1;
        }
        assertThat(told).isEqualTo(1);
        assertThat(drafts()).containsExactly("Once and no more");
    }
}
