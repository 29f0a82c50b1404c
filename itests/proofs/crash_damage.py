"""Files of a server that was killed are cut, flipped or removed: each costs at most the mail that is in it."""

import glob
import os
import re

import crash_journal
from crash_hold import Forgiven

ACCOUNT = "mail/bench.test/*/"


def of_journal(octets, path, begin, end):
    """A mail whose record is hit, whole or in part; and one of which is no longer known what became of it."""
    spool = os.path.dirname(os.path.dirname(path))
    hit = [r for r in crash_journal.records(spool) if r.path == path and r.hit(begin, end)]
    mails = {r.number for r in hit if r.kind == crash_journal.MAIL}
    # A settled mail whose record is gone cannot come back; one whose settlement is gone can.
    return Forgiven(mails, {r.number for r in hit})


def of_file(octets, path, begin, end):
    """All of the file is one mail."""
    return Forgiven({crash_journal.ledger_number(octets)})


def of_mbox(octets, path, begin, end):
    """The messages that are hit; without its From line one becomes part of the message before it."""
    starts = [m.start() for m in re.finditer(rb"(?:\A|(?<=\n\n))From ", octets)] + [len(octets)]
    hurt = set()
    for start, behind in zip(starts, starts[1:]):
        if start - 2 < end and begin < behind + 40:
            hurt.add(crash_journal.ledger_number(octets[start:behind]))
    return Forgiven(hurt, hurt)


def of_nobody(octets, path, begin, end):
    """What is in it can be told from elsewhere."""
    return Forgiven()


PLACES = [
    ("spool/journal/*.seg", of_journal, ("cut", "flip")),
    ("spool/large/*", of_file, ("cut", "flip", "remove")),
    ("spool/deferred/*", of_file, ("cut", "flip", "remove")),
    ("queue/*", of_nobody, ("cut", "flip", "remove")),
    (ACCOUNT + "index/*/*.index", of_nobody, ("cut", "flip", "remove")),
    (ACCOUNT + "index/*/account", of_nobody, ("cut", "flip", "remove")),
    (ACCOUNT + "Maildir/dovecot-uidlist", of_nobody, ("cut", "flip", "remove")),
    (ACCOUNT + "Maildir/dovecot-keywords", of_nobody, ("cut", "flip", "remove")),
    (ACCOUNT + "mbox", of_mbox, ("cut", "flip")),
]


# The database has no mail in it.
DATABASE = [
    ("database/posthorn/seg0/*", of_nobody, ("cut", "flip", "remove")),
    ("database/posthorn/log/*.dat", of_nobody, ("cut", "flip", "remove")),
    ("database/posthorn/log/*.ctrl", of_nobody, ("cut", "flip", "remove")),
    ("database/posthorn/service.properties", of_nobody, ("cut", "flip", "remove")),
    ("database/format", of_nobody, ("remove",)),
]


def used(octets):
    """Without the room that was taken ahead."""
    return len(octets.rstrip(b"\0")) or len(octets)


def plan(path, how, r):
    """@return what it is now, and the first octet that shall not be as it was, and the one behind the last"""
    with open(path, "rb") as f:
        octets = f.read()
    at = 0 if how == "remove" else r.randrange(used(octets))
    return octets, at, at + 16 if how == "flip" else len(octets)


def carry_out(path, how, octets, begin, end):
    if how == "remove":
        os.remove(path)
    elif how == "cut":
        os.truncate(path, begin)
    else:
        with open(path, "r+b") as f:
            f.seek(begin)
            f.write(bytes(255 - b for b in octets[begin:end]))


def hurt_one_of(place, data, r):
    """A file of this kind, if there is one. @return what was done, and what is forgiven"""
    pattern, forgiven, ways = place
    files = sorted(f for f in glob.glob(os.path.join(data, pattern)) if os.path.isfile(f) and os.path.getsize(f))
    if not files:
        return "", Forgiven()
    path, how = r.choice(files), r.choice(ways)
    # Asked before: what is forgiven stands in the file.
    octets, begin, end = plan(path, how, r)
    pardon = forgiven(octets, path, begin, end)
    carry_out(path, how, octets, begin, end)
    return "; %s %s" % (how, os.path.relpath(path, data)), pardon
