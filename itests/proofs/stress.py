"""Many IMAP clients at once on the same few mailboxes, doing anything in any order, while another program changes their files. What each is told is held against the RFCs, and at the end against what is there."""

import asyncio
import collections
import hashlib
import random
import threading
import time

import parts
import stress_meddler
from stress_view import Fault, View, numbers, parse, response

ACCOUNTS = ("u@bench.test", "m@bench.test")
BOXES = ("INBOX", "Work")
PARTS = ["org.posthorn." + part for part in ("imap", "mailbox", "mailbox.maildir", "mailbox.mbox", "mime", "store", "users", "users.sql", "sasl")]
FLAGS = ("\\Seen", "\\Answered", "\\Flagged", "\\Draft", "\\Deleted", "$Junk", "work")
# Messages of a mailbox: below, more come; above, more go.
FEW, MANY = 60, 250
PATIENCE = 60


class Truth:
    """What all clients together know, and what was wrong."""

    def __init__(self):
        self.faults, self.verbs, self.refusals = [], collections.Counter(), collections.Counter()
        self.octets, self.validity, self.nexts, self.slowest, self.swaps = {}, {}, {}, 0, 0
        self.number = 0

    def mail(self, r):
        self.number += 1
        body = "".join("line %d of %d\r\n" % (i, r.randrange(1 << 30)) for i in range(r.randrange(1, 60)))
        return ("From: a@far.test\r\nTo: b@bench.test\r\nSubject: mail %d\r\nMessage-ID: <%d@far.test>\r\nX-Number: %d\r\n\r\n%s"
                % (self.number, self.number, self.number, body)).encode()

    def same(self, where, uid, octets):
        """A message is what it was, and its UID nobody else's."""
        digest = hashlib.sha256(octets).digest()
        return self.octets.setdefault((where, uid), digest) == digest


class Client:
    def __init__(self, port, account, number, truth, seed):
        self.port, self.account, self.truth, self.r = port, account, truth, random.Random(seed)
        self.name = "%s %d" % (account, number)
        # Half of them know QRESYNC.
        self.quick = number % 2 == 0
        self.tag, self.view, self.remembered, self.verb = 0, None, {}, ""

    def fault(self, what):
        self.truth.faults.append("%s, %s in %s: %s" % (self.name, self.verb, self.view.box if self.view else "-", what))

    # ---- the connection

    async def connect(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        self.view = None
        await response(self.reader)
        await self.do("LOGIN %s secret" % self.account)
        if self.quick:
            await self.do("ENABLE QRESYNC")

    async def do(self, text, literals=(), fixed=False):
        """@param fixed whether numbers must stay meanwhile @return the word and code of its end, and what was told before"""
        self.verb = text[:80]
        self.truth.verbs[" ".join(text.split()[:2 if text.startswith("UID ") else 1])] += 1
        self.tag += 1
        began = time.monotonic()
        self.writer.write(b"t%d %s" % (self.tag, text.encode()))
        for literal in literals:
            self.writer.write(b" {%d+}\r\n%s" % (len(literal), literal))
        self.writer.write(b"\r\n")
        if text == "IDLE":
            return await self.end(fixed, began, self.r.uniform(0.05, 0.6))
        return await self.end(fixed, began)

    async def end(self, fixed, began, idle=0):
        told = []
        while True:
            # What is told while nobody is asked may only be told in IDLE.
            parts = await asyncio.wait_for(response(self.reader), PATIENCE)
            if parts[0].startswith(b"+ "):
                asyncio.get_running_loop().call_later(idle, self.writer.write, b"DONE\r\n")
                continue
            tag, _, rest = parts[0].partition(b" ")
            one = parse([rest, *parts[1:]])
            if tag != b"*":
                break
            if one[0] == b"BYE" and not self.verb.startswith("LOGOUT"):
                raise Fault("BYE: %r" % one)
            if self.view:
                self.view.heard(one, not fixed)
            told.append(one)
        if tag != b"t%d" % self.tag:
            raise Fault("the end of %r" % tag)
        self.truth.slowest = max(self.truth.slowest, time.monotonic() - began)
        if one[0] == b"BAD":
            self.fault("BAD: %r" % one)
        elif one[0] == b"NO":
            self.truth.refusals["%s: %s" % (self.verb.split()[0], b" ".join(one[1:]).decode()[:90])] += 1
        return one, told

    # ---- a mailbox

    async def select(self, box):
        self.view = View(box, self.quick, self.fault)
        before = self.remembered.get(box)
        if self.quick and before:
            validity, highest, messages = before
            # As it was: it is what VANISHED (EARLIER) and FETCH speak of.
            end, told = await self.do("SELECT %s (QRESYNC (%d %d))" % (box, validity, highest))
            if self.view.validity == validity:
                self.catch_up(dict(messages), told)
        else:
            end, told = await self.do("SELECT %s" % box)
        self.view.opening = False
        if end[0] != b"OK":
            raise Fault("SELECT: %r" % end)
        where = self.account, box
        if self.truth.validity.setdefault(where, self.view.validity) != self.view.validity:
            self.fault("UIDVALIDITY %d was %d" % (self.view.validity, self.truth.validity[where]))
        await self.do("FETCH 1:* (UID FLAGS)", fixed=True) if self.view.messages else None
        self.remember()

    def catch_up(self, known, told):
        """Held against the truth when all is quiet."""
        for one in told:
            if one[0] == b"VANISHED" and one[1] == [b"EARLIER"]:
                for uid in numbers(one[2]):
                    known.pop(uid, None)
            elif len(one) > 2 and one[1] == b"FETCH":
                items = dict(zip(one[2][::2], one[2][1::2]))
                known[int(items[b"UID"])] = frozenset(items[b"FLAGS"]) - {b"\\Recent"}
        self.caught = known

    def remember(self):
        if self.view.highest and all(m.uid and m.flags is not None for m in self.view.messages):
            self.remembered[self.view.box] = self.view.validity, self.view.highest, self.view.known()

    def some(self):
        """A set of a few numbers."""
        n = len(self.view.messages)
        first = self.r.randint(1, n)
        return range(first, min(n, first + self.r.choice((0, 0, 1, 3, 10))) + 1)

    def chosen(self):
        """The same by numbers or, where all are known, by UIDs: the prefix, the set, and the numbers."""
        some = self.some()
        uids = [self.view.messages[i - 1].uid for i in some]
        if all(uids) and self.r.random() < 0.6:
            return "UID ", ",".join(map(str, uids)), some
        return "", "%d:%d" % (some[0], some[-1]), some

    # ---- what it may do

    async def fetch(self):
        uid, chosen, _ = self.chosen()
        what = self.r.choice(("FLAGS", "(UID FLAGS)", "ALL", "FULL", "(UID MODSEQ)", "(UID RFC822.SIZE INTERNALDATE BODYSTRUCTURE)", "BODY.PEEK[HEADER.FIELDS (SUBJECT)]"))
        await self.do("%sFETCH %s %s" % (uid, chosen, what), fixed=not uid)

    async def read(self):
        uid, chosen, some = self.chosen()
        messages = [self.view.messages[i - 1] for i in some]
        end, told = await self.do("%sFETCH %s (UID RFC822.SIZE %s)" % (uid, chosen, self.r.choice(("BODY.PEEK[]", "BODY[]"))), fixed=not uid)
        bodies = [one[2] for one in told if len(one) > 2 and one[1] == b"FETCH" and b"BODY[]" in one[2]]
        there = {m.uid for m in messages if m in self.view.messages}
        # With another code, the end tells a client that knows QRESYNC in words that some are gone.
        may_be_gone = uid or any(b"HIGHESTMODSEQ" in part for part in end)
        if end[0] == b"OK" and not may_be_gone and not there <= {int(b[b.index(b"UID") + 1]) for b in bodies}:
            self.fault("OK, and no body of some of %s" % there)
        for body in bodies:
            items = dict(zip(body[::2], body[1::2]))
            if len(items[b"BODY[]"]) != int(items[b"RFC822.SIZE"]):
                self.fault("%d octets of %s" % (len(items[b"BODY[]"]), items[b"RFC822.SIZE"]))
            if not self.truth.same((self.account, self.view.box), int(items[b"UID"]), items[b"BODY[]"]):
                self.fault("UID %s is another message" % items[b"UID"])

    async def store(self):
        uid, chosen, some = self.chosen()
        flags = self.r.sample(FLAGS, self.r.randint(1, 2))
        sign = self.r.choice("+-")
        silent = self.r.random() < 0.4
        before = [(m, m.flags) for m in (self.view.messages[i - 1] for i in some)]
        end, _ = await self.do("%sSTORE %s %sFLAGS%s (%s)" % (uid, chosen, sign, ".SILENT" if silent else "", " ".join(flags)), fixed=not uid)
        if silent and end[0] == b"OK":
            octets = {f.encode() for f in flags}
            for m, had in before:
                # What was told meanwhile is somebody else's change behind ours.
                if had is not None and m.flags is had:
                    m.flags = had | octets if sign == "+" else had - octets

    async def store_if(self):
        uid, chosen, some = self.chosen()
        since = max(1, self.view.highest - self.r.randrange(3))
        await self.do("%sSTORE %s (UNCHANGEDSINCE %d) +FLAGS (%s)" % (uid, chosen, since, self.r.choice(FLAGS)), fixed=not uid)

    async def search(self):
        uid = self.r.choice(("", "UID "))
        there = len(self.view.messages)
        what = self.r.choice(("ALL", "SEEN", "UNDELETED", "KEYWORD work", "SUBJECT mail", "OR FLAGGED ANSWERED", "TEXT line", "LARGER 900", "SINCE 1-Jan-2020"))
        _, told = await self.do("%sSEARCH %s" % (uid, what), fixed=not uid)
        found = [int(n) for one in told if one[0] == b"SEARCH" for n in one[1:] if isinstance(n, bytes)]
        # What is gone is not found, though its number still counts.
        if not uid and not set(found) <= set(range(1, max(there, len(self.view.messages)) + 1)):
            self.fault("SEARCH finds %s of %d" % (max(found), there))

    async def sort(self):
        await self.do(self.r.choice(("SORT (SUBJECT) UTF-8 ALL", "UID SORT (REVERSE DATE) UTF-8 SEEN", "THREAD REFERENCES UTF-8 ALL", "UID SEARCH RETURN (MIN MAX COUNT) ALL")))

    async def copy(self):
        uid, chosen, _ = self.chosen()
        to = self.r.choice(BOXES)
        verb = "COPY" if len(self.view.messages) < MANY or self.r.random() < 0.2 else "MOVE"
        await self.do("%s%s %s %s" % (uid, verb, chosen, to))

    async def append(self):
        flags = "(%s)" % " ".join(self.r.sample(FLAGS[:4], self.r.randrange(3)))
        several = self.r.choice((1, 1, 1, 3))
        if several == 1:
            await self.do("APPEND %s %s" % (self.r.choice(BOXES), flags), [self.truth.mail(self.r)])
        else:
            await self.do("APPEND %s" % self.r.choice(BOXES), [self.truth.mail(self.r) for _ in range(several)])

    async def delete(self):
        uid, chosen, some = self.chosen()
        await self.do("%sSTORE %s +FLAGS (\\Deleted)" % (uid, chosen), fixed=not uid)
        if uid and self.r.random() < 0.5:
            await self.do("UID EXPUNGE %s" % chosen)
        elif len(self.view.messages) > FEW:
            await self.do("EXPUNGE")

    async def idle(self):
        await self.do("IDLE")

    async def noop(self):
        await self.do(self.r.choice(("NOOP", "CHECK", "CAPABILITY")))

    async def status(self):
        box = self.r.choice(BOXES)
        # Of commands that are under way at once the later one may be answered first.
        before = self.truth.nexts.get((self.account, box), 0)
        _, told = await self.do("STATUS %s (MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)" % box)
        said = [one[2] for one in told if one[0] == b"STATUS"]
        if len(said) != 1:
            return self.fault("%d answers to STATUS" % len(said))
        self.counted(box, before, int(said[0][said[0].index(b"UIDNEXT") + 1]))

    def counted(self, box, before, following):
        where = self.account, box
        if following < before:
            self.fault("UIDNEXT %d was %d" % (following, before))
        self.truth.nexts[where] = max(following, self.truth.nexts.get(where, 0))

    async def again(self):
        self.remember()
        how = self.r.choice(("CLOSE", "UNSELECT", "", "LOGOUT", "cut"))
        if how in ("CLOSE", "UNSELECT"):
            await self.do(how)
            self.view = None
        elif how == "LOGOUT":
            await self.do(how)
            self.writer.close()
            await self.connect()
        elif how == "cut":
            self.writer.close()
            await self.connect()
        await self.select(self.r.choice(BOXES))

    async def scratch(self):
        name = "Scratch%d" % self.r.randrange(6)
        await self.do(self.r.choice(("CREATE %s", "DELETE %s", "LIST \"\" %s", "SUBSCRIBE %s", "RENAME %s " + "Scratch%d" % self.r.randrange(6))) % name)

    ANYWHERE = (("append", 4), ("status", 2), ("idle", 3), ("noop", 4), ("again", 1.5), ("scratch", 0.5))
    SOMEWHERE = (("fetch", 10), ("read", 6), ("store", 10), ("store_if", 2), ("search", 5), ("sort", 2), ("copy", 3), ("delete", 4))

    async def step(self):
        there = len(self.view.messages)
        can = list(self.ANYWHERE if there < 2 else self.ANYWHERE + self.SOMEWHERE)
        weights = [w * (4 if name == "delete" and there > MANY else 0.2 if name == "append" and there > MANY else 1) for name, w in can]
        await getattr(self, self.r.choices([name for name, _ in can], weights)[0])()

    async def live(self, until):
        try:
            await self.connect()
            await self.select(self.r.choice(BOXES))
            while time.monotonic() < until:
                await self.step()
        except (Fault, OSError, EOFError, asyncio.TimeoutError) as e:
            self.fault("%s: %s" % (type(e).__name__, e))
            self.view = None

    # ---- when all is quiet

    async def hold(self):
        """What it was told, then what it is told when it comes back, against what is there."""
        if not self.view:
            return
        try:
            await self.do("NOOP")
            if any(m.uid is None or m.flags is None for m in self.view.messages):
                await self.do("FETCH 1:* (UID FLAGS)")
            told, box = self.view.known(), self.view.box
            other = Client(self.port, self.account, 1, self.truth, 0)
            await other.connect()
            await other.select(box)
            there = other.view.known()
            other.writer.close()
            self.compare("what it was told", told, there)
            if self.quick and box in self.remembered:
                self.caught = None
                self.writer.close()
                await self.connect()
                await self.select(box)
                if self.caught is not None:
                    self.compare("what QRESYNC told", self.caught, there)
            self.writer.close()
        except (Fault, OSError, EOFError, asyncio.TimeoutError) as e:
            self.fault("%s: %s" % (type(e).__name__, e))

    def compare(self, what, told, there):
        if told == there:
            return
        lost, more = sorted(set(there) - set(told)), sorted(set(told) - set(there))
        other = ["%d: %s, not %s" % (uid, sorted(told[uid]), sorted(there[uid])) for uid in sorted(set(told) & set(there)) if told[uid] != there[uid]]
        self.fault("%s: missing %s, too many %s, flags %s" % (what, lost[:5], more[:5], other[:3]))


class Swapping(threading.Thread):
    """Puts other versions of these parts in, one behind the other, as long as it goes on."""

    def __init__(self, server, jars, truth):
        super().__init__(daemon=True)
        self.server, self.jars, self.truth, self.count, self.over = server, jars, truth, 0, threading.Event()

    def run(self):
        while self.jars and not self.over.is_set():
            name, versions = list(self.jars.items())[self.count % len(self.jars)]
            try:
                parts.swap(self.server, name, *versions[self.count // len(self.jars) % 2])
            except (AssertionError, OSError) as e:
                self.truth.faults.append("%s is not swapped: %s" % (name, str(e)[:300]))
            self.count += 1

    def end(self):
        self.over.set()
        self.join()


async def stress(server, count, seconds, seed, jars):
    port = server.port("imap")
    truth = Truth()
    clients = [Client(port, ACCOUNTS[i % len(ACCOUNTS)], i, truth, seed * 1000 + i) for i in range(count)]
    first = [Client(port, account, 0, truth, seed) for account in ACCOUNTS]
    for one in first:
        await one.connect()
        await one.do("CREATE Work")
        for box in BOXES:
            for _ in range(FEW):
                await one.do("APPEND %s" % box, [truth.mail(one.r)])
    until = time.monotonic() + seconds
    other = stress_meddler.start(server.data, seconds, seed)
    swapping = Swapping(server, jars, truth)
    swapping.start()
    await asyncio.gather(*(c.live(until) for c in clients))
    swapping.end()
    truth.swaps = swapping.count
    other.join()
    if other.exitcode:
        truth.faults.append("the other program has failed")
    for c in clients:
        await c.hold()
    return truth


def prove(server, say, count, seconds, seed, jars):
    """@param jars of parts that are swapped meanwhile, two for each @return whether it holds"""
    truth = asyncio.run(stress(server, count, seconds, seed, jars))
    say("commands " + ", ".join("%s %d" % pair for pair in truth.verbs.most_common()))
    for why, times in truth.refusals.most_common(12):
        say("  %d times NO to %s" % (times, why))
    for line in truth.faults[:20]:
        say("  fault: " + line)
    say("%d clients, %d s: commands %d, the slowest %.2f s, swaps %d, faults %d"
        % (count, seconds, sum(truth.verbs.values()), truth.slowest, truth.swaps, len(truth.faults)))
    return not truth.faults
