package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** Login, list, message, search, compose, settings: axe-core finds nothing serious or critical, in light and in dark. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessibilityIT {

    private final Webmail webmail;
    private String user;

    AccessibilityIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void mail() throws Exception {
        Shelf shelf = new Shelf(webmail.server().maildir("access"));
        for (int i = 1; i <= 30; i++)
            shelf.put("Ann <ann" + i + "@far.test>", "Subject: A matter " + i + "\n", "Words of it.\n", i % 3 > 0);
        shelf.put(
                "Ben <ben@far.test>",
                "Subject: With all\nContent-Type: multipart/mixed; boundary=b\n",
                "--b\nContent-Type: text/html\n\n<p>Look: <img src='http://far.test/x.png'></p>\n--b\nContent-Type: text/csv; name=f.csv\n"
                        + "Content-Disposition: attachment; filename=f.csv\n\na\n--b--\n",
                false);
        user = webmail.server().user("access");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void nothing_shuts_anybody_out(String theme) throws Exception {
        webmail.open();
        webmail.script(
                "localStorage.setItem('posthorn.theme', arguments[0]); dispatchEvent(new Event('posthorn:theme'))",
                theme);
        check("login", theme);
        webmail.see("login-user").sendKeys(user);
        webmail.see("login-password").sendKeys(Server.PASSWORD);
        webmail.see("login-submit").click();
        webmail.text("With all");
        check("list", theme);
        webmail.see(By.className("row-lead")).click();
        webmail.see(By.cssSelector(".list-actions"));
        check("selected", theme);
        press("v");
        webmail.see(By.cssSelector("dialog[open] input"));
        check("move", theme);
        press(Keys.ESCAPE);
        press(Keys.ESCAPE);
        press("?");
        webmail.text("Keyboard shortcuts");
        check("keys", theme);
        press(Keys.ESCAPE);
        webmail.text("With all").click();
        webmail.text("f.csv");
        check("message", theme);
        webmail.see("search").sendKeys("matter");
        webmail.see(By.cssSelector("[data-testid=message-list] mark"));
        check("search", theme);
        webmail.see("compose").click();
        webmail.see("compose-to").sendKeys("bob@one.test, nonsense,");
        webmail.see("compose-subject").sendKeys("Words");
        webmail.see("compose-body").sendKeys("Text");
        check("compose", theme);
        webmail.see("send-later").click();
        webmail.see("later-time");
        check("later", theme);
        press(Keys.ESCAPE);
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
        webmail.see("settings").click();
        webmail.see("settings-window");
        check("settings", theme);
    }

    private void press(CharSequence... keys) {
        new Actions(webmail.driver()).sendKeys(keys).perform();
    }

    private void check(String page, String theme) throws IOException {
        webmail.picture("access-" + page + "-" + theme);
        assertThat(Axe.faults(webmail)).as(page + ", " + theme).isEmpty();
    }
}
