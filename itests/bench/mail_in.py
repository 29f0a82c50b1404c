"""Mail that comes in and must lie on the shelf, or at the next hop, whole and once before the clock stops."""

import os
import subprocess
import tempfile
import time

import loadlib
from work import Wrong, figures, load

SETTLE = 0.7  # seconds: what a server does behind its answer counts as its work


def send(job, service, user, sessions, messages, mail, words=()):
    """Postfix's own generator, started."""
    return subprocess.Popen(
        ["smtp-source", "-s", str(sessions), "-m", str(messages), "-F", mail, "-f", "load@sender.test", "-t", user, *words, "127.0.0.1:%d" % job.peer.port(service)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def mail_file(size):
    """A mail as smtp-source wants it: lines end with LF; it takes that size when they end with CRLF."""
    f = tempfile.NamedTemporaryFile(prefix="mail-", suffix=".eml", delete=False)
    f.write(loadlib.message(size, 1).replace(b"\r\n", b"\n"))
    f.close()
    return f.name


def names(maildir):
    return [e.path for sub in ("new", "cur") for e in os.scandir(os.path.join(maildir, sub))] if os.path.isdir(os.path.join(maildir, "new")) else []


def shelved(job, users, messages):
    """Waits until all mails lie in those Maildirs."""
    end = time.monotonic() + 300
    while sum(len(names(job.peer.maildir(u))) for u in users) < messages:
        if time.monotonic() > end:
            raise Wrong("%s: only %d of %d mails came" % (job.peer.name, sum(len(names(job.peer.maildir(u))) for u in users), messages))
        time.sleep(0.01)


def whole(job, users, messages, size):
    """Each mail is on the shelf once and to its last octet."""
    body = loadlib.message(size, 1).replace(b"\r\n", b"\n").partition(b"\n\n")[2].rstrip()
    files = [f for u in users for f in names(job.peer.maildir(u))]
    if len(files) != messages:
        raise Wrong("%s: %d mails of %d on the shelf" % (job.peer.name, len(files), messages))
    for path in files:
        with open(path, "rb") as f:
            if f.read().replace(b"\r\n", b"\n").partition(b"\n\n")[2].rstrip() != body:  # smtp-source adds an empty line
                raise Wrong("%s: %s is not what was sent" % (job.peer.name, path))


def measured(job, start, until, messages):
    """Runs the generators that start() gives, until the mails are there; the rate from the first octet, and the CPU until all is settled."""
    before, begin = loadlib.tree(job.peer.pids()), time.monotonic()
    for process in start():
        error = process.communicate()[1]
        if process.returncode:
            raise Wrong("%s: %s" % (job.peer.name, error.decode()[-300:]))
    until()
    took = time.monotonic() - begin
    time.sleep(SETTLE)
    after = loadlib.tree(job.peer.pids())
    return figures(messages / took, 1000 * (after["cpu_s"] - before["cpu_s"]) / messages, None, after["rss_mb"])


def latency(job, service, sessions, messages, size, users, **options):
    """smtp-source keeps no times: the 99th percentile is that of a second, shorter load."""
    return load("smtp_load.py", (), job, service, sessions=sessions, messages=messages, size=size, to=users[-1] + "@bench.test", **options)["lat_ms"]["p99"]


def smtp(job, sessions, messages, size=4096, reconnect=False):
    """Accept to Maildir: from the first octet until all lie there."""
    user, n, mail = job.users[0], job.scaled(messages), mail_file(size)
    words = () if reconnect else ("-d",)
    r = measured(job, lambda: [send(job, "smtp", user + "@bench.test", sessions, n, mail, words)], lambda: shelved(job, [user], n), n)
    whole(job, [user], n, size)
    os.unlink(mail)
    return r | {"p99": latency(job, "smtp", sessions, max(sessions, n // 5), size, job.users, **({"per_connection": 1} if reconnect else {}))}


def lmtp(job, sessions, messages):
    """As many users as sessions, as an MTA delivers."""
    each, mail, users = job.scaled(messages) // sessions, mail_file(4096), job.users[:sessions]
    r = measured(job, lambda: [send(job, "lmtp", u + "@bench.test", 1, each, mail, ("-d", "-L")) for u in users], lambda: shelved(job, users, each * sessions), each * sessions)
    whole(job, users, each * sessions, 4096)
    os.unlink(mail)
    return r | {"p99": latency(job, "lmtp", sessions, each * sessions // 5, 4096, job.users, lmtp=True)}


def relay(job, sessions, messages):
    """Handed on to smtp-sink, until that has all."""
    n, mail, base = job.scaled(messages), mail_file(4096), job.sink.count()

    def arrived():
        end = time.monotonic() + 300
        while job.sink.count() < base + n:
            if time.monotonic() > end:
                raise Wrong("%s: the sink got %d of %d" % (job.peer.name, job.sink.count() - base, n))
            time.sleep(0.01)
    r = measured(job, lambda: [send(job, "smtp", "x@relay.test", sessions, n, mail, ("-d",))], arrived, n)
    os.unlink(mail)
    if job.sink.count() != base + n:
        raise Wrong("%s: the sink got %d of %d" % (job.peer.name, job.sink.count() - base, n))
    return r
