#!/usr/bin/env python3
"""Drives the unpacked zip with mail programs that others wrote. Needs curl, swaks, mutt, mbsync, offlineimap and node
(Debian: curl swaks mutt isync offlineimap3 nodejs npm unzip)."""

import base64
import email
import fcntl
import glob
import hashlib
import imaplib
import json
import os
import plistlib
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
import threading
import time
import unittest
import urllib.request
import uuid
from xml.etree import ElementTree

import parts
from plugin import filter_jar
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


    def test_all_that_is_wrong_with_settings_is_told_at_once_and_nothing_else(self):
        server = Posthorn(self.home, profile="config")
        self.addCleanup(server.remove)
        server.set("org.posthorn.net.listener-pop3", protocol="pop4", port=2143)
        server.set("org.posthorn.queue", retry="5x", store="paper")
        done = server.exec("config:check", check=False)
        self.assertEqual([
            "org.posthorn.net.listener-imap.cfg: port = 2143: allowed is one that org.posthorn.net.listener-pop3.cfg does not listen on",
            "org.posthorn.net.listener-pop3.cfg: port = 2143: allowed is one that org.posthorn.net.listener-imap.cfg does not listen on",
            "org.posthorn.net.listener-pop3.cfg: protocol = pop4: allowed is the protocols that are there: imap, lmtp, pop3, smtp, submission",
            "org.posthorn.queue.cfg: retry = 5x: allowed is a number and s, m, h or d, as 5m or 4h, not 0",
            "org.posthorn.queue.cfg: store = paper: allowed is the stores that are there: file, memory, sql",
        ], done.stderr.strip().splitlines())
        done = server.command("start", check=False)
        self.assertEqual(78, done.returncode, done.stdout + done.stderr)
        self.assertEqual(1, len(done.stderr.strip().splitlines()), done.stderr)
        self.assertNotIn("\tat ", server.log())

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

    def mail_file(self, subject, more=""):
        path = os.path.join(self.scratch, "mail.eml")
        with open(path, "w", newline="") as f:
            f.write("From: %s\r\nTo: %s\r\nSubject: %s\r\n%s\r\nby curl\r\n" % (ALICE, ALICE, subject, more))
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

    def explain(self, what):
        return explain(self.server, what)

    @needs("curl")
    def test_a_mail_is_explained_by_its_message_id(self):
        self.curl("smtp://127.0.0.1:%d" % self.server.port("submission"), "--ssl-reqd", "-u", ALICE + ":" + SECRET, "--mail-from", ALICE,
                  "--mail-rcpt", ALICE, "-T", self.mail_file("explained", "Message-ID: <explained@one.test>\r\n"))
        page = wait_for(lambda: self.explained("'<explained@one.test>'", "not read yet"))
        for told in ("from <%s> to <%s>" % (ALICE, ALICE), "through the listener submission by ESMTPSA", "TLSv1.3 TLS_", "logged in as " + ALICE,
                     "filter size: pass at message", "org.posthorn.filter.size 0.1.0", "goes by local to " + ALICE,
                     "lies in the mailbox INBOX of %s, UID " % ALICE, "(maildir)"):
            self.assertIn(told, page)
        story = json.loads(self.server.exec("mail:explain explained@one.test", json=True).stdout)
        self.assertEqual("shelved", story["now"][0]["state"])
        self.assertEqual("Begun", story["events"][0]["event"])
        self.assertEqual(page, self.explain(story["id"]))
        # Who takes it away is its reader's business, that it is gone is told.
        uid = [e["uid"] for e in story["events"] if e["event"] == "Shelved"][0]
        box = imaplib.IMAP4_SSL("127.0.0.1", self.server.port("imaps"), ssl_context=ANY)
        box.login(ALICE, SECRET)
        box.select("INBOX")
        box.uid("STORE", str(uid), "+FLAGS", r"(\Seen)")
        self.assertRegex(self.explain(story["id"]), r"UID \d+ \(maildir\), read\n")
        box.uid("MOVE", str(uid), "Archive")
        box.logout()
        self.assertIn("is there no longer", self.explain(story["id"]))

    def explained(self, what, until):
        page = self.explain(what)
        return page if until in page else None

    @needs("swaks")
    def test_a_refused_mail_is_explained_too(self):
        run("swaks", "--server", "127.0.0.1", "--port", str(self.server.port("smtp")), "--from", "eve@far.test", "--to", "nobody@one.test",
            check=False)
        page = self.explain("nobody@one.test --last 1")
        self.assertIn("<nobody@one.test> refused by routing: 550 5.1.1", page)
        run("curl", "-sS", "smtp://127.0.0.1:%d" % self.server.port("smtp"), "--mail-from", "eve@far.test", "--mail-rcpt", "x@elsewhere.test",
            "-T", self.mail_file("relay"), check=False)
        self.assertIn("550 5.7.1", self.explain("x@elsewhere.test --last 1"))
        listed = self.explain("eve@far.test")
        self.assertIn("<nobody@one.test>", listed)
        self.assertIn("<x@elsewhere.test>", listed)
        unknown = self.server.exec("mail:explain no@such.test", check=False)
        self.assertEqual(1, unknown.returncode)
        self.assertIn("nothing is known of no@such.test", unknown.stderr)

    def test_what_a_stranger_says_does_not_steer_the_terminal(self):
        with smtplib.SMTP("127.0.0.1", self.server.port("smtp")) as s:
            s.sendmail("bob@far.test", [ALICE], b"Message-ID: <ste\x1b]0;er\x9b@far.test>\r\n\r\nx\r\n")
        page = wait_for(lambda: self.explained("bob@far.test --last 1", "Now"))
        self.assertFalse(re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", page), page)

    def test_a_circle_of_aliases_is_told_of_refused_and_costs_nobody_else_a_mail(self):
        self.server.exec("domain:add two.test")
        self.assertNotIn("circle", self.server.exec("alias:add loop@one.test loop@two.test").stdout)
        self.assertIn("circle", self.server.exec("alias:add loop@two.test loop@one.test").stdout)
        self.server.exec("alias:add p@one.test q@two.test %s" % ALICE)
        self.assertNotIn("circle", self.server.exec("alias:add q@two.test p@one.test").stdout)
        with smtplib.SMTP("127.0.0.1", self.server.port("smtp")) as s:
            refused = s.sendmail(ALICE, ["loop@one.test", "q@two.test", "p@one.test"], "Subject: round and round\n\nx\n")
        self.assertEqual({"loop@one.test": (550, b"5.4.6 The alias leads nowhere but to itself")}, refused)
        self.arrived("round and round")
        self.deliver("behind the circle")
        with_it = [p for p in self.server.shelf(ALICE) if b"round and round" in content(p)]
        self.assertEqual(1, len(with_it), "once, and no bounce tells of it")

    def test_what_a_filter_says_is_one_reply_and_one_line(self):
        hostile = r'"no\r\n250 2.0.0 Ok\033[2J\u009b31m\u202e"'
        filter_jar(self.home, os.path.join(self.home, "deploy", "rude.jar"), "1.0.0",
                   'if (subject.equals("yes")) return new Verdict.Refuse(new org.posthorn.api.mail.Reply(250, "2.0.0", "Ok"));'
                   'if (subject.equals("away")) return new Verdict.Discard(' + hostile + ');'
                   'return subject.equals("rude") ? Verdict.refuse(' + hostile + ') : Verdict.PASS;', "rude")
        self.server.set("org.posthorn.intake", filters="size, rude")
        self.addCleanup(self.server.set, "org.posthorn.intake", filters="size")
        said = wait_for(lambda: (lambda r: r.startswith(b"550") and r)(self.told("rude")))
        self.assertEqual(b"550 5.7.1 no 250 2.0.0 Ok?[2J?31m?\r\n221 ", said[:said.index(b"221 ") + 4])
        self.assertTrue(self.told("yes").startswith(b"451 4.3.0"), "a yes of a filter that refuses is no yes")
        self.assertTrue(self.told("away").startswith(b"250 2.0.0"))
        with socket.create_connection(("127.0.0.1", self.server.port("imap"))) as s:
            s.sendall(b"a LOGIN {4}fred \x1bx\r\nb LOGOUT\r\n")
            said = s.makefile("rb").read()
        self.assertFalse(re.search(rb"\r(?!\n)|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\xff]", said), said)
        log = self.server.log()
        self.assertIn("rude: no??250 2.0.0 Ok?[2J?31m?", log)
        self.assertFalse(re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", log))

    def told(self, subject):
        """What stands behind the octets of a mail with that subject."""
        with socket.create_connection(("127.0.0.1", self.server.port("smtp"))) as s:
            s.sendall(("EHLO far.test\r\nMAIL FROM:<eve@far.test>\r\nRCPT TO:<%s>\r\nDATA\r\n" % ALICE).encode())
            answers = s.makefile("rb")
            while not answers.readline().startswith((b"354", b"451")):
                pass
            s.sendall(("Subject: %s\r\n\r\nx\r\n.\r\nQUIT\r\n" % subject).encode())
            return answers.read()

    def test_a_trace_shows_what_happens_until_it_is_interrupted(self):
        # What a shell runs in the background is deaf to Ctrl-C, and so is what that starts.
        trace = subprocess.Popen([os.path.join(self.server.home, "bin", "posthorn"), "exec", "mail:trace traced@far.test"],
                                 env=self.server.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        try:
            seen = b""
            while b"delivered by local" not in seen:
                # The trace may not have begun when the first mail comes.
                with smtplib.SMTP("127.0.0.1", self.server.port("smtp")) as s:
                    s.sendmail("traced@far.test", [ALICE], "Subject: traced\n\nx\n")
                    s.sendmail("other@far.test", [ALICE], "Subject: other\n\nx\n")
                while select.select([trace.stdout], [], [], 1)[0] and b"delivered by local" not in seen:
                    seen += os.read(trace.stdout.fileno(), 65536)
            for told in (b"came from 127.0.0.1", b"sender <traced@far.test>", b"filter size: pass", b"lies in the mailbox INBOX"):
                self.assertIn(told, seen)
            self.assertNotIn(b"other@far.test", seen)
        finally:
            trace.send_signal(signal.SIGINT)
            trace.communicate(timeout=20)
        self.assertEqual(130, trace.returncode)

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

    def asked(self, path, login, body=None, method=None, status=200):
        """What JMAP's door answers, as JSON. @param login name and password, or a token"""
        words = ["-u", login] if ":" in login else ["-H", "Authorization: Bearer " + login]
        words += ["-H", "Content-Type: application/json", "-d", json.dumps(body)] if body is not None else []
        words += ["-X", method] if method else []
        got = self.curl("-w", "\n%{http_code}", "https://127.0.0.1:%d%s" % (self.server.port("https"), path), *words).stdout
        text, code = got.rsplit("\n", 1)
        self.assertEqual(str(status), code, got)
        return json.loads(text) if text else None

    def doors(self, password):
        """Whether it opens each of them, by name."""
        def smtp():
            with smtplib.SMTP_SSL("127.0.0.1", self.server.port("submissions"), context=ANY) as s:
                s.login(ALICE, password)

        def imap():
            with imaplib.IMAP4_SSL("127.0.0.1", self.server.port("imaps"), ssl_context=ANY) as box:
                box.login(ALICE, password)

        def pop3():
            pop = poplib.POP3_SSL("127.0.0.1", self.server.port("pop3s"), context=ANY)
            pop.user(ALICE)
            pop.pass_(password)
            pop.quit()

        def opens(door, *refusals):
            try:
                door()
                return True
            except refusals:
                return False

        return {
            "smtp": opens(smtp, smtplib.SMTPAuthenticationError),
            "imap": opens(imap, imaplib.IMAP4.error),
            "pop3": opens(pop3, poplib.error_proto),
            "jmap": opens(lambda: self.asked("/.well-known/jmap", ALICE + ":" + password), AssertionError),
        }

    @needs("curl")
    def test_a_session_makes_app_passwords_which_open_each_door_until_they_are_ended(self):
        session = self.asked("/auth/tokens", ALICE + ":" + SECRET, {"name": "curl"}, status=201)
        token = session["token"]
        self.assertEqual(ALICE, self.asked("/.well-known/jmap", token)["username"])
        made = self.asked("/auth/app-passwords", token, {"name": "a phone"}, status=201)
        self.assertEqual({True}, set(self.doors(made["password"]).values()))
        self.asked("/auth/app-passwords", ALICE + ":" + made["password"], {"name": "more"}, status=403)
        listed = json.loads(self.server.exec("app-password:list " + ALICE, json=True).stdout)
        self.assertEqual([made["id"]], [each["id"] for each in listed])
        self.assertIsNotNone(listed[0]["lastUsed"])
        self.asked("/auth/app-passwords/" + made["id"], token, method="DELETE", status=204)
        self.assertEqual({False}, set(self.doors(made["password"]).values()))
        self.assertEqual({True}, set(self.doors(SECRET).values()))
        self.asked("/auth/tokens/" + session["id"], token, method="DELETE", status=204)
        self.asked("/.well-known/jmap", token, status=401)
        self.assertNotIn(made["password"], self.server.log())

    @needs("curl")
    def test_a_reader_is_told_why_a_mail_is_there(self):
        self.deliver("why is this here")
        login = ALICE + ":" + SECRET
        account = next(iter(self.asked("/.well-known/jmap", login)["accounts"]))
        found = {"resultOf": "q", "name": "Email/query", "path": "/ids/0"}
        answer = self.asked("/jmap/api", login, {
            "using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "urn:posthorn:explain"],
            "methodCalls": [
                ["Email/query", {"accountId": account, "filter": {"subject": "why is this here"}}, "q"],
                ["Email/explain", {"accountId": account, "#emailId": found}, "e"]]})
        story = answer["methodResponses"][1][1]["story"]
        self.assertEqual("begun", story[0]["what"])
        self.assertEqual("shelved", story[-1]["what"])
        self.assertIn("sender <bob@far.test>", story[0]["words"])

    def pop_uids(self):
        pop = poplib.POP3_SSL("127.0.0.1", self.server.port("pop3s"), context=ANY)
        pop.user(ALICE)
        pop.pass_(SECRET)
        uids = pop.uidl()[1]
        pop.quit()
        return uids

    @needs("mutt")
    def test_programs_find_the_servers_by_themselves(self):
        web = "https://127.0.0.1:%d" % self.server.port("https")
        config = ElementTree.fromstring(self.curl("-f", "%s/mail/config-v1.1.xml?emailaddress=%s" % (web, ALICE)).stdout)
        self.assertEqual("one.test", config.findtext("emailProvider/domain"))
        reading, sending = config.find(".//incomingServer[@type='imap']"), config.find(".//outgoingServer")
        self.assertEqual(["SSL", "SSL"], [s.findtext("socketType") for s in (reading, sending)])
        profile = plistlib.loads(self.curl("-f", "%s/mobileconfig?address=%s" % (web, ALICE)).stdout.encode())
        account = profile["PayloadContent"][0]
        self.assertEqual(reading.findtext("hostname"), account["IncomingMailServerHostName"])
        self.assertEqual(int(sending.findtext("port")), account["OutgoingMailServerPortNumber"])
        self.assertNotIn("IncomingPassword", account)
        asked = "<Autodiscover><Request><EMailAddress>%s</EMailAddress></Request></Autodiscover>" % ALICE
        told = ElementTree.fromstring(self.curl("-f", web + "/Autodiscover/Autodiscover.xml", "-d", asked).stdout)
        outlook = "{http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a}"
        self.assertEqual(reading.findtext("port"), told.find(".//%sProtocol" % outlook).findtext(outlook + "Port"))
        with imaplib.IMAP4_SSL("127.0.0.1", account["IncomingMailServerPortNumber"], ssl_context=ANY) as box:
            self.assertEqual("OK", box.login(account["IncomingMailServerUsername"], SECRET)[0])
        with smtplib.SMTP_SSL("127.0.0.1", account["OutgoingMailServerPortNumber"], context=ANY) as s:
            s.login(account["OutgoingMailServerUsername"], SECRET)
        self.assertEqual("404", self.curl("-o", os.devnull, "-w", "%{http_code}", web + "/mobileconfig?address=a@far.test").stdout)

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

    def sent(self, box, subject):
        """What lies of it in Sent, each as its flags and its header."""
        box.select("Sent", readonly=True)
        uids = box.uid("SEARCH", None, "SUBJECT", '"%s"' % subject)[1][0].split()
        parts_of = [box.uid("FETCH", uid, "(FLAGS BODY.PEEK[HEADER])")[1][0] for uid in uids]
        return [(imaplib.ParseFlags(flags), email.message_from_bytes(header)) for flags, header in parts_of]

    @needs("swaks")
    def test_what_swaks_sends_is_in_sent(self):
        who, box = self.newcomer("sender")
        box.select()
        run("swaks", "--server", "127.0.0.1", "--port", str(self.server.port("submission")), "--tls", "--auth", "PLAIN",
            "--auth-user", who, "--auth-password", "secret", "--from", who, "--to", ALICE, "--header", "Subject: by swaks alone")
        self.arrived("by swaks alone")
        (flags, header), = self.sent(box, "by swaks alone")
        self.assertIn(b"\\Seen", flags)
        self.assertEqual(ALICE, header["To"])
        run("swaks", "--server", "127.0.0.1", "--port", str(self.server.port("smtp")), "--from", who, "--to", ALICE,
            "--header", "Subject: by nobody we know")
        self.arrived("by nobody we know")
        self.assertEqual([], self.sent(box, "by nobody we know"))

    @needs("curl")
    def test_a_copy_that_a_program_keeps_before_or_behind_the_mail_is_the_only_one(self):
        who, box = self.newcomer("keeper")
        box.select()
        path = os.path.join(self.scratch, "kept.eml")
        for subject, first in (("kept behind", False), ("kept before", True)):
            for more in ("Message-ID: <%s@one.test>\r\nDate: Sun, 29 Nov 2026 12:00:00 +0100\r\n" % subject.replace(" ", "."), ""):
                subject += "" if more else " without a name"
                with open(path, "w", newline="") as f:
                    f.write("%sFrom: %s\r\nTo: %s\r\nBcc: x@far.test\r\nSubject: %s\r\n\r\nhello\r\n" % (more, who, ALICE, subject))
                login = ("-u", who + ":secret", "-T", path)
                send = ["smtps://127.0.0.1:%d" % self.server.port("submissions"), "--mail-from", who, "--mail-rcpt", ALICE]
                keep = ["imaps://127.0.0.1:%d/Sent" % self.server.port("imaps")]
                for step in (keep, send) if first else (send, keep):
                    self.curl(*step, *login)
                self.arrived(subject)
                (_, header), = self.sent(box, subject)
                self.assertEqual("x@far.test", header["Bcc"])

    @needs("mutt")
    def test_what_mutt_sends_and_keeps_is_in_sent_once(self):
        who, box = self.newcomer("mutt")
        box.select()
        home = tempfile.mkdtemp(dir=self.scratch)
        rc = os.path.join(home, "muttrc")
        with open(rc, "w") as f:
            f.write('set from="%s"\nset ssl_verify_host=no\nset ssl_verify_dates=no\nset write_bcc=no\nset copy=yes\n' % who)
            f.write('set ssl_force_tls=yes\nset smtp_authenticators="plain"\nset certificate_file="%s/certs"\n' % home)
            f.write('set smtp_url="smtps://%s@localhost:%d/"\n' % (who.replace("@", "%40"), self.server.port("submissions")))
            f.write("set smtp_pass=secret\nset imap_pass=secret\nset imap_user='%s'\n" % who)
            f.write('set record="imaps://localhost:%d/Sent"\nset header_cache=\'\'\n' % self.server.port("imaps"))
        self.certificate(os.path.join(home, "certs"))
        attached = os.path.join(home, "attached.txt")
        with open(attached, "w") as f:
            f.write("attached\n" * 1000)
        for subject, more in (("mutt keeps it", []), ("mutt keeps all of it", ["-a", attached, "--"])):
            run("mutt", "-n", "-F", rc, "-s", subject, "-b", ALICE, *more, who, input="hello\n",
                env=dict(os.environ, HOME=home, TERM="vt100", EMAIL=who))
            self.arrived(subject)
            (flags, header), = self.sent(box, subject)
            self.assertIn(b"\\Seen", flags)
            self.assertEqual((who, ALICE), (header["To"], header["Bcc"]))

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

    def newcomer(self, name):
        """A user with an empty mailbox, who is logged in."""
        address = name + "@one.test"
        self.server.exec("user:add %s secret" % address)
        box = imaplib.IMAP4_SSL("127.0.0.1", self.server.port("imaps"), ssl_context=ANY)
        box.login(address, "secret")
        self.addCleanup(box.logout)
        return address, box

    def offlineimap(self, home, address, box):
        """A way to have it go once between the mailbox and the folder `near`."""
        pem = ssl.get_server_certificate(("127.0.0.1", self.server.port("imaps")))
        compressed = "COMPRESS=DEFLATE" in box.capabilities
        rc = os.path.join(home, "offlineimaprc")
        with open(rc, "w") as f:
            f.write("[general]\naccounts = a\nmetadata = %s/meta\nsocktimeout = 60\n" % home)
            f.write("[Account a]\nlocalrepository = near\nremoterepository = far\n")
            f.write("[Repository near]\ntype = Maildir\nlocalfolders = %s/near\n" % home)
            f.write("[Repository far]\ntype = IMAP\nremotehost = 127.0.0.1\nremoteport = %d\nremoteuser = %s\nremotepass = secret\n"
                    "ssl = yes\ncert_fingerprint = %s\nusecompression = %s\n"
                    % (self.server.port("imaps"), address, hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest(), compressed))
        return lambda: run("offlineimap", "-o", "-u", "basic", "-c", rc, env=dict(os.environ, HOME=home))

    @needs("offlineimap")
    def test_offlineimap_goes_both_ways(self):
        address, box = self.newcomer("olive")
        home = tempfile.mkdtemp(dir=self.scratch)
        goes = self.offlineimap(home, address, box)

        def near(subject, folder="INBOX"):
            return [path for path in glob.glob(os.path.join(home, "near", folder, "[nc]*", "*"))
                    if ("Subject: " + subject).encode() in content(path)]

        def far(subject, folder="INBOX"):
            """UID and flags."""
            box.select(folder)
            uid = box.uid("SEARCH", "SUBJECT", subject)[1][0].decode()
            return (uid, sorted(imaplib.ParseFlags(box.uid("FETCH", uid, "(FLAGS)")[1][-1]))) if uid else None

        def mail(subject):
            return ("From: a@far.test\r\nSubject: %s\r\n\r\nx\r\n" % subject).encode()

        def write(folder, name, octets):
            for sub in ("cur", "new", "tmp"):
                os.makedirs(os.path.join(home, "near", folder, sub), exist_ok=True)
            with open(os.path.join(home, "near", folder, "cur", name), "wb") as f:
                f.write(octets.replace(b"\r", b""))

        # New mail and folders come; what is gone or marked here goes there, and what is new here too.
        box.create("Over.There")
        for folder, subject in (("INBOX", "marked"), ("INBOX", "thrown"), ("Over.There", "deep")):
            self.assertEqual("OK", box.append(folder, None, None, mail(subject))[0])
        goes()
        self.assertEqual([1, 1, 1], [len(near("marked")), len(near("thrown")), len(near("deep", "Over.There"))])
        os.unlink(near("thrown")[0])
        marked = near("marked")[0]
        os.rename(marked, os.path.join(home, "near", "INBOX", "cur", os.path.basename(marked).split(":")[0] + ":2,FS"))
        write("INBOX", "1.local.host:2,S", mail("pushed"))
        write("Here", "2.local.host:2,R", mail("put"))
        goes()
        self.assertIsNone(far("thrown"))
        self.assertEqual([rb"\Flagged", rb"\Seen"], [f for f in far("marked")[1] if f != rb"\Recent"])
        self.assertIn(rb"\Seen", far("pushed")[1])
        self.assertIn(rb"\Answered", far("put", "Here")[1])
        # The other way.
        box.select("INBOX")
        box.uid("STORE", far("marked")[0], "FLAGS", r"(\Answered)")
        box.uid("STORE", far("pushed")[0], "+FLAGS", r"(\Deleted)")
        box.expunge()
        goes()
        self.assertEqual([], near("pushed"))
        self.assertTrue(near("marked")[0].endswith(":2,R"), near("marked"))
        self.assertEqual(1, len(near("put", "Here")))

    @needs("node", "npm")
    def test_imapflow_lists_fetches_moves_and_hears_of_changes(self):
        address, _ = self.newcomer("ida")
        home = os.path.join(self.scratch, "imapflow")
        shutil.copytree(os.path.join(os.path.dirname(os.path.abspath(__file__)), "imapflow"), home)
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=home)
        self.assertIn("all is well", run("node", "imapflow.js", str(self.server.port("imaps")), address, "secret", cwd=home).stdout)


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

    def test_a_relayed_mail_is_explained_with_the_other_servers_words(self):
        self.submit(self.one, "user@one.test", "user@two.test", "explained")
        self.read(self.two, "user@two.test", "explained")
        page = wait_for(lambda: (lambda p: p if "handed to" in p else None)(explain(self.one, "user@two.test --last 1")))
        for told in ("goes by smtp to two.test", "connected to mx.two.test", "TLSv1.3 TLS_", "relayed by smtp, mx.two.test", "250 2.0.0 Ok: queued as "):
            self.assertIn(told, page)
        there = re.findall(r"mx.two.test.*Ok: queued as (\w{13})", page)[0]
        self.assertIn("lies in the mailbox INBOX of user@two.test", explain(self.two, there))

    def test_a_bounced_mail_and_its_bounce_name_each_other(self):
        self.submit(self.one, "user@one.test", "gone@two.test", "bounces")
        page = wait_for(lambda: (lambda p: p if "is told" in p else None)(explain(self.one, "gone@two.test --last 1")))
        self.assertIn("<gone@two.test> failed by smtp, mx.two.test", page)
        self.assertIn("550 5.1.1", page)
        mail = page.split()[1]
        bounce = re.search(r"is told that it failed, by mail (\w{13})", page).group(1)
        self.assertIn("it tells that mail %s failed" % mail, explain(self.one, bounce))
        refused = explain(self.two, "gone@two.test --last 1")
        self.assertIn("<gone@two.test> refused by routing: 550 5.1.1", refused)


@needs("javac")
class Shadow(Scratch):
    """A new version of a filter, from its first look at live mail to the day when it counts alone, and a fall on the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.posthorn()
        cls.server.exec("domain:add one.test")
        cls.server.exec("user:add %s '%s'" % (ALICE, SECRET))
        deploy = os.path.join(cls.home, "deploy")
        filter_jar(cls.home, os.path.join(deploy, "example.jar"), "1.0.0",
                   'return subject.contains("lottery") ? Verdict.refuse("no lottery") : Verdict.PASS;')
        filter_jar(cls.home, os.path.join(deploy, "beside", "example.jar"), "1.1.0",
                   'if (subject.contains("crash")) throw new IllegalStateException("crash");'
                   'return subject.contains("raffle") ? Verdict.refuse("no raffle") : Verdict.PASS;')
        cls.server.set("org.posthorn.intake", filters="size, example", shadow="example@1.1.0", shadowFailures=2)
        cls.server.start()

    LONG = "X-Long: %s\n" % ("x" * 900) * 2

    def send(self, subject, more=""):
        """What the server says of it."""
        with smtplib.SMTP("127.0.0.1", self.server.port("smtp")) as s:
            try:
                s.sendmail("bob@far.test", [ALICE], "Subject: %s\n%s\nx\n" % (subject, more))
                return 250
            except smtplib.SMTPDataError as e:
                return e.smtp_code

    def json(self, command):
        return json.loads(self.server.exec(command, json=True).stdout)

    def row(self, command, name="example@1.1.0"):
        return [r for r in self.json(command) if name in (r.get("filter"), r.get("name"))][0]

    def test_from_the_shadow_to_all_mail_and_back(self):
        self.assertEqual(250, self.send("a raffle"))
        self.assertEqual(550, self.send("a lottery"))
        self.assertEqual(250, self.send("a letter", self.LONG))
        self.assertEqual(250, self.send("a crash"))
        told = wait_for(lambda: (lambda r: r["failed"] and r)(self.row("filter:compare")))
        self.assertEqual(("example", 1, 2, 1), (told["beside"], told["agreed"], told["disagreed"], told["failed"]))
        cases = self.json("filter:compare example@1.1.0")
        self.assertEqual(["failed: java.lang.IllegalStateException: crash", "pass", "550 5.7.1 no raffle"],
                         [c["said"] for c in cases])
        self.assertEqual("DATA: 550 5.7.1 no lottery", cases[1]["counted"])
        self.replay()

        self.server.exec("filter:promote example@1.1.0 --share 100%")
        self.assertEqual(550, self.send("a raffle"))
        self.assertEqual(250, self.send("a lottery"))
        self.server.stop()
        self.server.start()
        self.assertEqual(550, self.send("a raffle"), "a promotion outlives a restart")
        self.assertEqual(2, self.row("filter:compare")["disagreed"], "so does what was said")

        self.assertEqual(451, self.send("a crash"))
        self.assertEqual(451, self.send("a crash"))
        self.assertIn("fell back: failed 2 times", self.row("filter:list")["shadow"])
        self.assertEqual(250, self.send("a raffle"))
        self.assertEqual(550, self.send("a lottery"))
        self.assertIn("it is a shadow again", self.server.log())

        self.server.set("org.posthorn.intake", filters="size, example@1.1.0", shadow="")
        wait_for(lambda: self.send("a raffle") == 550)
        self.assertNotEqual(0, self.server.exec("filter:promote example@1.1.0", check=False).returncode)

    def replay(self):
        """What a filter that was never here, and settings that are not in force, would have done with the three mails on the shelf."""
        wait_for(lambda: len(self.server.shelf(ALICE)) == 3)
        bundles = self.json("bundle:list")
        jar = filter_jar(self.home, os.path.join(self.scratch, "letters.jar"), "3.0.0",
                         'return subject.contains("letter") ? Verdict.refuse("no letters") : Verdict.PASS;', "letters")
        done = self.server.exec("filter:replay " + jar, json=True)
        self.assertIn("filters = size, example, letters@3.0.0.replay", done.stderr)
        self.assertIn("3 mails, 1 would fare otherwise; now: 2 pass, 1 refused", done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual([("INBOX", "bob@far.test", "pass", "letters@3.0.0: 550 5.7.1 no letters")],
                         [(t["mailbox"], t["sender"], t["then"], t["now"]) for t in told])
        self.assertEqual(bundles, self.json("bundle:list"))

        proposed = os.path.join(self.scratch, "proposed")
        os.mkdir(proposed)
        with open(os.path.join(proposed, "org.posthorn.intake.cfg"), "w") as f:
            f.write("filters = size, greylist, example@1.1.0\n")
        with open(os.path.join(proposed, "org.posthorn.filter.size.cfg"), "w") as f:
            f.write("maxHeader = 1\n")
        done = self.server.exec("filter:replay " + proposed, json=True)
        self.assertIn("filters = size@0.1.0.replay, greylist, example@1.1.0", done.stderr)
        self.assertIn("greylist is not asked", done.stderr)
        self.assertIn("3 mails, 2 would fare otherwise; now: 2 refused; 1 not judged", done.stderr)
        self.assertEqual({"size@0.1.0: 552 5.3.4 The header is larger than 1024 octets", "example@1.1.0: 550 5.7.1 no raffle"},
                         {t["now"] for t in json.loads(done.stdout)})
        with open(os.path.join(proposed, "org.posthorn.filter.size.cfg"), "w") as f:
            f.write("maxHeader = many\n")
        wrong = self.server.exec("filter:replay " + proposed, check=False)
        self.assertEqual(1, wrong.returncode)
        self.assertIn("a whole number", wrong.stderr)
        self.assertEqual(bundles, self.json("bundle:list"))


class Lab(unittest.TestCase):
    """posthorn lab, as somebody who learns how mail travels."""

    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="posthorn-lab-")
        self.home = unpack(self.dir)
        self.addCleanup(shutil.rmtree, self.dir)

    def lab(self, *words):
        return run(self.home + "/bin/posthorn", "lab", *words, stdin=subprocess.DEVNULL)

    def test_a_mail_travels_and_each_hop_is_told_in_its_order(self):
        told = self.lab("--plain").stdout
        done = [line.split()[1] for line in told.splitlines() if " done: " in line]
        self.assertEqual(["MUA", "MSA", "MTA", "DNS", "MTA", "MDA", "mailbox", "IMAP"], done)
        for line in ("C: MAIL FROM:<alice@one.test>", "S: two.test. MX 10 mail.two.test.", "S: mail.two.test. A 127.0.0.1",
                     "S: * 1 EXISTS", "S: Subject: How does mail travel?", "by mail.two.test with ESMTP"):
            self.assertIn(line, told)
        self.assertNotRegex(told, "AUTH PLAIN [A-Za-z0-9+/]{8}")
        self.assertRegex(told, r"by webmail   http://127.0.0.1:\d+/mail/#/INBOX/uid/1 as bob@two.test, \w+\n")
        left = glob.glob(self.home + "/lab/*/data/run/posthorn.pid")
        self.assertEqual([], left, "a server is left")
        # A second one begins anew in the same folder.
        self.assertIn("IMAP     done: read", self.lab("--plain").stdout)

    def test_it_touches_no_folder_that_it_has_not_made(self):
        os.makedirs(self.dir + "/mine")
        with open(self.dir + "/mine/letter", "w") as letter:
            letter.write("mine")
        refused = run(self.home + "/bin/posthorn", "lab", "--plain", "--data", self.dir + "/mine", check=False, stdin=subprocess.DEVNULL)
        self.assertEqual(1, refused.returncode)
        self.assertIn("was not made by a lab", refused.stderr)
        self.assertTrue(os.path.exists(self.dir + "/mine/letter"))

    def desktop(self):
        """@return an environment in which what a browser is to open is written to a file"""
        opener = self.dir + "/bin/xdg-open"
        os.makedirs(os.path.dirname(opener))
        with open(opener, "w") as script:
            script.write("#!/bin/sh\nprintf %%s \"$1\" > '%s/new' && mv '%s/new' '%s/opened'\n" % ((self.dir,) * 3))
        os.chmod(opener, 0o755)
        return dict(os.environ, TERM="xterm", DISPLAY=":0", PATH=os.path.dirname(opener) + ":" + os.environ["PATH"])

    def webmail(self):
        """What bob sees, as the page at the address that was opened asks for it: the mail there by its UID, and who sent it."""
        wait_for(lambda: os.path.exists(self.dir + "/opened"), 30)
        opened = re.match(r"(http://127.0.0.1:\d+)/mail/#/INBOX/uid/(\d+)$", content(self.dir + "/opened").decode())
        base, uid = opened.groups()
        with urllib.request.urlopen(base + "/mail/") as page:
            self.assertIn(b"<html", page.read())
        with open(self.home + "/lab/password") as password:
            login = base64.b64encode(b"bob@two.test:" + password.read().strip().encode()).decode()
        using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "urn:posthorn:imap"]

        def ask(path, request=None):
            asked = urllib.request.Request(base + path, json.dumps(request).encode() if request else None,
                                           {"Authorization": "Basic " + login, "Content-Type": "application/json"})
            with urllib.request.urlopen(asked) as answer:
                return json.load(answer)

        account = {"accountId": ask("/.well-known/jmap")["primaryAccounts"]["urn:ietf:params:jmap:mail"]}
        inbox = ask("/jmap/api", {"using": using, "methodCalls": [["Mailbox/query", dict(account, filter={"role": "inbox"}), "a"]]})
        inbox = inbox["methodResponses"][0][1]["ids"][0]
        located = ask("/jmap/api", {"using": using, "methodCalls": [
            ["Email/locate", dict(account, mailboxId=inbox, uids=[int(uid)]), "a"]]})["methodResponses"][0][1]["list"]
        email = ask("/jmap/api", {"using": using, "methodCalls": [["Email/get", dict(account, ids=[located[0]["emailId"]]), "a"]]})
        return email["methodResponses"][0][1]["list"][0]["subject"]

    def test_at_a_terminal_it_is_a_picture_until_return_with_the_webmail_open_at_the_end(self):
        environment = self.desktop()
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvpe(self.home + "/bin/posthorn", ["posthorn", "lab"], environment)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 120, 0, 0))
        drawn, asked = b"", False
        try:
            while select.select([terminal], [], [], 90)[0]:
                drawn += os.read(terminal, 65536)
                if not asked and b"Return ends the lab." in drawn:
                    self.assertEqual("How does mail travel?", self.webmail())
                    asked = os.write(terminal, b"\r")
        except OSError:  # EIO: it has ended
            pass
        os.close(terminal)
        self.assertEqual(0, os.waitpid(pid, 0)[1])
        picture = drawn.decode(errors="replace")
        self.assertIn("\u25b6", picture)
        self.assertRegex(picture, r"\d\.\d\u2713 IMAP     bob's mail program reads")
        self.assertIn("the servers stop", picture)


class Typed(Scratch):
    """The Felix shell at a terminal."""

    def test_a_password_is_not_kept_with_the_lines_that_were_typed(self):
        home = os.path.join(self.scratch, "home")
        os.mkdir(home)
        server = self.posthorn(java_opts="-Duser.home=" + home)
        server.exec("domain:add one.test")
        server.start()
        self.type(server, ["user:add bob@one.test top-secret", "passwd bob@one.test 'even", "more-secret'", "user:list"])
        kept = content(os.path.join(home, ".gogo.history"))
        self.assertIn(b"user:list", kept)
        self.assertNotIn(b"secret", kept)
        self.assertIn("bob@one.test", server.exec("user:list").stdout)

    def type(self, server, lines):
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvpe(os.path.join(server.home, "bin", "posthorn"), ["posthorn", "shell"], dict(server.environment(), TERM="xterm"))
        try:
            for line in lines + ["exit"]:
                # Whatever it is that is awaited, the shell asks for it.
                self.until(terminal, b"> ")
                os.write(terminal, line.encode() + b"\r")
            self.until(terminal, b"")
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(terminal)

    def until(self, terminal, what):
        """What is drawn up to that; without it, up to the end."""
        drawn = b""
        try:
            while not what or what not in drawn:
                if not select.select([terminal], [], [], 30)[0]:
                    raise AssertionError("waited in vain for %r: %r" % (what, drawn))
                drawn += os.read(terminal, 65536)
        except OSError:  # Linux: EIO when nobody has the other side open any more
            pass
        return drawn


class Killed(Scratch):
    """What was written of a mail outlives the server, however it ends."""

    def test_stories_outlive_a_kill_and_are_told_without_the_server(self):
        server = self.posthorn()
        server.exec("domain:add one.test")
        server.exec("user:add %s '%s'" % (ALICE, SECRET))
        server.start()
        with smtplib.SMTP("127.0.0.1", server.port("smtp")) as s:
            s.sendmail("bob@far.test", [ALICE], "Message-ID: <kept@far.test>\n\nx\n")
        wait_for(lambda: "not read yet" in explain(server, "kept@far.test"))
        server.kill()
        page = explain(server, "kept@far.test")
        self.assertIn("came from 127.0.0.1", page)
        self.assertIn("lies in the mailbox INBOX of %s" % ALICE, page)
        server.start()
        self.assertEqual(page, explain(server, "kept@far.test"))


class StandIn(Scratch):
    """A jar of ours in deploy/ stands in the place of the shipped one, as long as it lies there."""

    PART = "org.posthorn.filter.size"

    def setUp(self):
        self.server = Posthorn(self.home)
        self.addCleanup(self.server.remove)
        self.server.exec("domain:add one.test")
        self.server.exec("user:add %s '%s'" % (ALICE, SECRET))
        self.shipped = parts.shipped(self.home)[self.PART]
        self.jar = os.path.join(self.scratch, "stand-in.jar")
        self.version = parts.another(self.shipped, self.jar, "standin")
        self.server.start()

    def tearDown(self):
        for jar in glob.glob(self.deployed("*.jar")):
            os.remove(jar)

    def deployed(self, name=PART + ".jar"):
        return os.path.join(self.home, "deploy", name)

    def restart(self, while_it_is_down=lambda: None):
        self.server.stop()
        while_it_is_down()
        self.server.start()

    def runs(self, version):
        """That version, and no other, judges mail."""
        parts.await_version(self.server, self.PART, version)
        with smtplib.SMTP("127.0.0.1", self.server.port("smtp")) as s:
            s.sendmail("bob@far.test", [ALICE], "Message-ID: <%s>\nSubject: who judged\n\nx\n" % uuid.uuid4())
        self.assertIn("%s %s" % (self.PART, version), explain(self.server, "bob@far.test --last 1"))

    def test_in_the_folder_it_outlives_restarts_and_goes_with_its_file(self):
        parts.drop(self.server, self.PART, self.jar, self.version)
        self.runs(self.version)
        self.restart()
        self.runs(self.version)
        os.remove(self.deployed())
        self.runs(parts.version_of(self.shipped))

    def test_what_changes_in_the_folder_while_the_server_is_down_counts_at_its_start(self):
        self.restart(lambda: shutil.copy(self.jar, self.deployed()))
        self.runs(self.version)
        self.restart(lambda: os.remove(self.deployed()))
        self.runs(parts.version_of(self.shipped))

    def test_one_whose_classes_are_missing_keeps_nobody_from_starting(self):
        def hollow(name, content):
            if name == "META-INF/MANIFEST.MF":
                return content.replace(b"Bundle-SymbolicName: " + self.PART.encode(), b"Bundle-SymbolicName: " + named)
            return content.replace(b'<implementation class="', b'<implementation class="no.')

        jars = {}
        for named in self.PART.encode(), b"com.acme.filter":
            jars[named] = os.path.join(self.scratch, named.decode() + ".jar")
            parts.another(self.shipped, jars[named], "hollow", hollow)
        self.restart(lambda: [shutil.copy(jar, self.deployed(os.path.basename(jar))) for jar in jars.values()])
        self.runs(parts.version_of(self.shipped))
        wait_for(lambda: self.PART + ".jar is left aside" in self.server.log())

    def test_one_that_hangs_at_a_later_start_keeps_nobody_from_starting(self):
        hangs = os.path.join(self.scratch, "hangs")
        body = ('return Verdict.PASS; } { while (new java.io.File("%s").exists()) Thread.onSpinWait(); }'
                'Verdict other(String subject) { return Verdict.PASS;' % hangs)
        # What is made here has no settings.
        os.remove(os.path.join(self.server.config, self.PART + ".cfg"))
        named = {self.PART: "size", "org.posthorn.filter.mine": "mine"}
        for name in named:
            filter_jar(self.home, self.deployed(name + ".jar"), "9.0.0", body, named[name])
            parts.await_version(self.server, name, "9.0.0")
        self.restart(lambda: open(hangs, "w").close())
        self.runs(parts.version_of(self.shipped))
        for name in named:
            self.assertIn("the start of %s 9.0.0 does not return" % name, self.server.log())
        os.remove(hangs)
        for name in named:
            parts.await_version(self.server, name, "9.0.0")

    def test_put_there_by_the_command_it_outlives_a_restart_and_is_taken_back_by_the_command(self):
        self.server.exec("bundle:swap %s %s" % (self.PART, self.jar))
        self.restart()
        self.runs(self.version)
        self.server.exec("bundle:back " + self.PART)
        self.assertEqual([], glob.glob(self.deployed("*.jar")))
        self.runs(parts.version_of(self.shipped))
        self.restart()
        self.runs(parts.version_of(self.shipped))

    def test_who_guesses_passwords_does_not_begin_anew_with_a_new_version(self):
        users = "org.posthorn.users"
        jar = os.path.join(self.scratch, "users.jar")
        version = parts.another(parts.shipped(self.home)[users], jar, "standin")
        self.guess()
        parts.swap(self.server, users, jar, version)
        self.guess()
        self.assertRegex(self.server.log(), r"(?s)denied, failure 1 in a row.*denied, failure 2 in a row")

    def guess(self):
        box = imaplib.IMAP4("127.0.0.1", self.server.port("imap"))
        with self.assertRaises(imaplib.IMAP4.error):
            box.login(ALICE, "guessed")
        box.shutdown()

    def test_the_shell_answers_behind_a_swap_that_failed_and_behind_one_that_did_not(self):
        shell = "org.posthorn.shell"
        shipped = parts.shipped(self.home)[shell]
        for bad in ("ControlServer", "HelpCommands"):
            broken = os.path.join(self.scratch, "broken-shell.jar")
            parts.another(shipped, broken, "broken", lambda name, content: content.replace(
                b'<implementation class="', b'<implementation class="no.') if bad in name and name.endswith(".xml") else content)
            done = self.server.exec("bundle:swap %s %s" % (shell, broken), check=False)
            self.assertEqual(1, done.returncode, done.stderr)
            self.assertIn("works as before", done.stderr)
            self.assertIn("active", self.server.exec("bundle:list " + shell).stdout)
        good = os.path.join(self.scratch, "shell.jar")
        version = parts.another(shipped, good, "standin")
        self.server.exec("bundle:swap %s %s" % (shell, good))
        self.assertIn(version, self.server.exec("bundle:list " + shell).stdout)
        parts.await_version(self.server, shell, version)
        self.assertEqual(["control.sock"], [os.path.basename(f) for f in glob.glob(os.path.join(self.server.data, "run", "control.*"))])

    def test_in_a_server_that_was_killed_it_is_there_again(self):
        parts.drop(self.server, self.PART, self.jar, self.version)
        self.server.kill()
        self.server.start()
        self.runs(self.version)


def explain(server, what):
    return server.exec("mail:explain " + what).stdout


def dns_server(home):
    """The command that starts the tests' own DNS server; it prints its port."""
    from posthorn import ROOT
    jars = [os.path.join(ROOT, "bundles", "testkit", "target", "classes"), os.path.join(home, "lib", "*")]
    for d, _, files in os.walk(os.path.join(home, "repository")):
        jars += [os.path.join(d, f) for f in files if re.match(r"(dnsjava|pax-logging-api|org\.posthorn\.(api|mime))-", f)]
    return ["java", "-cp", ":".join(jars), "org.posthorn.testkit.DnsServer"]


class Damaged(Scratch):
    """Files that a disk has hurt: what store:check tells, and what people find behind store:repair."""

    PEOPLE = ("ann@one.test", "bob@one.test")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.posthorn()
        cls.server.set("org.posthorn.mailbox", formats="bob@one.test=mbox")
        cls.server.set("org.posthorn.routing", smarthost="127.0.0.1:1", smarthostTls="never")
        cls.server.set("org.posthorn.queue", store="file", retry="1h")
        cls.server.exec("domain:add one.test")
        for who in cls.PEOPLE:
            cls.server.exec("user:add %s secret" % who)
        cls.server.exec("alias:add all@one.test " + " ".join(cls.PEOPLE))
        cls.server.exec("alias:add far@one.test far@elsewhere.test")

    def send(self, subject, to):
        with smtplib.SMTP("127.0.0.1", self.server.port("smtp")) as s:
            s.sendmail("eve@far.test", [to], "Subject: %s\n\n%s\n" % (subject, "text " * 400))

    def session(self, who):
        box = imaplib.IMAP4("127.0.0.1", self.server.port("imap"))
        box.login(who, "secret")
        box.select("INBOX")
        return box

    def mailbox(self, who):
        """Subject and flags by UID."""
        box = self.session(who)
        fetched = box.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        box.logout()
        found = {}
        for told, subject in (f for f in fetched if isinstance(f, tuple)):
            flags = re.search(rb"FLAGS \(([^)]*)\)", told).group(1).split()
            found[int(re.search(rb"UID (\d+)", told).group(1))] = (subject.strip(), sorted(set(flags) - {rb"\Recent"}))
        return found

    def queue(self):
        return json.loads(self.server.exec("queue:list", json=True).stdout)

    def store(self, command, code):
        done = self.server.exec("store:" + command, check=False, json=True)
        self.assertEqual(code, done.returncode, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def fill(self):
        self.server.start()
        for n in range(6):
            self.send("mail %d" % n, "all@one.test")
        self.send("far", "far@one.test")
        for who in self.PEOPLE:
            wait_for(lambda: len(self.mailbox(who)) == 6)
            box = self.session(who)
            box.uid("STORE", "2", "+FLAGS", r"(\Flagged Urgent)")
            box.logout()
        wait_for(lambda: [m for m in self.queue() if m["state"] == "waiting"])

    def in_the_journal(self):
        """A mail that is spoilt where it stands, since no store takes it, and a process that dies with it."""
        self.server.set("org.posthorn.queue", store="nowhere")
        self.server.start()
        self.send("spoilt", "far@one.test")
        self.send("whole", "far@one.test")
        self.server.kill()
        self.server.set("org.posthorn.queue", store="file")
        journal = os.path.join(self.server.data, "spool", "journal")
        segment = os.path.join(journal, sorted(os.listdir(journal))[-1])
        octets = content(segment)
        at = octets.index(b"Subject: spoilt") + 500
        with open(segment, "r+b") as f:
            f.seek(at)
            f.write(b"\0\0\0\0\0")

    def hurt(self):
        cut, gone = self.server.shelf(self.PEOPLE[0])[-2:]
        os.truncate(cut, 700)
        os.unlink(gone)
        home = os.path.join(self.server.data, "mail", "one.test", "bob")
        os.truncate(os.path.join(home, "index", "mbox", "INBOX.index"), 100)
        os.unlink(os.path.join(home, "index", "mbox", "account"))
        queue = os.path.join(self.server.data, "queue")
        for name in (n for n in os.listdir(queue) if n != "damaged"):
            os.truncate(os.path.join(queue, name), 50)

    def test_a_check_tells_a_repair_mends_and_people_have_their_mail(self):
        self.fill()
        before = {who: self.mailbox(who) for who in self.PEOPLE}
        self.server.stop()
        self.in_the_journal()
        self.hurt()
        self.assertTrue(self.store("check ann@one.test", 1), "without the server")
        lost = self.store("check", 1)
        self.assertTrue([t for t in lost if t["store"] == "queue" and "knows nothing of the octets" in t["what"]], lost)
        self.server.start()
        # The start takes back by itself what the queue's store has lost.
        wait_for(lambda: len([m for m in self.queue() if m["state"] == "waiting"]) == 2, 60)
        told = self.store("check", 1)
        for store, where, what in (
                ("spool", ".mail", "from <eve@far.test> for <far@one.test>"), ("spool", ".seg", "copy of a journal segment"),
                ("queue-file", "queue/damaged/", "could not be read"),
                ("mailbox", "ann@one.test INBOX UID", "gone from the shelf"), ("mailbox", "ann@one.test INBOX UID", "octets and not"),
                ("mailbox", "bob@one.test", "subscriptions and counts is missing"), ("mailbox", "bob@one.test INBOX", "index is damaged")):
            self.assertTrue([t for t in told if t["store"] == store and where in t["where"] and what in t["what"]], (what, told))
        self.assertEqual(told, self.store("check", 1))
        self.assertEqual({"mailbox"}, {t["store"] for t in self.store("check bob@one.test", 1)})
        self.store("repair", 0)
        self.assertEqual([], self.store("check", 0))
        self.assertEqual([], self.store("repair", 0))
        self.mended(before)

    def mended(self, before):
        ann, bob = (self.mailbox(who) for who in self.PEOPLE)
        self.assertEqual(before[self.PEOPLE[1]], bob)
        kept = before[self.PEOPLE[0]]
        self.assertEqual(5, len(ann))
        self.assertEqual(4, len(set(kept) & set(ann)))
        self.assertTrue(all(kept[uid] == told for uid, told in ann.items() if uid in kept))
        wait_for(lambda: len(self.queue()) == 3 and all(m["state"] == "waiting" for m in self.queue()))
        waits = os.path.join(self.server.data, "spool", "deferred")
        octets = [content(os.path.join(waits, name)) for name in os.listdir(waits) if not name.endswith(".note")]
        self.assertEqual(3, len(octets))
        self.assertEqual([b"spoilt"], [re.search(rb"Subject: (\w+)", o).group(1) for o in octets if o.startswith(b"X-Posthorn-Damaged: ")])


class Flowing(Scratch):
    """A server that is well and busy."""

    def test_a_check_finds_nothing_while_mail_comes_and_people_are_new(self):
        server = self.posthorn()
        server.set("org.posthorn.mailbox", formats="b1@one.test=mbox, b3@one.test=mbox")
        server.set("org.posthorn.routing", smarthost="127.0.0.1:1", smarthostTls="never")
        server.exec("domain:add one.test")
        people = ["b%d@one.test" % n for n in range(4)]
        for who in people:
            server.exec("user:add %s secret" % who)
        server.exec("alias:add all@one.test %s far@elsewhere.test" % " ".join(people))
        server.start()

        def send():
            with smtplib.SMTP("127.0.0.1", server.port("smtp")) as s:
                for n in range(40):
                    s.sendmail("eve@far.test", ["all@one.test"], "Subject: mail %d\n\n%s\n" % (n, "text " * 400))

        senders = [threading.Thread(target=send) for _ in range(3)]
        for sender in senders:
            sender.start()
        while any(sender.is_alive() for sender in senders):
            told = server.exec("store:check", check=False)
            self.assertEqual(0, told.returncode, told.stdout)
        wait_for(lambda: all(json.loads(server.exec("mailbox:status " + who, json=True).stdout)["messages"] == 120 for who in people), 60, 1)
        self.assertEqual("[]", server.exec("store:repair", json=True).stdout.strip())


if __name__ == "__main__":
    sys.exit(not unittest.main(verbosity=2, exit=False).result.wasSuccessful())
