#!/usr/bin/env python3
"""Proof that a Maildir goes from Dovecot to us and back in place, and that its clients notice nothing: the same UIDVALIDITY, UIDNEXT, UIDs, flags, keywords,
dates, sizes, octets, mailboxes and subscriptions, after each of five hand-overs with work on both sides. As root, for Dovecot; needs dovecot-imapd and
dovecot-lmtpd.

  adopt.py                  the zip in distribution/target and the Dovecot that is installed
  adopt.py --messages N     so many messages in INBOX to begin with (60)
"""

import argparse
import glob
import os
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
for part in ("clients", "bench"):
    sys.path.insert(0, os.path.join(HERE, "..", part))
import adopt_state
import dovecot
from adopt_state import done
from posthorn import Posthorn, unpack, wait_for

LETTER = b"Subject: %s\r\n\r\nFrom here\r\n.dot\r\n..two\r\n\xc3\xa4 \xff end without\ttrouble \r\n" + b"line\r\n" * 400
SPECIAL = {"Drafts", "Sent", "Trash", "Junk", "Archive"}
UMLAUT, DEEP = "Gr&APwA3w-e", "Work.&ZeVnLIqe- &- more.2026"


def say(line):
    print(line, flush=True)


class Theirs:
    """A Dovecot of its own."""

    name = "Dovecot"

    def __init__(self, scratch):
        self.server = dovecot.Dovecot(os.devnull)
        self.user = "ann"
        self.home = os.path.join(self.server.scratch, "mail", self.user)
        self.owner = "nobody"

    def start(self):
        self.server.start()

    def stop(self):
        pid = self.server.pids()[0]
        self.doveadm("stop")
        wait_for(lambda: not os.path.exists("/proc/%d" % pid), 30)

    def port(self, service):
        return self.server.port(service)

    def doveadm(self, *words):
        subprocess.run(["doveadm", "-c", self.server.conf, *words], check=True)

    def remove(self):
        self.server.remove()


class Ours:
    """The Posthorn that is proved."""

    name = "Posthorn"

    def __init__(self, scratch):
        self.server = Posthorn(unpack(scratch), "adopt")
        self.user = "ann@adopt.test"
        self.home = os.path.join(self.server.data, "mail", "adopt.test", "ann")
        self.owner = "root"

    def settle_in(self):
        self.server.exec("domain:add adopt.test; user:add %s secret" % self.user)
        os.makedirs(os.path.dirname(self.home), mode=0o700, exist_ok=True)

    def start(self):
        self.server.start()

    def stop(self):
        self.server.stop()

    def port(self, service):
        return self.server.port(service)

    def remove(self):
        self.server.remove()


def deliver(side, n):
    """By LMTP."""
    with smtplib.LMTP("127.0.0.1", side.port("lmtp")) as lmtp:
        lmtp.sendmail("far@elsewhere.test", [side.user], LETTER % (b"delivered %d" % n))


def drop(side, n):
    """As another program delivers, which knows of no UIDs."""
    name = "%d.%d_%d.other" % (time.time(), os.getpid(), n)
    box = os.path.join(side.home, "Maildir")
    with open(os.path.join(box, "tmp", name), "wb") as f:
        f.write(b"Subject: dropped %d\n\nby another program\n" % n)
    shutil.chown(f.name, side.owner)
    os.rename(f.name, os.path.join(box, "new", name))


def append(box, name, n, flags="", date=None):
    done(box.append('"%s"' % name, flags and "(%s)" % flags, date, LETTER % (b"%s %d" % (name.encode(), n))))


def expunge(box, name, which):
    done(box.select('"%s"' % name))
    done(box.store(which, "+FLAGS", r"(\Deleted)"))
    done(box.expunge())


def fill(side, count):
    """What years with Dovecot leave."""
    box = adopt_state.session(side)
    for name in (UMLAUT, DEEP, "Work", "Sent", "Empty", "Never used", "Later", "Tail"):
        done(box.create('"%s"' % name))
    for name in (UMLAUT, DEEP, "Sent", "INBOX", "Gone.but subscribed"):
        if "subscribed" in name:
            done(box.create('"%s"' % name))
        done(box.subscribe('"%s"' % name))
    done(box.delete('"Gone.but subscribed"'))
    for n in range(count):
        append(box, "INBOX", n, (r"\Seen", r"\Answered $Forwarded", "NonJunk $MDNSent", "", r"\Flagged Junk")[n % 5],
               '"17-Jul-1996 02:44:%02d -0700"' % (n % 60) if n % 2 else None)
    for name in (UMLAUT, DEEP, "Sent", "Empty", "Tail"):
        for n in range(4):
            append(box, name, n, r"\Seen")
    expunge(box, "Empty", "1:*")
    expunge(box, "Tail", "3:*")
    expunge(box, "INBOX", "2,7,%d:*" % (count - 2))
    deliver(side, 0)
    wait_for(lambda: done(box.noop()) and int(box.select("INBOX")[1][0]) == count - 4)
    box.logout()


def work(side, n):
    """What clients do with mail between two hand-overs."""
    box = adopt_state.session(side)
    done(box.select("INBOX"))
    done(box.store("1:3", "+FLAGS", r"(\Flagged Round%d NONJUNK)" % n))
    done(box.store("4:6", "-FLAGS", r"(\Seen $Forwarded)"))
    done(box.store("7", "FLAGS", r"($Forwarded \Draft $Label%d)" % n))
    done(box.copy("5:6", '"%s"' % UMLAUT))
    append(box, "INBOX", 100 + n, r"\Seen $Forwarded $MDNSent", '"01-Feb-2003 04:05:06 +0700"')
    for name in ("Empty", "Tail"):
        append(box, name, n)
        expunge(box, name, "*")
    done(box.create('"New.Mailbox %d"' % n))
    append(box, "New.Mailbox %d" % n, n, "NonJunk")
    done(box.create('"Moves %d"' % n))
    append(box, "Moves %d" % n, n, r"\Seen")
    done(box.rename('"Moves %d"' % n, '"Moved.%d"' % n))
    done(box.delete('"Later"'))
    done(box.create('"Later"'))
    append(box, "Later", n)
    done(box.subscribe('"New.Mailbox %d"' % n))
    done((box.unsubscribe if n % 2 else box.subscribe)('"%s"' % UMLAUT))
    deliver(side, n)
    drop(side, n)
    wait_for(lambda: done(box.noop()) and {b"delivered %d" % n, b"dropped %d" % n} <= adopt_state.subjects(box))
    expunge(box, "INBOX", "*")
    box.logout()


def renumber(theirs, n):
    """What an administrator may do to Dovecot's mailboxes."""
    theirs.doveadm("mailbox", "update", "-u", theirs.user, "--uid-validity", str(2000000000 + n), "Grüße")
    theirs.doveadm("mailbox", "update", "-u", theirs.user, "--min-next-uid", str(500 + n), "Tail")


def hand(old, new):
    """The files stay as they are; they get another owner."""
    os.rename(old.home, new.home)
    subprocess.run(["chown", "-R", new.owner, new.home], check=True)


def leftover(side):
    """Locks and half files that a stop has left."""
    box = os.path.join(side.home, "Maildir")
    return [f for pattern in ("*.lock", "*.tmp", ".*/*.lock", "tmp/*", ".*/tmp/*") for f in glob.glob(os.path.join(box, pattern))]


def pass_on(old, new, n, known, begin):
    """Stops the one, starts the other, and compares what clients see."""
    before = adopt_state.state(old, known)
    old.stop()
    if leftover(old):
        raise AssertionError("%s left %s" % (old.name, ", ".join(leftover(old))))
    hand(old, new)
    new.start()
    after = adopt_state.state(new, known)
    if n == 0:
        adopt_state.allow(before, after, SPECIAL)
    adopt_state.same("hand-over %d, from %s to %s" % (n + 1, old.name, new.name), before, after)
    folders = after["folders"].values()
    say("  hand-over %d: %s has all %d mails in %d mailboxes as %s had them, and %d subscriptions (%.0f s)" % (
        n + 1, new.name, sum(len(f["messages"]) for f in folders), len(after["folders"]), old.name, len(after["subscribed"]), time.monotonic() - begin))


def run(scratch, a):
    begin, known, sides = time.monotonic(), {}, []
    try:
        sides.append(Theirs(scratch))
        sides.append(Ours(scratch))
        theirs, ours = sides
        ours.settle_in()
        theirs.start()
        fill(theirs, a.messages)
        say("Dovecot is filled (%.0f s)" % (time.monotonic() - begin))
        for n in range(5):
            old, new = (theirs, ours) if n % 2 == 0 else (ours, theirs)
            pass_on(old, new, n, known, begin)
            work(new, n + 1)
            if new is theirs:
                renumber(theirs, n)
    finally:
        for side in sides:
            side.remove()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--messages", type=int, default=60)
    a = p.parse_args()
    scratch = tempfile.mkdtemp(prefix="posthorn-adopt-")
    try:
        run(scratch, a)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    say("proof adopt: holds")


if __name__ == "__main__":
    main()
