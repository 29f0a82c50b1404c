"""Clients of many kinds that stay for long, with a ledger of all they sent and read, and of how long they waited for each reply.

Each process writes lines into a file of its own:
  ? NUMBER            a mail is being handed in         + NUMBER   it got its 250 (or its APPEND its OK)
  t TIME MS SESSION VERB   a reply's first byte came so long behind the last byte of its command
  n SESSION COUNT     so many messages an idle client has been told of
  ! TIME WHAT         what must not be: a connection cut, a refusal, an octet that differs
"""

import asyncio
import base64
import json
import random
import signal
import ssl
import time

import ledger

USERS = 40
HOST = "127.0.0.1"


def user(n):
    return "u%d@bench.test" % (n % USERS)


class Fault(Exception):
    pass


class Client:
    """One connection and what its session has waited for."""

    # What is read ahead; little where a client is to be slow.
    limit = 1 << 20

    def __init__(self, log, name, port, tls):
        self.log, self.name, self.port, self.tls = log, name, port, tls

    async def connect(self):
        context = None
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.reader, self.writer = await asyncio.open_connection(HOST, self.port, ssl=context, limit=self.limit)

    def close(self):
        self.writer.close()

    async def line(self):
        line = await self.reader.readline()
        if not line.endswith(b"\n"):
            raise Fault("cut off")
        return line

    async def timed(self, octets, verb):
        """Sends a command; the first line of its reply."""
        self.writer.write(octets)
        begin = time.monotonic()
        line = await self.line()
        now = time.monotonic()
        self.log.write("t %.4f %.2f %s %s\n" % (now, (now - begin) * 1000, self.name, verb))
        return line


class Smtp(Client):
    def __init__(self, log, name, port, tls, login=None):
        super().__init__(log, name, port, tls)
        self.login = login

    async def open(self):
        await self.connect()
        await self.rest(await self.line(), b"220")
        await self.say(b"EHLO proof.test\r\n", b"250")
        if self.login:
            secret = base64.b64encode(("\0%s\0secret" % self.login).encode())
            await self.say(b"AUTH PLAIN " + secret + b"\r\n", b"235")

    async def rest(self, line, code):
        while line[3:4] == b"-":
            line = await self.line()
        if not line.startswith(code):
            raise Fault(line.decode(errors="replace").strip())

    async def say(self, what, code, verb=None):
        await self.rest(await self.timed(what, verb or what.split()[0].decode()), code)

    async def mail(self, number):
        raw = ledger.make(number)
        sender = self.login or "load@sender.test"
        self.log.write("? %d\n" % number)
        await self.say(b"MAIL FROM:<%s>\r\n" % sender.encode(), b"250")
        await self.say(b"RCPT TO:<%s>\r\n" % user(number).encode(), b"250")
        await self.say(b"DATA\r\n", b"354")
        await self.say(raw.replace(b"\r\n.", b"\r\n..") + b".\r\n", b"250", "mail")
        self.log.write("+ %d\n" % number)


class Slow(Smtp):
    async def mail(self, number, seconds):
        """A large mail in twenty pieces."""
        raw = ledger.make(number).replace(b"\r\n.", b"\r\n..") + b".\r\n"
        self.log.write("? %d\n" % number)
        await self.say(b"MAIL FROM:<load@sender.test>\r\n", b"250")
        await self.say(b"RCPT TO:<%s>\r\n" % user(number).encode(), b"250")
        await self.say(b"DATA\r\n", b"354")
        piece = len(raw) // 20
        for n in range(20):
            self.writer.write(raw[n * piece:(n + 1) * piece])
            await self.writer.drain()
            await asyncio.sleep(seconds / 20)
        await self.say(raw[20 * piece:], b"250", "large")
        self.log.write("+ %d\n" % number)


class Imap(Client):
    def __init__(self, log, name, port, tls, account):
        super().__init__(log, name, port, tls)
        self.account, self.tag, self.exists, self.leaving = account, 0, 0, False

    async def leave(self):
        self.leaving = True
        await self.do(b"LOGOUT")
        self.close()

    async def open(self):
        self.leaving = False
        await self.connect()
        await self.line()
        await self.do(b"LOGIN %s secret" % self.account.encode())
        await self.do(b"SELECT INBOX")

    def heard(self, line):
        if line.startswith(b"* BYE") and not self.leaving:
            raise Fault(line.decode(errors="replace").strip())
        words = line.split()
        if len(words) > 2 and words[2] == b"EXISTS":
            self.exists = int(words[1])

    async def do(self, command):
        """The untagged lines; literals follow their line."""
        self.tag += 1
        tag = b"a%d " % self.tag
        said, line = [], await self.timed(tag + command + b"\r\n", command.split()[0].decode())
        while not line.startswith(tag):
            self.heard(line)
            said.append(line)
            if line.endswith(b"}\r\n"):
                said.append(await self.reader.readexactly(int(line[line.rindex(b"{") + 1:-3])))
            line = await self.line()
        if not line.startswith(tag + b"OK"):
            raise Fault("%s: %s" % (command.decode(), line.decode(errors="replace").strip()))
        return said

    async def append(self, number):
        raw = ledger.make(number)
        self.log.write("? %d\n" % number)
        await self.do(b"APPEND Saved {%d+}\r\n" % len(raw) + raw)
        self.log.write("+ %d\n" % number)

    async def fetch(self, r):
        if not self.exists:
            return
        said = await self.do(b"FETCH %d BODY.PEEK[]" % r.randint(1, self.exists))
        check(said[1] if len(said) > 1 else b"")

    async def idle(self, seconds):
        """Begins to idle, listens, ends it."""
        self.tag += 1
        tag = b"a%d " % self.tag
        line = await self.timed(tag + b"IDLE\r\n", "IDLE")
        while line.startswith(b"* "):
            self.heard(line)
            line = await self.line()
        if not line.startswith(b"+"):
            raise Fault("IDLE: " + line.decode(errors="replace").strip())
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                self.heard(await asyncio.wait_for(self.line(), end - time.monotonic()))
            except asyncio.TimeoutError:
                break
        line = await self.timed(b"DONE\r\n", "DONE")
        while not line.startswith(tag):
            self.heard(line)
            line = await self.line()
        if not line.startswith(tag + b"OK"):
            raise Fault(line.decode(errors="replace").strip())


class Sip(Imap):
    limit = 1 << 14

    async def fetch(self, r, seconds):
        """One of the large mails, as slowly as a poor line."""
        found = (await self.do(b"SEARCH LARGER 100000"))[0].split()[2:]
        if not found:
            return
        self.tag += 1
        tag = b"a%d " % self.tag
        line = await self.timed(tag + b"FETCH %s BODY.PEEK[]\r\n" % r.choice(found), "FETCH")
        left, raw = int(line[line.rindex(b"{") + 1:-3]), []
        piece = left // 20 + 1
        while left:
            raw.append(await self.reader.readexactly(min(piece, left)))
            left -= len(raw[-1])
            await asyncio.sleep(seconds / 20)
        check(b"".join(raw))
        while not line.startswith(tag):
            line = await self.line()


class Pop3(Client):
    def __init__(self, log, name, port, tls, account):
        super().__init__(log, name, port, tls)
        self.account = account

    async def open(self):
        await self.connect()
        await self.line()
        await self.do(b"USER %s" % self.account.encode())
        await self.do(b"PASS secret")
        self.count = int((await self.do(b"STAT")).split()[1])

    async def do(self, command):
        line = await self.timed(command + b"\r\n", command.split()[0].decode())
        if not line.startswith(b"+OK"):
            raise Fault("%s: %s" % (command.decode(), line.decode(errors="replace").strip()))
        return line

    async def retr(self, r):
        if not self.count:
            return
        await self.do(b"RETR %d" % r.randint(1, self.count))
        raw, line = [], await self.line()
        while line != b".\r\n":
            raw.append(line[1:] if line.startswith(b".") else line)
            line = await self.line()
        check(b"".join(raw))


class Jmap(Client):
    """Calls methods by HTTP, over a connection that stays for a while."""

    def __init__(self, log, name, port, tls, account):
        super().__init__(log, name, port, tls)
        self.login, self.asked, self.id = base64.b64encode(account.encode() + b":secret"), 0, None

    async def ask(self, what, body=b""):
        """@return what is answered, as values"""
        line = await self.timed(
            b"%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic %s\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (what, self.login, len(body), body), what.split()[0].decode())
        if b" 200 " not in line:
            raise Fault("%s: %s" % (what.decode(), line.decode(errors="replace").strip()))
        length = None
        while (line := await self.line()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        if length is not None:
            return json.loads(await self.reader.readexactly(length))
        told = b""
        while size := int(await self.line(), 16):
            told += await self.reader.readexactly(size)
            await self.line()
        await self.line()
        return json.loads(told)

    async def read(self):
        """What a client looks at that has just been opened: the mailboxes, and which mails there are."""
        if not self.id:
            self.id = (await self.ask(b"GET /.well-known/jmap"))["primaryAccounts"]["urn:ietf:params:jmap:mail"]
        self.asked += 1
        calls = [["Core/echo", {"asked": self.asked}, "c"], ["Mailbox/get", {"accountId": self.id}, "m"], ["Email/query", {"accountId": self.id, "limit": 10}, "q"]]
        request = {"using": ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"], "methodCalls": calls}
        answers = (await self.ask(b"POST /jmap/api", json.dumps(request).encode()))["methodResponses"]
        if answers[0] != calls[0] or [a[0] for a in answers] != [c[0] for c in calls]:
            raise Fault("POST: %s" % answers)


def check(raw):
    """A message as it was read against what was sent."""
    at = raw.find(b"X-Ledger: ")
    number = int(raw[at + 10:raw.index(b"\r\n", at)]) if at >= 0 else -1
    if number < 0 or raw[at:] != ledger.make(number):
        raise Fault("mail %d was read otherwise than it was sent" % number)


async def smtp(client, numbers, pause, stop, r):
    await client.open()
    while not stop.is_set():
        await client.mail(next(numbers))
        await rest(stop, r.expovariate(1 / pause))
    await client.say(b"QUIT\r\n", b"221")


async def imap(client, numbers, pause, stop, r):
    await client.open()
    while not stop.is_set():
        await rest(stop, r.expovariate(1 / pause))
        what = r.random()
        if what < 0.35:
            await client.do(b"NOOP")
        elif what < 0.6:
            await client.fetch(r)
        elif what < 0.75 and client.exists:
            await client.do(b"STORE %d +FLAGS (\\Seen)" % r.randint(1, client.exists))
        elif what < 0.85 and client.exists:
            await client.do(b"FETCH %d:* (UID FLAGS)" % max(1, client.exists - 20))
        elif what < 0.9:
            await client.append(next(numbers))
        elif what < 0.95:
            await client.do(b"SELECT INBOX")
        else:
            await client.leave()
            await client.open()


async def idle(client, numbers, pause, stop, r):
    await client.open()
    while not stop.is_set():
        await client.idle(r.uniform(2, 4) * pause)
    await client.do(b"NOOP")
    client.log.write("n %s %d\n" % (client.account, client.exists))


async def pop3(client, numbers, pause, stop, r):
    await client.open()
    while not stop.is_set():
        await rest(stop, r.expovariate(1 / pause))
        what = r.random()
        if what < 0.5:
            await client.retr(r)
        elif what < 0.8:
            await client.do(b"NOOP")
        else:
            await client.do(b"QUIT")
            client.close()
            await client.open()


async def jmap(client, numbers, pause, stop, r):
    await client.connect()
    while not stop.is_set():
        await rest(stop, r.expovariate(1 / pause))
        await client.read()
        if r.random() < 0.2:
            client.close()
            await client.connect()


async def slow(client, numbers, pause, stop, r):
    await client.open()
    while not stop.is_set():
        await client.mail(next(numbers), r.uniform(0.5, 1.5) * pause)
        await rest(stop, r.expovariate(1 / pause))
    await client.say(b"QUIT\r\n", b"221")


async def sip(client, numbers, pause, stop, r):
    await client.open()
    while not stop.is_set():
        await client.fetch(r, r.uniform(0.5, 1.5) * pause)
        await rest(stop, r.expovariate(1 / pause))


async def rest(stop, seconds):
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except asyncio.TimeoutError:
        return


async def guarded(kind, client, numbers, pause, stop, r):
    """One client, for as long as the proof lasts; a fault is written down, and it comes again."""
    while not stop.is_set():
        try:
            await kind(client, numbers, pause, stop, r)
        except (OSError, Fault, asyncio.IncompleteReadError, ValueError) as e:
            client.log.write("! %.4f %s: %s %s\n" % (time.monotonic(), client.name, type(e).__name__, e))
            await asyncio.sleep(0.2)


def clients(kind, log, ports, count):
    """Every second one over TLS."""
    for n in range(count):
        tls, name = n % 2 == 1, "%s-%d" % (kind.__name__, n)
        if kind is smtp:
            yield Smtp(log, name, ports["submissions" if tls else "smtp"], tls, user(n) if tls else None)
        elif kind is slow:
            yield Slow(log, name, ports["smtp"], False)
        elif kind is jmap:
            yield Jmap(log, name, ports["https" if tls else "http"], tls, user(n))
        elif kind is pop3:
            yield Pop3(log, name, ports["pop3s" if tls else "pop3"], tls, user(n))
        else:
            yield (Sip if kind is sip else Imap)(log, name, ports["imaps" if tls else "imap"], tls, user(n))


KINDS = {k.__name__: k for k in (smtp, imap, idle, pop3, jmap, slow, sip)}


def run(kinds, ports, path, first, event, seed):
    """A process of clients; kinds: name to (how many, mean pause in seconds). Ends when the event is set."""
    # Who breaks a proof off by Ctrl-C means the proof; the clients end when they are told.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_run(kinds, ports, path, first, event, seed))


async def _run(kinds, ports, path, first, event, seed):
    numbers, stop, tasks = iter(range(first, first + 10_000_000)), asyncio.Event(), []
    with open(path, "w", buffering=1) as log:
        for name, (count, pause) in kinds.items():
            for n, client in enumerate(clients(KINDS[name], log, ports, count)):
                r = random.Random("%s %s %d" % (seed, name, n))
                tasks.append(asyncio.create_task(guarded(KINDS[name], client, numbers, pause, stop, r)))
                await asyncio.sleep(0.01)
        log.write("ready\n")
        while not event.is_set():
            await asyncio.sleep(0.1)
        stop.set()
        # Who idles ends with its turn, of four pauses at most.
        longest = 4 * max(pause for _, pause in kinds.values())
        done, late = await asyncio.wait(tasks, timeout=60 + longest)
        for task in late:
            log.write("! %.4f a client does not end\n" % time.monotonic())
