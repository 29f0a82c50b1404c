package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;

/** What became of a mail that was sent. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryIT {

    /** Mail is held for some seconds, in which it can be taken back. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Webmail webmail;
    private FarServer far;

    DeliveryIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void login() throws Exception {
        far = new FarServer(webmail.server().port(Server.FAR_PORT));
        webmail.server().user("addressee");
        webmail.login(webmail.server().user("author"));
    }

    @AfterAll
    void close() throws IOException {
        far.close();
    }

    private void says(String who, String words) {
        By line = By.xpath("//*[@data-testid='delivery']//li[*[text()='" + who + "']]");
        webmail.until(PATIENCE, "reads of " + who + " " + words, d -> d.findElement(line)
                .getText()
                .contains(words));
    }

    private int reports() {
        try {
            return new Jmap(webmail.server(), "author@one.test")
                    .call("EmailSubmission/get", "\"ids\":null")
                    .at("/list/0/dsnBlobIds")
                    .size();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void for_each_recipient_it_is_told_as_it_comes_about() throws Exception {
        webmail.see("compose").click();
        webmail.see("compose-to")
                .sendKeys("addressee@one.test,ann@elsewhere.test,450@elsewhere.test,550@elsewhere.test,");
        webmail.see("compose-subject").sendKeys("To four");
        webmail.see("compose-body").sendKeys("Not all of you get this.");
        webmail.see("send").click();
        webmail.text("Sent.");
        webmail.script("location.hash = '#/Sent'");
        webmail.see(By.xpath("//*[@role='row']//*[contains(@class,'row-subject')][contains(., 'To four')]"))
                .click();
        says("addressee@one.test", "Delivered");
        says("ann@elsewhere.test", "Handed to 127.0.0.1");
        says("550@elsewhere.test", "Failed: 550 5.1.1 nobody here has that name");
        says("450@elsewhere.test", "Waiting: 450 4.2.1 try later");
        webmail.picture("delivery");
        assertThat(webmail.see("delivery").getAttribute("aria-live")).isEqualTo("polite");
        assertThat(Axe.faults(webmail)).isEmpty();
        webmail.until("hears the report that came of it", d -> reports() == 1);
        webmail.server().exec("queue:remove all");
        says("450@elsewhere.test", "Failed: 554 5.7.0");
        says("addressee@one.test", "Delivered");
        webmail.picture("delivery-removed");
    }
}
