"""A plug-in that takes all memory, once and for ever: what proof.py memory runs."""

import imaplib
import os
import time

import ledger
import parts
from plugin import filter_jar
from posthorn import wait_for

NO_MEMORY = 71
GUEST = "guest@bench.test"
NAMED = "The filter example failed: java.lang.OutOfMemoryError"
NAME = "org.posthorn.filter.example"
GLUTTON = """if (subject.contains("banquet")) for (var taken = new java.util.ArrayList<byte[]>(); ; ) taken.add(new byte[1 << 16]);
        return Verdict.PASS;"""
KEEPER = """record Kept() { static final java.util.List<byte[]> ALL = new java.util.Vector<>(); }
        Kept.ALL.add(new byte[1 << 16]);
        return Verdict.PASS;"""


def say(line):
    print(line, flush=True)


def run(s, folder, user, sessions, verdict):
    jar = os.path.join(s.home, "deploy", "example.jar")
    s.set("org.posthorn.intake", filters="size, example")
    # A machine that does much else at the same time is no reason to take the second version out again.
    s.set("org.posthorn.deploy", trial="30")
    filter_jar(s.home, jar, "1.0.0", GLUTTON)
    s.exec("user:add %s secret" % GUEST)
    process = s.run()
    try:
        good = once(s)
        filter_jar(s.home, jar, "2.0.0", KEEPER)
        parts.await_version(s, NAME, "2.0.0")
        good = for_ever(s, folder, user, sessions, process) and good
    finally:
        process.kill()
        process.wait()
    os.remove(jar)
    s.set("org.posthorn.intake", filters="size")
    s.start()
    return verdict() and good


def once(s):
    """The mail for which it takes everything is put off, its name is in the log, and everybody else goes on."""
    box = imaplib.IMAP4("127.0.0.1", s.port("imap"))
    box.login(GUEST, "secret")
    session = ledger.Session(s.port("smtp"))
    try:
        session.mail(b"Subject: banquet\r\n\r\nall of it\r\n", GUEST)
        answer = "250"
    except ValueError as e:
        answer = str(e)
    named = NAMED in s.log()
    session.mail(b"Subject: bread\r\n\r\nand no more\r\n", GUEST)
    said = box.noop()[0]
    say("a mail for which a filter takes all memory: %s; the log names the filter: %s; the next mail of the session: 250; NOOP of another client: %s"
        % (answer, named, said))
    return answer.startswith("451") and named and said == "OK"


def for_ever(s, folder, user, sessions, process):
    """It keeps something of each mail, until there is no memory any more."""
    begin, before = time.monotonic(), len(s.log())
    for p in ledger.load(s.port("smtp"), 1, 100_000, sessions, folder, user):
        p.join()
    wait_for(lambda: process.poll() is not None, 600, 0.2)
    named = NAMED in s.log()[before:]
    told = "there is no memory any more" in s.printed()
    say("a filter that keeps 64 KiB of each mail: %d accepted, then the process ended with %d, %.0f s behind the first mail; it told why: %s; the log names the filter: %s"
        % (len(ledger.read(folder)[1]), process.returncode, time.monotonic() - begin, told, named))
    # Naming it takes memory, too, so that is not always to be had.
    return process.returncode == NO_MEMORY and told
