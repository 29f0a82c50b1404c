package org.posthorn.itests.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.openqa.selenium.chrome.ChromeDriver;

/** One server and one browser for all tests; both begin with the first that wants them. Without a browser the tests are skipped, and say so. */
final class Site implements BeforeAllCallback, ParameterResolver {

    /** What runs; it ends with the last test. */
    record Running(Server server, ChromeDriver driver) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            driver.quit();
            try {
                server.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        Browser.missing().ifPresent(what -> {
            String why = "The webmail is not tested: there is no " + what
                    + " (Debian: apt-get install chromium chromium-driver)";
            System.out.println(why);
            Assumptions.abort(why);
        });
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Webmail.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Running running = context.getRoot()
                .getStore(Namespace.create(Site.class))
                .getOrComputeIfAbsent(Running.class, none -> start(), Running.class);
        return new Webmail(running.server(), running.driver());
    }

    private static Running start() {
        try {
            Server server = Server.start();
            Path profile = Files.createTempDirectory(Path.of(System.getProperty("posthorn.unpacked")), "profile");
            return new Running(server, Browser.start(profile));
        } catch (Exception e) {
            throw new IllegalStateException("the server or the browser does not start", e);
        }
    }
}
