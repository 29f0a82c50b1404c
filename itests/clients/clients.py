#!/usr/bin/env python3
"""Drives the unpacked zip with mail programs that others wrote. Needs curl, swaks, mutt and mbsync (Debian: curl swaks mutt isync unzip)."""

import email
import fcntl
import imaplib
import json
import os
import poplib
import pty
import re
import select
import shutil
import signal
import smtplib
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

from posthorn import Posthorn, free_offset, unpack, wait_for

ANY = ssl._create_unverified_context()
ALICE = "alice@one.test"
SECRET = "pa$s {w}ord"


def run(*words, check=True, **more):
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, **more)
    if check and done.returncode != 0:
        raise AssertionError("%s: exit code %d\n%s%s" % (" ".join(words), done.returncode, done.stdout, done.stderr))
    return done


def at_a_terminal(words, env, seconds=60):
    """Runs a full-screen program on a terminal of its own; gives what it has drawn when it ends, or when its time is over."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(words[0], words, env)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    drawn, end = b"", time.monotonic() + seconds
    try:
        while select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            drawn += os.read(terminal, 65536)
    except OSError:  # Linux: EIO when nobody has the other side open any more
        pass
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)
    return drawn.decode(errors="replace")


def content(path):
    with open(path, "rb") as f:
        return f.read()


def needs(*programs):
    missing = [p for p in programs if not shutil.which(p)]
    if missing and os.environ.get("CI"):
        raise SystemExit("CI skips nothing, but there is no " + ", ".join(missing))
    return unittest.skipIf(missing, "not installed: " + ", ".join(missing))


class Scratch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.mkdtemp(prefix="posthorn-clients-")
        cls.addClassCleanup(shutil.rmtree, cls.scratch, True)
        cls.home = unpack(cls.scratch)

    @classmethod
    def posthorn(cls, *words, **more):
        """An instance that goes when the class is done, or cannot begin."""
        server = Posthorn(cls.home, *words, **more)
        cls.addClassCleanup(server.remove)
        return server


class FirstStart(Scratch):
    """A new data directory, the shipped configuration, nothing asked."""

    def setUp(self):
        self.server = Posthorn(self.home, profile=None)

    def tearDown(self):
        self.server.remove()

    def test_it_starts_tells_and_stops(self):
        self.server.start()
        told = self.server.told
        self.assertIn("smtp", told)
        self.assertRegex(told, r"demo@\S+")
        self.assertEqual(0, self.server.command("status").returncode)
        second = self.server.command("start", check=False)
        self.assertEqual(75, second.returncode)
        self.assertEqual(1, len(second.stderr.strip().splitlines()), second.stderr)
        self.assertEqual(0o700, os.stat(self.server.data).st_mode & 0o777)
        self.server.command("stop")
        self.assertEqual(3, self.server.command("status", check=False).returncode)

    def test_the_password_that_was_told_works_and_is_not_in_the_log(self):
        self.server.start()
        address, password = re.search(r"(demo@\S+)\D*?\bpassword:?\s+(\S+)", self.server.told).groups()
        box = imaplib.IMAP4_SSL("127.0.0.1", self.server.port("imaps"), ssl_context=ANY)
        self.assertEqual("OK", box.login(address, password)[0])
        box.logout()
        self.assertNotIn(password, self.server.log())

    def test_commands_work_before_the_first_start(self):
        self.server.exec("domain:add one.test")
        self.server.exec("user:add %s '%s'" % (ALICE, SECRET))
        self.server.exec("alias:add sales@one.test " + ALICE)
        users = json.loads(self.server.exec("user:list", json=True).stdout)
        self.assertIn(ALICE, json.dumps(users))
        self.assertNotEqual(0, self.server.exec("user:add nobody@elsewhere.test x", check=False).returncode)
        self.assertNotEqual(0, self.server.exec("no:such", check=False).returncode)

    def test_a_taken_port_is_one_line(self):
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", self.server.port("imap")))
            taken.listen()
            done = self.server.command("start", check=False)
        self.assertEqual(76, done.returncode, done.stdout + done.stderr)
        self.assertEqual(1, len(done.stderr.strip().splitlines()), done.stderr)
        self.assertIn(str(self.server.port("imap")), done.stderr)

    def test_a_broken_config_is_told_with_file_key_value_and_what_is_allowed(self):
        self.server.exec("domain:list")
        self.server.set("org.posthorn.smtp", maxRecipients="many")
        done = self.server.command("start", check=False)
        self.assertEqual(78, done.returncode, done.stdout + done.stderr)
        for word in ("org.posthorn.smtp.cfg", "maxRecipients", "many", "whole number"):
            self.assertIn(word, done.stderr)


class Clients(Scratch):
    """One server with one user, and each program in turn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.posthorn()
        cls.server.exec("domain:add one.test")
        cls.server.exec("user:add %s '%s'" % (ALICE, SECRET))
        cls.server.start()

    def deliver(self, subject, body="hello\n"):
        with smtplib.SMTP("127.0.0.1", self.server.port("smtp")) as s:
            s.sendmail("bob@far.test", [ALICE], "From: bob@far.test\nTo: %s\nSubject: %s\n\n%s" % (ALICE, subject, body))
        self.arrived(subject)

    def arrived(self, subject):
        def there():
            for path in self.server.shelf(ALICE):
                if ("Subject: " + subject).encode() in content(path):
                    return path
        return wait_for(there)

    def curl(self, *words):
        return run("curl", "-sS", "-k", "--max-time", "30", *words)

    def mail_file(self, subject):
        path = os.path.join(self.scratch, "mail.eml")
        with open(path, "w", newline="") as f:
            f.write("From: %s\r\nTo: %s\r\nSubject: %s\r\n\r\nby curl\r\n" % (ALICE, ALICE, subject))
        return path

    @needs("curl")
    def test_curl_sends_and_reads_by_every_door(self):
        login = ("-u", ALICE + ":" + SECRET)
        for scheme, port, more in (
                ("smtp", "submission", ("--ssl-reqd",)), ("smtps", "submissions", ()), ("smtp", "smtp", ())):
            subject = "curl by " + port
            who = login if port != "smtp" else ()
            self.curl("%s://127.0.0.1:%d" % (scheme, self.server.port(port)), *more, *who, "--mail-from", ALICE,
                      "--mail-rcpt", ALICE, "-T", self.mail_file(subject))
            self.arrived(subject)
        for scheme, port, more, path in (
                ("imap", "imap", ("--ssl-reqd",), "/INBOX;MAILINDEX=1"), ("imaps", "imaps", (), "/INBOX;MAILINDEX=1"),
                ("pop3", "pop3", ("--ssl-reqd",), "/1"), ("pop3s", "pop3s", (), "/1")):
            got = self.curl("%s://127.0.0.1:%d%s" % (scheme, self.server.port(port), path), *more, *login).stdout
            self.assertIn("Subject:", got, scheme)

    @needs("swaks")
    def test_swaks_talks_smtp_submission_tls_and_lmtp(self):
        for name, words in {
            "plain": ("--port", "smtp"),
            "starttls": ("--port", "smtp", "--tls"),
            "pipelined": ("--port", "smtp", "--pipeline"),
            "auth plain": ("--port", "submission", "--tls", "--auth", "PLAIN"),
            "auth login": ("--port", "submission", "--tls", "--auth", "LOGIN"),
            "tls on connect": ("--port", "submissions", "--tls-on-connect", "--auth", "PLAIN"),
            "lmtp": ("--port", "lmtp", "--protocol", "LMTP"),
        }.items():
            words = [str(self.server.port(w)) if w in ("smtp", "submission", "submissions", "lmtp") else w for w in words]
            auth = ["--auth-user", ALICE, "--auth-password", SECRET] if "--auth" in words else []
            run("swaks", "--server", "127.0.0.1", "--from", ALICE, "--to", ALICE, "--header", "Subject: swaks " + name,
                "--body", "x", *words, *auth)
            self.arrived("swaks " + name)

    @needs("swaks")
    def test_swaks_is_refused_what_must_be_refused(self):
        port = str(self.server.port("submission"))
        base = ("swaks", "--server", "127.0.0.1", "--port", port, "--tls", "--from", ALICE, "--to", "x@elsewhere.test")
        self.assertIn("530", run(*base, check=False).stdout)
        self.assertIn("535", run(*base, "--auth", "PLAIN", "--auth-user", ALICE, "--auth-password", "wrong", check=False).stdout)
        foreign = ("--from", "other@one.test", "--auth", "PLAIN", "--auth-user", ALICE, "--auth-password", SECRET)
        self.assertIn("553", run(*base, *foreign, check=False).stdout)

    def test_smtplib_imaplib_and_poplib(self):
        with smtplib.SMTP("127.0.0.1", self.server.port("submission")) as s:
            s.starttls(context=ANY)
            s.login(ALICE, SECRET)
            s.sendmail(ALICE, [ALICE], "Subject: by smtplib\n\n.dot\n..two\nend\n")
        self.arrived("by smtplib")
        box = imaplib.IMAP4_SSL("127.0.0.1", self.server.port("imaps"), ssl_context=ANY)
        box.login(ALICE, SECRET)
        box.select("INBOX")
        uid = box.uid("SEARCH", None, "SUBJECT", '"by smtplib"')[1][0].split()[-1]
        raw = box.uid("FETCH", uid, "(BODY.PEEK[])")[1][0][1]
        self.assertTrue(raw.endswith(b"\r\n\r\n.dot\r\n..two\r\nend\r\n"), raw)
        mail = email.message_from_bytes(raw)
        for field in ("Return-Path", "Delivered-To", "Received", "Date", "Message-ID"):
            self.assertIsNotNone(mail[field], field)
        self.assertEqual("OK", box.append("Drafts", r"(\Draft)", None, raw)[0])
        self.assertEqual("OK", box.uid("COPY", uid, "Archive")[0])
        self.assertEqual("OK", box.uid("STORE", uid, "+FLAGS", r"(\Seen $Label1)")[0])
        self.assertIn(b"$Label1", box.uid("FETCH", uid, "(FLAGS)")[1][0])
        self.assertEqual("OK", box.create("Work.New")[0])
        self.assertEqual("OK", box.rename("Work.New", "Work.Old")[0])
        self.assertIn("Work.Old", " ".join(l.decode() for l in box.list()[1]))
        self.assertEqual("OK", box.delete("Work.Old")[0])
        box.logout()
        pop = poplib.POP3_SSL("127.0.0.1", self.server.port("pop3s"), context=ANY)
        pop.user(ALICE)
        pop.pass_(SECRET)
        count = pop.stat()[0]
        self.assertEqual(count, len(pop.uidl()[1]))
        last = max(n for n in range(1, count + 1) if b"Subject: by smtplib" in pop.retr(n)[1])
        self.assertIn(b"..two", pop.retr(last)[1])
        pop.dele(last)
        pop.quit()
        wait_for(lambda: len(self.pop_uids()) == count - 1)

    def pop_uids(self):
        pop = poplib.POP3_SSL("127.0.0.1", self.server.port("pop3s"), context=ANY)
        pop.user(ALICE)
        pop.pass_(SECRET)
        uids = pop.uidl()[1]
        pop.quit()
        return uids

    @needs("mutt")
    def test_mutt_sends_and_reads(self):
        home = tempfile.mkdtemp(dir=self.scratch)
        rc = os.path.join(home, "muttrc")
        url = ALICE.replace("@", "%40")
        with open(rc, "w") as f:
            f.write('set from="%s"\nset realname="Alice"\nset ssl_verify_host=no\nset ssl_verify_dates=no\n' % ALICE)
            f.write('set ssl_starttls=yes\nset ssl_force_tls=yes\nset smtp_authenticators="plain"\nset certificate_file="%s/certs"\n' % home)
            f.write('set smtp_url="smtp://%s@localhost:%d/"\n' % (url, self.server.port("submission")))
            f.write("set smtp_pass='%s'\nset imap_pass='%s'\nset imap_user='%s'\n" % (SECRET, SECRET, ALICE))
            f.write('set folder="%s"\n' % home)
            f.write("set record=''\nset wait_key=no\nset quit=yes\nset header_cache=''\n")
        self.certificate(os.path.join(home, "certs"))
        env = dict(os.environ, HOME=home, TERM="vt100", EMAIL=ALICE)
        run("mutt", "-n", "-F", rc, "-s", "by-mutt", ALICE, input="from mutt\n", env=env)
        self.arrived("by-mutt")
        out = os.path.join(home, "out")
        with open(rc, "a") as f:
            f.write("set confirmcreate=no\nset confirmappend=no\n")
            f.write('push "<tag-pattern>~s by-mutt<enter><tag-prefix><copy-message>%s<enter><quit>"\n' % out)
        shown = at_a_terminal(["mutt", "-n", "-F", rc, "-f", "imap://localhost:%d/INBOX" % self.server.port("imap")], env)
        self.assertTrue(os.path.exists(out), shown[-3000:])
        with open(out) as f:
            self.assertIn("from mutt", f.read())

    def certificate(self, path):
        pem = ssl.get_server_certificate(("127.0.0.1", self.server.port("imaps")))
        with open(path, "w") as f:
            f.write(pem)

    @needs("mbsync")
    def test_mbsync_goes_both_ways(self):
        self.deliver("for mbsync")
        home = tempfile.mkdtemp(dir=self.scratch)
        local = os.path.join(home, "mail") + "/"
        os.mkdir(local)
        self.certificate(os.path.join(home, "cert.pem"))
        rc = os.path.join(home, "mbsyncrc")
        with open(rc, "w") as f:
            f.write("IMAPAccount p\nHost localhost\nPort %d\nUser %s\nPass \"%s\"\nSSLType IMAPS\nCertificateFile %s/cert.pem\n\n"
                    % (self.server.port("imaps"), ALICE, SECRET, home))
            f.write("IMAPStore far\nAccount p\n\nMaildirStore near\nPath %s\nInbox %sINBOX\nSubFolders Verbatim\n\n" % (local, local))
            f.write("Channel c\nFar :far:\nNear :near:\nPatterns *\nCreate Both\nExpunge Both\nSyncState *\n")
        run("mbsync", "-c", rc, "-a")
        files = [os.path.join(d, f) for d, _, fs in os.walk(local) for f in fs]
        self.assertTrue(any(b"Subject: for mbsync" in content(f) for f in files))
        for sub in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(local, "INBOX", sub), exist_ok=True)
        with open(os.path.join(local, "INBOX", "cur", "1.local.host:2,S"), "w") as f:
            f.write("From: a@b.test\nSubject: pushed by mbsync\n\nx\n")
        run("mbsync", "-c", rc, "-a")
        self.arrived("pushed by mbsync")
        again = run("mbsync", "-c", rc, "-a", "-V")
        self.assertNotIn("Error", again.stdout + again.stderr)


@needs("java")
class TwoServers(Scratch):
    """Two domains on loopback that find each other by MX."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls.posthorn("one")
        cls.two = cls.posthorn("two", offset=free_offset(cls.one.offset + 7))
        zone = os.path.join(cls.scratch, "zone")
        with open(zone, "w") as f:
            f.write("one.test. 60 IN MX 10 mx.one.test.\ntwo.test. 60 IN MX 10 mx.two.test.\n"
                    "mx.one.test. 60 IN A 127.0.0.1\nmx.two.test. 60 IN A 127.0.0.1\n")
        cls.dns = subprocess.Popen(dns_server(cls.home) + [zone], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.dns.communicate)
        port = int(cls.dns.stdout.readline())
        for server, other, name in ((cls.one, cls.two, "one"), (cls.two, cls.one, "two")):
            server.set("org.posthorn.dns", servers="127.0.0.1:%d" % port)
            server.set("org.posthorn.smtp", hostname="mx.%s.test" % name)
            server.set("org.posthorn.delivery.smtp", port=other.port("smtp"))
            server.exec("domain:add %s.test" % name)
            server.exec("user:add user@%s.test secret" % name)
            server.start()

    def submit(self, server, sender, recipient, subject):
        with smtplib.SMTP("127.0.0.1", server.port("submission")) as s:
            s.starttls(context=ANY)
            s.login(sender, "secret")
            s.sendmail(sender, [recipient], "From: %s\nTo: %s\nSubject: %s\n\nacross\n" % (sender, recipient, subject))

    def read(self, server, user, subject):
        box = imaplib.IMAP4_SSL("127.0.0.1", server.port("imaps"), ssl_context=ANY)
        box.login(user, "secret")

        def found():
            box.select("INBOX")
            uids = box.uid("SEARCH", None, "SUBJECT", '"%s"' % subject)[1][0].split()
            answers = box.uid("FETCH", uids[-1], "(BODY.PEEK[])")[1] if uids else []
            # Flags may be told unasked beside what was asked for.
            return [a[1] for a in answers if isinstance(a, tuple)][-1:]
        raw = wait_for(found)[0]
        box.logout()
        return raw

    def test_a_mail_of_one_is_read_at_the_other_and_back(self):
        self.submit(self.one, "user@one.test", "user@two.test", "there")
        raw = self.read(self.two, "user@two.test", "there")
        self.assertIn(b"Received: from mx.one.test", raw)
        self.assertTrue(raw.endswith(b"across\r\n"))
        self.submit(self.two, "user@two.test", "user@one.test", "back")
        self.read(self.one, "user@one.test", "back")

    def test_a_bounce_comes_back_to_who_wrote_to_nobody(self):
        self.submit(self.one, "user@one.test", "nobody@two.test", "to nobody")
        raw = self.read(self.one, "user@one.test", "")
        wait_for(lambda: any(b"message/delivery-status" in content(f) for f in self.one.shelf("user@one.test")))
        self.assertTrue(raw)


def dns_server(home):
    """The command that starts the tests' own DNS server; it prints its port."""
    from posthorn import ROOT
    jars = [os.path.join(ROOT, "bundles", "testkit", "target", "classes"), os.path.join(home, "lib", "*")]
    for d, _, files in os.walk(os.path.join(home, "repository")):
        jars += [os.path.join(d, f) for f in files if re.match(r"(dnsjava|pax-logging-api|org\.posthorn\.(api|mime))-", f)]
    return ["java", "-cp", ":".join(jars), "org.posthorn.testkit.DnsServer"]


if __name__ == "__main__":
    sys.exit(not unittest.main(verbosity=2, exit=False).result.wasSuccessful())
