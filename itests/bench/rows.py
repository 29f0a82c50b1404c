"""The rows: what is done, beside whom, and how far it is to go.

floor and goal are ratios to the peer, the higher the better; of a row without a peer they are figures of its unit, the lower the better. cpu is the same for
milliseconds of CPU an operation.
"""

from dataclasses import dataclass, field
from typing import Callable, Optional

import mail_in
import reading
import waiting


@dataclass(frozen=True)
class Row:
    name: str
    what: str
    peer: Optional[str]
    unit: str
    floor: Optional[float]
    goal: Optional[float]
    do: Callable
    options: dict = field(default_factory=dict)
    users: int = 2
    cpu: Optional[tuple] = None
    absolute: bool = False  # floor and goal are figures although there is a peer

    @property
    def more_is_better(self):
        return self.unit.endswith("/s")


def row(name, what, peer, unit, floor, goal, do, users=2, cpu=None, absolute=False, **options):
    return Row(name, what, peer, unit, floor, goal, do, options, users, cpu, absolute)


ROWS = [
    row("smtp-1", "SMTP accept to Maildir, 4 KiB, 1 session", "postfix", "/s", 1.2, 2, mail_in.smtp, sessions=1, messages=2000),
    row("smtp-10", "… 10 sessions", "postfix", "/s", 2, 4, mail_in.smtp, cpu=(0.95, 0.35), sessions=10, messages=5000),
    row("smtp-50", "… 50 sessions", "postfix", "/s", None, None, mail_in.smtp, sessions=50, messages=5000),
    row("smtp-100", "… 100 sessions", "postfix", "/s", 2.5, 5, mail_in.smtp, cpu=(None, 0.4), sessions=100, messages=5000),
    row("smtp-connect", "… a new connection for each mail, 10 at once", "postfix", "/s", 2, 5, mail_in.smtp, sessions=10, messages=3000, reconnect=True),
    row("smtp-1m", "… 1 MiB, 10 sessions", "postfix", "/s", 1.2, 2, mail_in.smtp, sessions=10, messages=300, size=1048576),
    row("relay", "relay to smtp-sink, 4 KiB, 10 sessions, end to end", "postfix", "/s", 2, 4, mail_in.relay, sessions=10, messages=3000),
    row("lmtp", "LMTP to Maildir, 4 KiB, 10 sessions, 10 users", "dovecot", "/s", 2, 4, mail_in.lmtp, 11, (None, 0.5), sessions=10, messages=5000),
    row("login", "IMAP login and logout, 10 clients", "dovecot", "/s", 1, 1.5, reading.login, sessions=10, count=3000),
    row("login-tls", "… over TLS", "dovecot", "/s", None, None, reading.login, sessions=10, count=1500, tls=True),
    row("append", "IMAP APPEND, 4 KiB, 10 clients", "dovecot", "/s", 1.5, 3, reading.append, 10, sessions=10, count=5000),
    row("fetch-bodies-1", "FETCH of whole bodies, 4 KiB, one command, 1 client", "dovecot", "/s", 0.7, 1, reading.fetch, clients=1, count=5000, rounds=4),
    row("fetch-bodies-4", "… 4 clients", "dovecot", "/s", 0.7, 1, reading.fetch, clients=4, count=5000, rounds=4),
    row("fetch-each", "… one a command, 1 client", "dovecot", "/s", 1, 2, reading.fetch, clients=1, count=5000, batch=1, rounds=2),
    row("fetch-1m", "… 1 MiB, 4 clients", "dovecot", "/s", 0.8, 1.1, reading.fetch, clients=4, count=64, size=1048576, rounds=8),
    row("fetch-headers", "FETCH of four header fields of 10,000", "dovecot", "ms", None, None, reading.whole_box, mode="headers", count=10000),
    row("envelope", "FETCH ENVELOPE of 10,000, again", "dovecot", "ms", 1, 2, reading.whole_box, mode="envelope", count=10000),
    row("envelope-cold", "… for the first time", "dovecot", "ms", 1, 2, reading.whole_box, mode="envelope", count=10000, cold=True),
    row("fetch-flags", "FETCH FLAGS of 100,000", "dovecot", "ms", 1, 2, reading.whole_box, mode="flags", count=100000, size=512),
    row("select", "SELECT of 100,000, index there", "dovecot", "ms", 5, 2.2, reading.select, absolute=True, count=100000, lost=False),
    row("select-lost", "… index lost", "dovecot", "ms", 0.67, 1, reading.select, count=100000, lost=True),
    row("search", "SEARCH TEXT in 10,000, 4 KiB", "dovecot", "ms", 1, 1.7, reading.search, count=10000),
    row("store", "STORE of one flag", "dovecot", "/s", 0.7, 1.2, reading.store, count=5000, commands=5000),
    row("pop3-1", "POP3 RETR, 4 KiB, 1 client", "dovecot", "/s", 1, 1.5, reading.retr, clients=1, count=4000),
    row("pop3-10", "… 10 clients", "dovecot", "/s", 1, 1.5, reading.retr, 10, clients=10, count=1000),
    row("idle", "an IMAP connection in IDLE (5,000 of ours)", "dovecot", "KiB", 40, 15, waiting.idle, absolute=True, held=5000, peer_held=300),
    row("idle-tls", "… over TLS (1,000 of ours)", "dovecot", "KiB", 120, 60, waiting.idle, absolute=True, held=1000, peer_held=200, tls=True),
    row("notify", "100 clients in IDLE hear of a mail", "dovecot", "ms", 30, 20, waiting.notify, absolute=True, clients=100),
    row("loaded", "memory, at most, of all this", None, "MiB", 512, 400, waiting.loaded, 0),
    row("rest", "memory at rest", None, "MiB", 250, 150, waiting.at_rest, 0),
    row("start", "start, data there", None, "s", 3, 1.5, waiting.start, 0, empty=False),
    row("start-empty", "first start", None, "s", 5, 3, waiting.start, 0, empty=True),
]
