package org.posthorn.lab;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** {@code posthorn lab}: sends one mail from one server to the other, and shows its way. */
public final class Tour {

    private static final long PATIENCE_MILLIS = 3_600_000;

    private final Journey journey = new Journey(Clock.systemUTC());
    private final PrintStream out =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private final AtomicReference<Screen> screen = new AtomicReference<>();
    private final Consumer<Happening> view;
    private final Object keys = new Object();
    private final Pace pace;
    private volatile boolean arrived;

    private Tour(boolean plain, boolean step) {
        boolean picture = !plain && Screen.present();
        if (picture) screen.set(new Screen(out));
        view = picture ? screen.get() : new PlainLog(out);
        pace = step ? this::key : picture ? Pace.WALK : Pace.FULL;
        journey.watch(view);
    }

    /**
     * Runs it. Where keys can be struck the servers stay until Return, or Ctrl-C.
     *
     * @param home the unpacked zip
     * @param folder what it makes for itself; what an earlier one left there goes
     * @param plain lines in the place of a picture
     * @param step whether each hop waits for a key
     * @throws IOException when a server does not come up, or the mail is not taken
     */
    public static void run(Path home, Path folder, boolean plain, boolean step)
            throws IOException, InterruptedException {
        Tour tour = new Tour(plain, step);
        // Ctrl-C, too, leaves a terminal as it was.
        Runtime.getRuntime().addShutdownHook(new Thread(tour::leaveScreen, "lab-screen"));
        try {
            tour.run(home, folder);
        } finally {
            tour.leaveScreen();
        }
    }

    private void run(Path home, Path folder) throws IOException, InterruptedException {
        say("two servers begin, with a name server for both of their domains ...");
        try (Lab lab = new Lab(home, folder, journey, this::pace);
                Page page = new Page(journey)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(lab), "lab-stop"));
            lab.start();
            say("the same as a page: " + page.address());
            Letter letter = travel(lab);
            arrived = true;
            leaveScreen();
            farewell(home, lab, page, letter);
            if (Screen.keyboard()) stay(lab, letter);
            else out.println("Nobody can strike Return here, so the lab ends: run it from a terminal to look around.");
            out.println("the servers stop; what they wrote stays in " + folder);
        } catch (TimeoutException e) {
            throw new IOException(e.getMessage() + "; " + folder + " has the logs of both servers", e);
        }
    }

    /** @param id at the first server @param uid in bob's INBOX */
    private record Letter(String id, long uid) {}

    private static void close(Lab lab) {
        try {
            lab.close();
        } catch (IOException e) {
            System.err.println("posthorn: " + e.getMessage());
        }
    }

    private Letter travel(Lab lab) throws IOException, InterruptedException, TimeoutException {
        try (Reading reading = new Reading(lab.two.port(Lab.IMAP), Lab.BOB, lab.password, journey)) {
            journey.reach(Hop.MUA);
            pace(Hop.MUA);
            journey.pass(Hop.MUA, "the mail is written");
            journey.reach(Hop.MSA);
            pace(Hop.MSA);
            // The name server is asked while alice's program may still be saying goodbye.
            journey.reach(Hop.MTA);
            String id =
                    Submission.send(lab.one.port(Lab.SUBMISSION), Lab.ALICE, lab.password, Lab.BOB, message(), journey);
            journey.pass(Hop.MSA, "taken, and safe on disk, as " + id);
            reading.await();
            journey.await(Hop.MX, PATIENCE_MILLIS);
            pace(Hop.MDA);
            journey.pass(Hop.MDA, "delivered to INBOX of " + Lab.BOB);
            journey.reach(Hop.MAILBOX);
            pace(Hop.MAILBOX);
            journey.pass(
                    Hop.MAILBOX,
                    file(lab.two.maildir("bob")).map(Path::toString).orElse("taken by its reader"));
            journey.reach(Hop.IMAP);
            pace(Hop.IMAP);
            long uid = reading.read();
            journey.pass(Hop.IMAP, "read");
            return new Letter(id, uid);
        }
    }

    private static String message() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
        return String.join(
                "\r\n",
                List.of(
                        "From: Alice <" + Lab.ALICE + ">",
                        "To: Bob <" + Lab.BOB + ">",
                        "Subject: How does mail travel?",
                        "Date: " + date,
                        "Message-ID: <" + System.currentTimeMillis() + "@laptop.one.test>",
                        "",
                        "Dear Bob,",
                        "",
                        "look at the Received fields above: each server on the way has put one there.",
                        "",
                        "Alice"));
    }

    private static Optional<Path> file(Path maildir) throws IOException {
        try (Stream<Path> fresh = Files.list(maildir.resolve("new"));
                Stream<Path> seen = Files.list(maildir.resolve("cur"))) {
            return Stream.concat(fresh, seen).findFirst();
        }
    }

    /** Once the mail has arrived, others go as fast as they can. */
    private void pace(Hop hop) throws InterruptedException {
        if (!arrived) pace.before(hop);
    }

    /** One key lets one go on, though several wires may wait. */
    private void key(Hop hop) {
        synchronized (keys) {
            say("a key, and on it goes to: " + hop.title + ", " + hop.place + ". " + hop.meaning);
            try {
                System.in.read();
                // An arrow is three.
                System.in.skipNBytes(System.in.available());
            } catch (IOException e) {
                System.getLogger("posthorn.lab").log(System.Logger.Level.DEBUG, "no more keys", e);
            }
            say("");
        }
    }

    /** Bob's webmail is open by then, where there is a desktop. */
    private void stay(Lab lab, Letter letter) throws IOException {
        if (new Browser().open(lab.webmail(letter.uid))) out.println("The webmail opens in your browser.");
        out.println("Return ends the lab.");
        line();
    }

    /** Waits for Return; what was struck before does not count. */
    private static void line() throws IOException {
        System.in.skipNBytes(System.in.available());
        for (int c = System.in.read(); c >= 0 && c != '\n'; ) c = System.in.read();
    }

    private void say(String text) {
        Screen now = screen.get();
        if (now != null) now.foot(text);
        else if (!text.isEmpty()) out.println(text);
    }

    private void leaveScreen() {
        journey.unwatch(view);
        Screen now = screen.getAndSet(null);
        if (now != null) now.close();
    }

    private void farewell(Path home, Lab lab, Page page, Letter letter) {
        String alice = " -u " + Lab.ALICE + ":" + lab.password;
        out.println();
        out.println("The mail has arrived. While the servers run, look at it, from " + home + ":");
        out.println("  its story at the first   " + lab.one.command("mail:explain " + letter.id));
        out.println("  its story at the second  " + lab.two.command("mail:explain " + Lab.BOB));
        out.println("  the name server          " + lab.one.command("dns:mx two.test"));
        out.println("  bob's mail, by webmail   " + lab.webmail(letter.uid) + " as " + Lab.BOB + ", " + lab.password);
        out.println("  bob's mail, by curl      curl 'imap://127.0.0.1:" + lab.two.port(Lab.IMAP)
                + "/INBOX;MAILINDEX=1' -u " + Lab.BOB + ":" + lab.password);
        out.println("  bob's mail, by mutt      mutt -f " + lab.two.shown(lab.two.maildir("bob")));
        out.println("  the door of two.test     nc -C 127.0.0.1 " + lab.two.port(Lab.SMTP));
        out.println("  another mail             curl --crlf smtp://127.0.0.1:" + lab.one.port(Lab.SUBMISSION) + alice
                + " --mail-from " + Lab.ALICE + " --mail-rcpt " + Lab.BOB + " -T FILE");
        out.println("  alice's mail, by curl    curl 'imap://127.0.0.1:" + lab.one.port(Lab.IMAP)
                + "/INBOX;MAILINDEX=1'" + alice);
        out.println("  the second, once more    " + lab.two.startCommand());
        out.println("  the picture as a page    " + page.address());
    }
}
