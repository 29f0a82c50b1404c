"""Holds the ledgers of the crash proof against shelves, queue and receiving end."""

import imaplib
import re
import time

from crash_load import ACCOUNTS, KINDS, mail

# A kill this soon after a remote end's answer may have come before the answer was written down.
SOON = 2.0

SHELVES = {"maildir": ["u@bench.test"], "mbox": ["m@bench.test"], "several": ["u2@bench.test", "m2@bench.test"]}
ALL = sorted({a for several in SHELVES.values() for a in several} | set(ACCOUNTS))


def shelf(port, account, altered, counts, clear=False):
    """For each number where it lies and whether it is flagged. @param counts takes UIDVALIDITY and UIDNEXT of each mailbox"""
    found = {}
    imap = imaplib.IMAP4("127.0.0.1", port, timeout=60)
    imap.login(account, "secret")
    for box in ("INBOX", "Work"):
        if imap.select(box)[0] != "OK":
            continue
        counts[account, box] = tuple(int(imap.untagged_responses[word][-1]) for word in ("UIDVALIDITY", "UIDNEXT"))
        if imap.untagged_responses.get("EXISTS", [b"0"])[-1] == b"0":
            continue
        for part in imap.fetch("1:*", "(FLAGS BODY.PEEK[])")[1]:
            if not isinstance(part, tuple):
                continue
            at = part[1].find(b"X-Ledger: ")
            number = int(part[1][at + 10:part[1].index(b"\r\n", at)]) if at >= 0 else -1
            if at < 0 or part[1][at:] != mail(number):
                altered.append((account, box, number))
            found.setdefault(number, []).append((box, b"\\Flagged" in part[0]))
        if clear:
            imap.store("1:*", "+FLAGS.SILENT", "(\\Deleted)")
            imap.expunge()
    imap.logout()
    return found


class Forgiven:
    """Mails whose own octets, or whose own record of what became of them, were damaged."""

    def __init__(self, lost=(), doubled=()):
        """@param lost these may be missing or altered @param doubled what was written down of these was hit: they may be there again"""
        self.lost, self.doubled = set(lost), set(doubled)

    def add(self, other):
        self.lost |= other.lost
        self.doubled |= other.doubled


class Holding:
    """What is right and wrong after a round."""

    def __init__(self, facts, run, forgiven):
        self.facts, self.sink, self.kills, self.earlier, self.counts, self.forgiven = facts, run.sink, run.kills, run.earlier, run.counts, forgiven
        self.back = []
        self.lost, self.altered, self.doubled, self.allowed, self.hurt = [], [], [], [], []

    def look(self, port, clear=False):
        self.lost, altered, self.doubled, self.allowed, self.hurt = [], [], [], [], []
        counts = {}
        shelves = {account: shelf(port, account, altered, counts, clear) for account in ALL}
        # A higher UIDVALIDITY is allowed, a lower one or, with the same, a lower UIDNEXT gives old UIDs to new mail.
        self.back += [(where, self.counts[where], now) for where, now in counts.items() if now < self.counts.get(where, (0, 0))]
        self.counts.update(counts)
        self.altered = [a for a in altered if a[2] not in self.forgiven.lost]
        self.hurt += [a for a in altered if a[2] in self.forgiven.lost]
        for n, fact in self.facts.items():
            kind = fact["kind"]
            if kind == "imap":
                self.imap(n, fact, shelves[fact["account"]].get(n, []))
            elif kind in SHELVES:
                for account in SHELVES[kind]:
                    # An alias to several is settled when all of them are done: until then a kill doubles those that were.
                    self.count(n, fact, len(shelves[account].get(n, [])), account, kind == "several")
            else:
                self.far(n, fact, kind)
        for account, found in shelves.items():
            self.doubled += [(account, n) for n in found if n in self.earlier and n not in self.forgiven.doubled]
        return self

    def imap(self, n, fact, there):
        if "ways" not in fact or n in self.forgiven.lost:
            return
        if sorted(box for box, _ in there) not in fact["ways"]:
            (self.lost if len(there) < min(map(len, fact["ways"])) else self.doubled).append((fact["account"], n, fact["ways"], there))
        if len(fact["ways"]) == 1:
            self.lost += [(n, "flag") for _, flagged in there if flagged not in fact["flagged"]]

    def count(self, n, fact, there, where, may_double):
        if there == 0 and fact["done"]:
            (self.hurt if n in self.forgiven.lost else self.lost).append((where, n))
        if there > 1:
            (self.allowed if may_double or n in self.forgiven.doubled else self.doubled).append((where, n, there))

    def far(self, n, fact, kind):
        times = (self.sink.got if kind == "far" else self.sink.bounced).get(n, [])
        cut = n in self.sink.cut or any(t - 0.5 <= k <= t + SOON for t in times[:-1] for k in self.kills)
        # A report is safe before its cause is settled: a kill between the two makes another.
        self.count(n, fact, len(times), kind, cut or kind == "gone")

    def good(self):
        return not (self.lost or self.altered or self.doubled or self.broken() or self.back)

    def broken(self):
        """Sessions that ended without a word before anybody killed the server."""
        return [(n, f["broken"]) for n, f in self.facts.items() if "broken" in f and not any(k - 30 < f["at"] and k <= f["at"] for k in self.kills)]

    def refused(self, *kinds):
        return sum(1 for f in self.facts.values() if "refused" in f and f["kind"] in kinds)

    def wait(self, port, seconds=100):
        """Looks again until nothing is missing any more."""
        end = time.monotonic() + seconds
        while self.look(port).lost and time.monotonic() < end:
            time.sleep(0.3)
        return self

    def answered(self):
        return sum(1 for f in self.facts.values() if f.get("done") or len(f.get("ways", [])) == 1)

    def said(self):
        text = "begun %d, answered %d, lost %d, altered %d, doubled %d, doubled as documented (answers cut off, reports and aliases not settled) %d" % (
            len(self.facts), self.answered(), len(self.lost), len(self.altered), len(self.doubled), len(self.allowed))
        refused = self.refused(*KINDS), self.refused("imap")
        if any(refused):
            text += ", refused by SMTP %d, by IMAP %d" % refused
        if self.hurt:
            text += ", damaged themselves %d" % len(self.hurt)
        for what, those in (("lost", self.lost), ("altered", self.altered), ("doubled", self.doubled), ("broken off", self.broken()), ("UIDs go back", self.back)):
            if those:
                text += "\n  %s: %s" % (what, those[:10])
        return text


def log_faults(log):
    """Lines of the log that no crash explains."""
    return [line for line in log.splitlines() if re.search(r"NullPointer|IllegalState|ClassCast|AssertionError|IndexOutOf", line)]
