"""The load of the crash proof: what was begun and what was answered is written down outside the server, line by line."""

import imaplib
import json
import os
import random
import re
import time

import ledger

# Who gets mail, and what becomes of it.
KINDS = {
    "maildir": "u@bench.test",
    "mbox": "m@bench.test",
    "several": "all@bench.test",
    "far": "far@bench.test",
    "gone": "gone@bench.test",
}
ACCOUNTS = ("i@bench.test", "j@bench.test")
SIZE = 2048
# More than a record of the journal holds: such a mail lies in a file of its own.
LARGE = 70_000


def mail(n):
    """The mail of that number; one of sixteen is large."""
    return ledger.make(n, LARGE if n % 16 == 15 else SIZE)


class Refused(ValueError):
    """The server took something not, and said so as the protocol has it: the session goes on."""


class Ledger:
    """Lines of JSON; the last one about a number counts. A line that was cut off does not."""

    def __init__(self, path):
        self.file = open(path, "a", buffering=1)

    def say(self, **fact):
        self.file.write(json.dumps(fact) + "\n")


def facts(folder):
    """All facts by number."""
    known = {}
    for name in os.listdir(folder):
        if not name.startswith("facts-"):
            continue
        with open(os.path.join(folder, name)) as f:
            for line in f:
                if line.endswith("\n"):
                    fact = json.loads(line)
                    known[fact["n"]] = {**known.get(fact["n"], {}), **fact}
    return known


def smtp(port, first, seconds, folder, seed):
    """Sends mail of all kinds until the time is over or the server is gone. What is put off is not sent again."""
    book, r, end = Ledger(os.path.join(folder, "facts-%d" % first)), random.Random(seed), time.monotonic() + seconds
    session, n = None, first
    while time.monotonic() < end:
        kind = r.choice(list(KINDS))
        book.say(n=n, kind=kind, done=False)
        try:
            session = session or ledger.Session(port)
            session.mail(mail(n), KINDS[kind])
            book.say(n=n, done=True)
        except (OSError, ValueError) as e:
            if not re.match(r"4\d\d ", str(e)):
                # Killed, or else this is a fault; what had no answer stays begun.
                book.say(n=n, broken=str(e), at=time.time())
                return
            book.say(n=n, refused=str(e))
            session = None
            time.sleep(0.02)
        n += 1


class Reader:
    """An IMAP session that appends, flags, moves and expunges. A NO is raised as Refused; then either may be."""

    def __init__(self, port, account, book):
        self.account, self.book = account, book
        self.imap = imaplib.IMAP4("127.0.0.1", port, timeout=60)
        self.imap.login(account, "secret")
        self.imap.create("Work")
        self.must(self.imap.select("INBOX"))

    def lies(self, n, *ways, **more):
        self.book.say(n=n, kind="imap", account=self.account, ways=[sorted(w) for w in ways], **more)

    def must(self, answer):
        if answer[0] == "NO":
            raise Refused(str(answer[1]))
        if answer[0] != "OK":
            raise ValueError(str(answer))
        return answer[1]

    def append(self, n):
        self.lies(n, [], ["INBOX"], flagged=[False])
        answer = self.must(self.imap.append("INBOX", None, None, mail(n)))
        self.lies(n, ["INBOX"])
        return re.search(rb"APPENDUID \d+ (\d+)", answer[0]).group(1).decode()

    def flag(self, n, uid):
        self.book.say(n=n, flagged=[False, True])
        self.must(self.imap.uid("STORE", uid, "+FLAGS", "(\\Flagged)"))
        self.book.say(n=n, flagged=[True])

    def move(self, n, uid):
        self.lies(n, ["INBOX"], ["INBOX", "Work"], ["Work"])
        self.must(self.imap.uid("MOVE", uid, "Work"))
        self.lies(n, ["Work"])

    def expunge(self, n, uid):
        self.lies(n, ["INBOX"], [])
        self.must(self.imap.uid("STORE", uid, "+FLAGS", "(\\Deleted)"))
        self.must(self.imap.uid("EXPUNGE", uid))
        self.lies(n, [])

    def step(self, n, r):
        """A mail comes, and something is done to it."""
        uid = self.append(n)
        if r.random() < 0.5:
            self.flag(n, uid)
        if r.random() < 0.4:
            self.move(n, uid)
        elif r.random() < 0.5:
            self.expunge(n, uid)


def imap(port, account, first, seconds, folder, seed):
    book, r, end = Ledger(os.path.join(folder, "facts-%d" % first)), random.Random(seed), time.monotonic() + seconds
    reader, n = None, first
    while time.monotonic() < end:
        try:
            reader = reader or Reader(port, account, book)
            reader.step(n, r)
        except Refused as e:
            book.say(n=n, kind="imap", account=account, refused=str(e))
            time.sleep(0.02)
        except (OSError, ValueError, imaplib.IMAP4.error) as e:
            book.say(n=n, kind="imap", account=account, broken=str(e), at=time.time())
            return
        n += 1


def once(smtp_port, imap_port, first, folder):
    """One of each, in order, for the named points."""
    book = Ledger(os.path.join(folder, "facts-%d" % first))
    try:
        session, n = ledger.Session(smtp_port), first
        for kind in list(KINDS) * 3:
            book.say(n=n, kind=kind, done=False)
            session.mail(mail(n), KINDS[kind])
            book.say(n=n, done=True)
            n += 1
        for account in ACCOUNTS:
            reader = Reader(imap_port, account, book)
            for deed in (reader.flag, reader.move, reader.expunge):
                uid = reader.append(n)
                # One more behind it: the last of an mbox goes without a rewrite.
                reader.append(n + 1)
                deed(n, uid)
                n += 2
    except (OSError, ValueError, imaplib.IMAP4.error):
        # The server was killed; what had no answer stays begun.
        return
