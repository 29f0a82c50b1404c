"""What mail programs ask for. Each answer is held against what lies there, or against one that was parsed."""

import os

from mail_in import names, shelved
from work import Wrong, at, load, told


def login(job, sessions, count, tls=False):
    """Users of the file that both read: the same hash for both."""
    return told(load("imap_load.py", ("login",), job, "imaps" if tls else "imap", user="login{n}@login.test", users=10, sessions=sessions,
                     count=job.scaled(count), **({"tls": True} if tls else {})))


def append(job, sessions, count):
    n, stem = job.scaled(count), job.users[0][:-1]
    r = load("imap_load.py", ("append",), job, "imap", user=stem + "{n}@bench.test", users=sessions, sessions=sessions, count=n, size=4096)
    shelved(job, job.users, n)
    sizes = {os.path.getsize(f) for u in job.users for f in names(job.peer.maildir(u))}
    if len(sizes) > 3 or min(sizes) < 3900:
        raise Wrong("%s: appended mail has %s octets" % (job.peer.name, sorted(sizes)[:5]))
    return told(r)


def box(job, count, size, user=0):
    n = job.scaled(count) if count > 100 else count
    job.boxes.place(n, size, job.peer, job.users[user])
    return n


def warm(job, n):
    """Opens the mailbox, fetches each envelope once and looks at one mail in full."""
    load("imap_load.py", ("envelope",), job, "imap", sessions=1, count=1, **at(job))
    r = load("imap_load.py", ("fetch",), job, "imap", sessions=1, batch=n, **at(job))
    if r["ops"] != n:
        raise Wrong("%s: %d mails of %d" % (job.peer.name, r["ops"], n))
    return r["bytes"]


def fetch(job, clients, count, size=4096, batch=None, rounds=1):
    """Whole bodies. What comes is held against what a parsed answer had."""
    n = box(job, count, size)
    octets = warm(job, n)
    if octets < n * size:
        raise Wrong("%s: %d octets of %d mails" % (job.peer.name, octets, n))
    r = load("imap_load.py", ("fetch",), job, "imap", sessions=clients, whole=True, drain=True, batch=batch or n, rounds=rounds, **at(job))
    expected = octets * clients * rounds
    if abs(r["bytes"] - expected) > 0.005 * expected + 100 * r["ops"] * (batch is not None) or r["ops"] != n * clients * rounds:
        raise Wrong("%s: %d octets instead of %d" % (job.peer.name, r["bytes"], expected))
    return told(r)


def whole_box(job, mode, count, size=4096, rounds=10, cold=False):
    """One command over the whole mailbox; the milliseconds of one."""
    n = box(job, count, size)
    first = load("imap_load.py", (mode,), job, "imap", sessions=1, count=1, **at(job))
    if first["lines"] != n:
        raise Wrong("%s: %d answers of %d" % (job.peer.name, first["lines"], n))
    r = first if cold else load("imap_load.py", (mode,), job, "imap", sessions=1, count=rounds, drain=True, **at(job))
    if abs(r["bytes"] - first["bytes"] * r["ops"]) > (100 + n * len(" \\Recent")) * r["ops"]:
        raise Wrong("%s: %d octets in %d answers, %d in the first" % (job.peer.name, r["bytes"], r["ops"], first["bytes"]))
    return told(r, r["lat_ms"]["p50"])


def select(job, count, lost):
    """A new connection for each SELECT. Lost: the first one ever, with no index there."""
    n = box(job, count, 512)
    first = load("imap_load.py", ("select",), job, "imap", sessions=1, count=1, **at(job))
    r = first if lost else load("imap_load.py", ("select",), job, "imap", sessions=1, count=30, **at(job))
    if (first if lost else r)["exists"] != n:
        raise Wrong("%s: EXISTS is %d, not %d" % (job.peer.name, r["exists"], n))
    return told(r, r["lat_ms"]["p50"])


def search(job, count):
    n = box(job, count, 4096)
    r = load("imap_load.py", ("search",), job, "imap", sessions=1, count=5, query="TEXT needle", **at(job))
    if r["hits"] != (n + 99) // 100:
        raise Wrong("%s: %d hits, not %d" % (job.peer.name, r["hits"], (n + 99) // 100))
    return told(r, r["lat_ms"]["p50"])


def store(job, count, commands):
    box(job, count, 512)
    load("imap_load.py", ("select",), job, "imap", sessions=1, count=1, **at(job))
    r = load("imap_load.py", ("store",), job, "imap", sessions=1, count=job.scaled(commands), **at(job))
    return told(r)


def retr(job, clients, count):
    for k in range(clients):
        n = box(job, count, 4096, k)
    load("pop3_load.py", ("retr",), job, "pop3", user=job.users[0][:-1] + "{n}@bench.test", users=clients, sessions=clients, max=1)
    r = load("pop3_load.py", ("retr",), job, "pop3", user=job.users[0][:-1] + "{n}@bench.test", users=clients, sessions=clients)
    if r["ops"] != clients * n or r["bytes"] < clients * n * 4096:
        raise Wrong("%s: %d mails of %d" % (job.peer.name, r["ops"], clients * n))
    return told(r)
