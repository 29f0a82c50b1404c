"""What an IMAP client may believe of its mailbox, from RFC 3501, 9051 and 7162: each response is held against it."""

import re

LITERAL = re.compile(rb"\{(\d+)\}$")
TOKEN = re.compile(rb'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|((?:BODY|BINARY)[^\s\[]*\[[^\]]*\](?:<\d+>)?|\[[^\]]*\]|[^\s()"\[]+))')


class Fault(Exception):
    """The connection is of no use any more."""


async def response(reader):
    """One response with its literals, as text and literals in turn."""
    parts = []
    while True:
        line = (await reader.readuntil(b"\r\n"))[:-2]
        parts.append(line)
        literal = LITERAL.search(line)
        if not literal:
            return parts
        parts[-1] = line[:literal.start()]
        parts.append(await reader.readexactly(int(literal.group(1))))


STATUS = re.compile(rb"(OK|NO|BAD|BYE|PREAUTH)(?: (\[[^\]]*\]))? ?(.*)$")


def parse(parts):
    """Lists as lists, all else as octets; of a status its word, its code if there is one, and its text."""
    status = STATUS.match(parts[0])
    if status:
        return [part for part in status.groups() if part is not None]
    top, stack = [], []
    here = top
    for i, part in enumerate(parts):
        if i % 2:
            here.append(part)
            continue
        at = 0
        while at < len(part.rstrip()):
            token = TOKEN.match(part, at)
            if not token:
                raise Fault("what cannot be parsed: %r" % part[at:at + 60])
            at = token.end()
            opens, closes, quoted, atom = token.groups()
            if opens:
                stack.append(here)
                here.append([])
                here = here[-1]
            elif closes:
                if not stack:
                    raise Fault("a parenthesis too many: %r" % part[:60])
                here = stack.pop()
            else:
                here.append(atom if quoted is None else quoted)
    if stack:
        raise Fault("a parenthesis is open: %r" % parts[0][:60])
    return top


def numbers(text):
    """Those of a set."""
    for piece in text.decode().split(","):
        first, _, last = piece.partition(":")
        yield from range(int(first), int(last or first) + 1)


class Message:
    """UID, flags and mod-sequence as far as they were told."""

    def __init__(self):
        self.uid, self.flags, self.modseq = None, None, 0


class View:
    """A selected mailbox, by what was told."""

    def __init__(self, box, quick, fault):
        """@param quick whether QRESYNC is enabled: then all that goes is told by VANISHED (RFC 7162 3.2.10) @param fault is told what is wrong"""
        self.box, self.quick, self.fault = box, quick, fault
        self.messages, self.validity, self.highest, self.next = [], 0, 0, 0
        # While SELECT is answered.
        self.opening = True

    def known(self):
        return {m.uid: m.flags for m in self.messages if m.uid}

    def exists(self, count):
        if count < len(self.messages):
            self.fault("EXISTS %d behind %d, and no EXPUNGE" % (count, len(self.messages)))
        self.messages += [Message() for _ in range(count - len(self.messages))]

    def expunge(self, number):
        if self.quick:
            self.fault("EXPUNGE where VANISHED is due")
        if not 1 <= number <= len(self.messages):
            return self.fault("EXPUNGE %d of %d" % (number, len(self.messages)))
        del self.messages[number - 1]

    def vanished(self, uids, earlier):
        if not self.quick:
            self.fault("VANISHED to a client that has not enabled QRESYNC")
        for uid in uids:
            at = [i for i, m in enumerate(self.messages) if m.uid == uid]
            if at:
                del self.messages[at[0]]
            elif not earlier:
                self.unknown_vanished(uid)

    def unknown_vanished(self, uid):
        """One of those whose UIDs were not told yet: which one is not known."""
        first = next((i for i, m in enumerate(self.messages) if m.uid is None), None)
        if first is None:
            return self.fault("VANISHED %d is none of those that there are" % uid)
        left = len(self.messages) - first - 1
        self.messages[first:] = [Message() for _ in range(left)]

    def fetch(self, number, items):
        if not 1 <= number <= len(self.messages):
            return self.fault("FETCH %d of %d" % (number, len(self.messages)))
        message = self.messages[number - 1]
        told = dict(zip(items[::2], items[1::2]))
        if b"UID" in told:
            self.uid(number, message, int(told[b"UID"]))
        if b"FLAGS" in told:
            message.flags = frozenset(told[b"FLAGS"]) - {b"\\Recent"}
        if b"MODSEQ" in told:
            modseq = int(told[b"MODSEQ"][0])
            if modseq < message.modseq:
                self.fault("MODSEQ %d of UID %s behind %d" % (modseq, message.uid, message.modseq))
            message.modseq = modseq

    def uid(self, number, message, uid):
        if message.uid not in (None, uid):
            self.fault("message %d has UID %d, and had %d" % (number, uid, message.uid))
        message.uid = uid
        before = next((m.uid for m in reversed(self.messages[:number - 1]) if m.uid), 0)
        behind = next((m.uid for m in self.messages[number:] if m.uid), uid + 1)
        if not before < uid < behind:
            self.fault("UID %d stands between %d and %d" % (uid, before, behind))

    def heard(self, told, may_expunge):
        """@param told a response that is not tagged, parsed @param may_expunge whether numbers may change now (RFC 3501 7.4.1)"""
        if len(told) > 1 and told[1] in (b"EXISTS", b"EXPUNGE", b"FETCH"):
            number, word = int(told[0]), told[1]
            if word == b"EXISTS":
                self.exists(number)
            elif word == b"FETCH":
                self.fetch(number, told[2])
            else:
                if not may_expunge:
                    self.fault("EXPUNGE at a moment at which numbers must stay")
                self.expunge(number)
        elif told[0] == b"VANISHED":
            earlier = told[1] == [b"EARLIER"]
            if not earlier and not may_expunge:
                self.fault("VANISHED at a moment at which numbers must stay")
            self.vanished(numbers(told[-1]), earlier)
        elif told[0] == b"OK" and self.opening and len(told) > 1 and told[1].startswith(b"["):
            self.code(told[1][1:-1].split())

    def code(self, words):
        if words[0] == b"UIDVALIDITY":
            self.validity = int(words[1])
        elif words[0] == b"UIDNEXT":
            self.next = int(words[1])
        elif words[0] == b"HIGHESTMODSEQ":
            self.highest = int(words[1])
