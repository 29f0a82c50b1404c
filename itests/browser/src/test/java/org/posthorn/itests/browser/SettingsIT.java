package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.Select;

/** Appearance, identities, sessions and app passwords. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SettingsIT {

    private final Webmail webmail;
    private String user;

    SettingsIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void make() throws Exception {
        user = webmail.server().user("settler");
    }

    @BeforeEach
    void open() {
        webmail.login(user);
        webmail.see("settings").click();
        webmail.see("settings-window");
    }

    private int status(String path, String password) throws Exception {
        String who = Base64.getEncoder().encodeToString((user + ":" + password).getBytes());
        URI uri = URI.create("http://localhost:" + webmail.server().port(8080) + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Basic " + who)
                .build();
        return HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()
                .send(request, BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void the_theme_is_what_is_chosen_and_stays_so() throws Exception {
        new Select(webmail.see("settings-theme")).selectByValue("dark");
        assertThat(webmail.script("return document.documentElement.dataset.theme"))
                .isEqualTo("dark");
        webmail.driver().navigate().refresh();
        webmail.until(
                "sees it dark", d -> "dark".equals(webmail.script("return document.documentElement.dataset.theme")));
    }

    @Test
    void the_page_speaks_german_where_that_is_chosen() throws Exception {
        new Select(webmail.see("settings-language")).selectByVisibleText("Deutsch");
        webmail.text("Posteingang");
        webmail.text("Schreiben");
        assertThat(webmail.see("settings-window").getText()).contains("Aussehen");
        webmail.see(By.cssSelector("dialog[open] header button")).sendKeys(Keys.ENTER);
        webmail.gone("settings-window");
        new Actions(webmail.driver()).sendKeys("?").perform();
        webmail.text("Leertaste");
        webmail.text("Umschalt I");
        new Actions(webmail.driver()).sendKeys(Keys.ESCAPE).perform();
        new Jmap(webmail.server(), user)
                .deliver("From: Jörg <joerg@far.test>\nTo: settler@one.test\nSubject: Gruß aus Köln\n"
                        + "Content-Type: text/plain; charset=utf-8\n\nSchönes Wetter hier.\n");
        webmail.text("Gruß aus Köln");
        webmail.picture("german");
        assertThat(webmail.script("return document.documentElement.lang")).isEqualTo("de");
        assertThat(Axe.faults(webmail)).isEmpty();
        webmail.see("settings").click();
        new Select(webmail.see("settings-language")).selectByVisibleText("English");
        webmail.text("Inbox");
    }

    @Test
    void an_app_password_is_shown_once_opens_the_door_and_does_not_when_it_is_revoked() throws Exception {
        webmail.see("app-password-name").sendKeys("Mail on the phone", Keys.ENTER);
        webmail.until("is led to it", d -> d.switchTo().activeElement().equals(webmail.see("app-password")));
        String password = webmail.see("app-password").getText();
        webmail.picture("app-password");
        assertThat(
                        (Boolean)
                                webmail.script(
                                        "const body = document.querySelector('dialog[open] .dialog-body').getBoundingClientRect();"
                                                + "return [...document.querySelectorAll('.made > *')].every((one) => {"
                                                + " const { top, bottom, left, right } = one.getBoundingClientRect();"
                                                + " return top >= body.top && bottom <= body.bottom && left >= body.left && right <= body.right; })"))
                .as("all of it is seen")
                .isTrue();
        assertThat(Axe.faults(webmail)).isEmpty();
        assertThat(status("/.well-known/jmap", password)).isEqualTo(200);
        webmail.see("app-password-revoke").click();
        webmail.until("sees it go", d -> d.findElements(By.cssSelector("[data-testid=app-password-revoke]"))
                .isEmpty());
        assertThat(status("/.well-known/jmap", password)).isEqualTo(401);
    }

    @Test
    void another_session_is_ended_and_this_one_stays() throws Exception {
        String here = (String) webmail.script("return sessionStorage.getItem('posthorn.token')");
        webmail.open();
        webmail.login(user);
        webmail.see("settings").click();
        WebElement list = webmail.see("session-list");
        webmail.until(
                "sees both sessions", d -> list.findElements(By.tagName("li")).size() >= 2);
        webmail.picture("sessions");
        while (!webmail.all(By.cssSelector("[data-testid=session-end]")).isEmpty()) {
            int before =
                    webmail.all(By.cssSelector("[data-testid=session-end]")).size();
            webmail.see("session-end").click();
            webmail.until(
                    "sees one less",
                    d -> d.findElements(By.cssSelector("[data-testid=session-end]"))
                                    .size()
                            < before);
        }
        URI uri = URI.create("http://localhost:" + webmail.server().port(8080) + "/auth/tokens");
        HttpRequest old = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + here)
                .build();
        assertThat(HttpClient.newHttpClient().send(old, BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        webmail.see(By.cssSelector("dialog[open] header button")).sendKeys(Keys.ENTER);
        webmail.see("message-list");
    }

    @Test
    void name_and_signature_of_an_identity_are_in_the_next_mail() throws Exception {
        webmail.see("identity-name").clear();
        webmail.see("identity-name").sendKeys("Sam Settler");
        webmail.see("identity-signature").sendKeys("Sam, in the valley");
        webmail.see("identity-save").click();
        webmail.text("Saved.");
        webmail.picture("identity");
        webmail.see(By.cssSelector("dialog[open] header button")).sendKeys(Keys.ENTER);
        webmail.see("compose").click();
        assertThat(webmail.see("compose-body").getText()).contains("--").contains("Sam, in the valley");
        webmail.see("compose-discard").click();
    }
}
