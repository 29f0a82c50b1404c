package org.posthorn.itests.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.FluentWait;

/** What a user does with the webmail. All waits are for something to be seen. */
final class Webmail {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Server server;
    private final ChromeDriver driver;

    Webmail(Server server, ChromeDriver driver) {
        this.server = server;
        this.driver = driver;
    }

    Server server() {
        return server;
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Opens it as on a machine where nobody was before. */
    void open() {
        driver.manage().window().setSize(Browser.DESK);
        driver.get(server.webmail());
        script("localStorage.clear(); sessionStorage.clear();");
        driver.get("about:blank");
        driver.get(server.webmail());
        see("login-user");
    }

    void login(String address) {
        open();
        enter(address);
    }

    /** Says who he is, on the page that asks for it. */
    void enter(String address) {
        see("login-user").sendKeys(address);
        see("login-password").sendKeys(Server.PASSWORD);
        see("login-submit").click();
        see("compose");
    }

    /** Whether requests to the API of the server fail in this window, as if the line were cut. */
    void cut(boolean cut) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", cut ? List.of("*/jmap/api*") : List.of()));
    }

    /** What a module of the page gives. @param code the body of a function of {@code module}, whose result, or a promise of it, is the answer */
    Object module(String name, String code, Object... arguments) {
        Object answer = async(
                "const [name, args, done] = arguments; const root = document.querySelector('script[type=module]').src;"
                        + "import(new URL(name, root).href).then(async (module) => {" + code + "})"
                        + ".then(value => done({ value: value ?? null }), error => done({ error: String(error?.stack ?? error) }))",
                name,
                List.of(arguments));
        Map<?, ?> told = (Map<?, ?>) answer;
        if (told.containsKey("error")) throw new AssertionError(name + ": " + told.get("error"));
        return told.get("value");
    }

    private static By byTestId(String id) {
        return By.cssSelector("[data-testid='" + id + "']");
    }

    /** Waits until it is seen. */
    WebElement see(String testId) {
        return see(byTestId(testId));
    }

    WebElement see(By what) {
        return until("sees " + what, d -> {
            WebElement element = d.findElement(what);
            return element.isDisplayed() ? element : null;
        });
    }

    WebElement there(String testId) {
        return until("has " + testId, d -> d.findElement(byTestId(testId)));
    }

    List<WebElement> all(By what) {
        return driver.findElements(what);
    }

    /** Waits until it is not there, or is not seen any more. */
    void gone(String testId) {
        until("sees no more " + testId, d -> d.findElements(byTestId(testId)).stream()
                .noneMatch(WebElement::isDisplayed));
    }

    /** Waits until something with that text is seen. */
    WebElement text(String text) {
        By what = By.xpath("//body//*[text()[contains(., '" + text + "')]]");
        return until("reads " + text, d -> d.findElements(what).stream()
                .filter(WebElement::isDisplayed)
                .findFirst()
                .orElse(null));
    }

    /** Those of the test before say the same as what is waited for, and stay while the pointer is there. */
    void dismissNotices() {
        script("document.querySelectorAll('.toast > .icon-button').forEach((close) => close.click())");
    }

    /** What the newest notice offers, as Undo. Who points at a notice keeps it. */
    WebElement offer() {
        WebElement action = see(By.cssSelector(".toast:last-child .toast-action"));
        new Actions(driver).moveToElement(action).perform();
        return action;
    }

    /** Waits for an answer that is neither null nor false; a picture of the page is kept if none comes. */
    <T> T until(String what, Function<WebDriver, T> question) {
        return until(PATIENCE, what, question);
    }

    <T> T until(Duration patience, String what, Function<WebDriver, T> question) {
        try {
            return new FluentWait<WebDriver>(driver)
                    .withTimeout(patience)
                    .pollingEvery(Duration.ofMillis(50))
                    .withMessage(() -> "the user " + what + "; the page says:\n" + visible())
                    // What is not there yet, or no more; and a page that is just being left cannot be asked.
                    .ignoring(WebDriverException.class)
                    .until(question);
        } catch (TimeoutException late) {
            pictureOfFault(late);
            throw late;
        }
    }

    private void pictureOfFault(TimeoutException late) {
        try {
            picture("fault-" + System.nanoTime());
            driver.manage().logs().get(LogType.BROWSER).forEach(entry -> System.out.println("browser: " + entry));
        } catch (IOException e) {
            late.addSuppressed(e);
        }
    }

    private String visible() {
        Object text = script("return document.body ? document.body.innerText.slice(0, 3000) : ''");
        return String.valueOf(text);
    }

    Object script(String code, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(code, arguments);
    }

    /** @param code ends with a call of its last argument; it may wait for several things */
    Object async(String code, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(PATIENCE.multipliedBy(3));
        return ((JavascriptExecutor) driver).executeAsyncScript(code, arguments);
    }

    /** Keeps a picture of the page as it is, under {@code target/screenshots}. */
    void picture(String name) throws IOException {
        Path folder = Files.createDirectories(Path.of(System.getProperty("posthorn.screenshots")));
        Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    /** Lets what is sent to the server take some seconds. */
    void slowUploads(boolean slow) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.emulateNetworkConditions",
                Map.of(
                        "offline",
                        false,
                        "latency",
                        0,
                        "downloadThroughput",
                        -1,
                        "uploadThroughput",
                        slow ? 60_000 : -1));
    }

    /** A file of so many octets that a user may attach. */
    static Path file(int size) throws IOException {
        return Files.write(Files.createTempFile("posthorn", ".bin"), new byte[size]);
    }
}
