package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** On the screen of a phone, in both languages and colours: nothing is cut off, and nothing shuts anybody out. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PhoneIT {

    private static final String SENDER = "ben@a.very.long.domain.far.test";

    private final Webmail webmail;
    private String user;

    PhoneIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void mail() throws Exception {
        Shelf shelf = new Shelf(webmail.server().maildir("walker"));
        for (int i = 1; i <= 20; i++)
            shelf.put("Ann <ann" + i + "@far.test>", "Subject: A matter " + i + "\n", "Words of it.\n", i % 3 > 0);
        shelf.put(
                "\"Ben, who has a name that is longer than any screen is wide\" <" + SENDER + ">",
                "Subject: On the way\n",
                "Words.\n",
                false);
        user = webmail.server().user("walker");
    }

    @AfterEach
    void putDown() {
        webmail.driver().executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    /** No window of a desk can be as small. */
    private void pickUp() {
        webmail.driver()
                .executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", 390, "height", 844, "deviceScaleFactor", 1, "mobile", true));
    }

    @ParameterizedTest
    @CsvSource({"en,light", "de,dark"})
    void a_phone_has_room_for_all(String language, String theme) throws Exception {
        webmail.open();
        webmail.script(
                "localStorage.setItem('posthorn.language', arguments[0]); localStorage.setItem('posthorn.theme', arguments[1])",
                language,
                theme);
        webmail.driver().navigate().refresh();
        webmail.enter(user);
        pickUp();
        webmail.text("On the way");
        look("list", theme);
        menu(theme);
        webmail.text("On the way").click();
        webmail.see("message-body");
        assertThat(webmail.see(By.className("message-address")).getText()).isEqualTo(SENDER);
        look("message", theme);
        webmail.driver().navigate().back();
        webmail.see(By.cssSelector(".float")).click();
        webmail.see("compose-to").sendKeys("bob@one.test,");
        webmail.see("compose-subject").sendKeys("From the road");
        webmail.see("compose-body").sendKeys("Soon there");
        look("compose", theme);
        webmail.see("compose-discard").click();
        webmail.gone("compose-window");
        webmail.see("settings").click();
        webmail.see("settings-window");
        look("settings", theme);
    }

    private void menu(String theme) throws Exception {
        webmail.see(By.cssSelector(".head .menu")).click();
        webmail.until(
                "is led into the menu",
                d -> webmail.script("return document.activeElement.closest('.side') !== null || null"));
        look("menu", theme);
        new Actions(webmail.driver()).sendKeys(Keys.ESCAPE).perform();
        webmail.until("sees it close", d -> !d.findElement(By.className("side")).isDisplayed());
        assertThat(webmail.script("return document.activeElement.matches('.menu')"))
                .isEqualTo(true);
    }

    private void look(String page, String theme) throws Exception {
        webmail.picture("phone-" + page + "-" + theme);
        assertThat((Boolean) webmail.script("return document.documentElement.scrollWidth <= innerWidth"))
                .as(page)
                .isTrue();
        assertThat(Axe.faults(webmail)).as(page + ", " + theme).isEmpty();
    }
}
