package org.posthorn.smtp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.posthorn.api.net.Listener;
import org.posthorn.api.net.Protocol;
import org.posthorn.testkit.MemoryLine;
import org.posthorn.testkit.Script;

/** A server with an intake and accounts, whose clock does not let anybody wait but writes down for how long. */
final class Site {

    static final Settings SETTINGS = new Settings(
            "mx.example.test",
            "Posthorn",
            100_000,
            100,
            50,
            500,
            Duration.ofMillis(700),
            Duration.ofSeconds(300),
            Duration.ofSeconds(180),
            100,
            false,
            true,
            Duration.ofDays(30));

    static Settings with(boolean checkFrom) {
        return with(checkFrom, SETTINGS.maxFutureRelease());
    }

    static Settings with(boolean checkFrom, Duration maxFutureRelease) {
        return new Settings(
                SETTINGS.hostname(),
                SETTINGS.banner(),
                SETTINGS.maxSize(),
                SETTINGS.maxRecipients(),
                SETTINGS.maxErrors(),
                SETTINGS.maxCommands(),
                SETTINGS.errorDelay(),
                SETTINGS.commandTimeout(),
                SETTINGS.dataTimeout(),
                SETTINGS.slowestRate(),
                false,
                checkFrom,
                maxFutureRelease);
    }

    final TestIntake intake = new TestIntake();
    final TestAccounts accounts = new TestAccounts();
    final TestUrls urls = new TestUrls();
    final List<Duration> pauses = new ArrayList<>();
    final SmtpServer server;

    Site() {
        this(SETTINGS);
    }

    Site(Settings settings) {
        server = new SmtpServer(settings, this::pause);
        server.bindIntake(intake, Map.of());
        server.bindAccounts(accounts, Map.of());
        server.bindUrls(urls, Map.of());
    }

    private CompletionStage<?> pause(Duration duration) {
        pauses.add(duration);
        return CompletableFuture.completedFuture(null);
    }

    Protocol protocol(String name) {
        return switch (name) {
            case "smtp" -> new SmtpProtocol(server);
            case "submission" -> new SubmissionProtocol(server);
            case "lmtp" -> new LmtpProtocol(server);
            default -> throw new IllegalArgumentException(name);
        };
    }

    MemoryLine line(String protocol) {
        return MemoryLine.to(protocol(protocol));
    }

    /** A line on which passwords may come in clear. */
    MemoryLine clearLine(String protocol) {
        return MemoryLine.to(
                protocol(protocol),
                new Listener("test", protocol, false, true),
                new InetSocketAddress("127.0.0.1", 40000));
    }

    static void talk(MemoryLine line, String script) throws IOException {
        prepared(script).run(line);
    }

    /** The script with the names that scripts here know: the logins of alice, and text that is too long. */
    static Script prepared(String script) {
        return Script.of(script)
                .with("plain", TestAccounts.plain("secret"))
                .with("wrong", TestAccounts.plain("guess"))
                .with("name", TestAccounts.base64("alice@example.test"))
                .with("password", TestAccounts.base64("secret"))
                .with("line12284", "A".repeat(12284))
                .with("line12288", "A".repeat(12288))
                .with("url", TestUrls.URL)
                .with("path", "x".repeat(250))
                .with("long", "x".repeat(3000));
    }
}
