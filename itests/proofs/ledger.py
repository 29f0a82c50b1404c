"""A ledger outside the server: what was sent, what got its 250, and what lies on the shelf."""

import hashlib
import multiprocessing
import os
import random
import re
import socket

WORDS = ("mail post horn letter stamp route relay queue shelf envelope sender town bridge harbour winter market paper ink "
         "courier signal lantern morning answer question receipt parcel window garden").split()


# Numbers from here on are of mails that do not fit into a record of the journal.
LARGE = 10**12


def make(number, size=None):
    """A mail that looks real: every shape that number chooses, CRLF line ends, exactly reproducible. Begins with its number."""
    size = size or (400_000 if number >= LARGE else 4096)
    r = random.Random(number)
    lines = ["X-Ledger: %d" % number, "From: \"%s %s\" <%s@sender.test>" % (r.choice(WORDS), r.choice(WORDS), r.choice(WORDS)),
             "To: u@bench.test", "Subject: %s" % " ".join(r.choices(WORDS, k=r.randint(1, 8))),
             "Date: Mon, 02 Nov 2026 10:%02d:%02d +0000" % (r.randrange(60), r.randrange(60)),
             "Message-ID: <%d@ledger.test>" % number, "MIME-Version: 1.0"]
    if number % 3 == 0:
        lines += ["Content-Type: multipart/mixed; boundary=\"b%d\"" % number, "", "--b%d" % number, "Content-Type: text/plain", ""]
    elif number % 3 == 1:
        lines += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", "Gr\u00fc\u00dfe"]
    else:
        lines += ["Content-Type: text/plain", ""]
    end = ["--b%d--" % number] if number % 3 == 0 else []
    length = sum(len(line.encode()) + 2 for line in lines + end)
    while length < size - 82:
        # Lines with dots in front, From lines, empty ones: what gets hurt on the way.
        line = r.choice(["", ".", "..", ".x", "From here", ">From"]) if r.random() < 0.08 else " ".join(r.choices(WORDS, k=r.randint(2, 11)))[:78]
        lines.append(line)
        length += len(line) + 2
    return ("\r\n".join(lines + end) + "\r\n").encode()


def digest(raw):
    return hashlib.sha256(raw).hexdigest()


class Session:
    """One SMTP session; raises when the server goes away."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = self.socket.makefile("rb")
        self.want(b"220")
        self.say(b"EHLO ledger.test\r\n", b"250")

    def want(self, code):
        while True:
            line = self.lines.readline()
            if not line:
                raise ConnectionError("the server has closed")
            if line[3:4] != b"-":
                break
        if not line.startswith(code):
            raise ValueError(line.decode(errors="replace").strip())

    def say(self, what, code):
        self.socket.sendall(what)
        self.want(code)

    def mail(self, raw, to):
        """Hands in a mail; when it returns, the server has said 250."""
        self.socket.sendall(b"MAIL FROM:<load@sender.test>\r\nRCPT TO:<" + to.encode() + b">\r\nDATA\r\n")
        self.want(b"250")
        self.want(b"250")
        self.want(b"354")
        if raw.startswith(b"."):
            raw = b"." + raw
        self.say(raw.replace(b"\r\n.", b"\r\n..") + b".\r\n", b"250")


def _session(port, numbers, to, size, path):
    with open(path, "a", buffering=1) as ledger:
        try:
            session = Session(port)
            for n in numbers:
                raw = make(n, size)
                ledger.write("? %d\n" % n)
                session.mail(raw, to)
                ledger.write("+ %d\n" % n)
        except (OSError, ConnectionError, ValueError) as e:
            ledger.write("! %s\n" % e)


def load(port, first, count, sessions, folder, to="u@bench.test", size=4096):
    """Starts the load; each process writes its own ledger file. The processes, running."""
    running = []
    for s in range(sessions):
        path = os.path.join(folder, "ledger-%d-%d" % (first, s))
        p = multiprocessing.Process(target=_session, args=(port, range(first + s, first + count, sessions), to, size, path))
        p.start()
        running.append(p)
    return running


def read(folder):
    """Numbers begun, numbers with a 250, and what went wrong."""
    begun, accepted, faults = set(), set(), []
    for name in os.listdir(folder):
        if name.startswith("ledger-"):
            with open(os.path.join(folder, name)) as f:
                for line in f:
                    mark, _, rest = line.rstrip("\n").partition(" ")
                    if not line.endswith("\n"):
                        continue
                    {"?": lambda: begun.add(int(rest)), "+": lambda: accepted.add(int(rest)), "!": lambda: faults.append(rest)}[mark]()
    return begun, accepted, faults


def numbers(files):
    """Those of the mails that lie there."""
    found = set()
    for path in files:
        try:
            with open(path, "rb") as f:
                found.update(int(n) for n in re.findall(rb"^X-Ledger: (\d+)\r$", f.read(4096), re.MULTILINE)[:1])
        except FileNotFoundError:
            pass
    return found


def held(files, size=None):
    """The shelf against the mails as they were sent: a count for each number, and the numbers whose bytes differ."""
    counts, altered = {}, []
    for path in files:
        with open(path, "rb") as f:
            raw = f.read()
        at = raw.find(b"X-Ledger: ")
        if at < 0:
            continue
        number = int(raw[at + 10:raw.index(b"\r\n", at)])
        counts[number] = counts.get(number, 0) + 1
        if raw[at:] != make(number, size):
            altered.append(number)
    return counts, altered
