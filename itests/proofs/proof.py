#!/usr/bin/env python3
"""Proofs of what the server promises, on the unpacked zip. Each prints its figures and fails when a promise is broken.

  proof.py load  [--count 20000] [--sessions 10]     none lost, none doubled, each byte the same
  proof.py kill  [--rounds 5] [--seconds 4]          kill -9 in the middle of that load
  proof.py large [--mib 100] [--heap 128m]           a mail larger than comfortable
  proof.py idle  [--count 5000]                      idle IMAP connections and the memory they take
  proof.py start [--runs 5]                          from the command to all ports open
  proof.py bad   [--seconds 20]                      bad input on every port
  proof.py damage                                    damaged files: queue, journal, Maildir, MIME
  proof.py mbox  [--mib 2048]                        a big mbox of another program, which appends meanwhile
  proof.py stress [--clients 100] [--seconds 600]    IMAP clients doing anything on the same mailboxes, held against the RFCs
  proof.py stress --swapping                         the same while the parts that it needs are replaced
  proof.py memory [--heap 128m]                      a plug-in that takes all memory, once and for ever
  proof.py swap  [--swaps 3] [--parts imap,queue]    each part replaced under load, again and again
  proof.py swap  --swaps 100 --state DIR [--resume]  the same for hours; Ctrl-C breaks it off
"""

import argparse
import imaplib
import os
import random
import resource
import shutil
import socket
import statistics
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "clients"))
import damage
import ledger
import mbox
import memory
import stress
import swap
from posthorn import PORTS, Posthorn, unpack, wait_for

USER = "u@bench.test"


def server(home, **more):
    s = Posthorn(home, **more)
    s.exec("domain:add bench.test")
    s.exec("user:add %s secret" % USER)
    return s


def say(line):
    print(line, flush=True)


def settle(s, accepted, seconds=120):
    """Waits until the shelf holds all that was accepted. As many are not enough: some may lie there whose 250 nobody has heard."""
    wait_for(lambda: len(s.shelf(USER)) >= len(accepted) and accepted <= ledger.numbers(s.shelf(USER)), seconds, 0.2)


def verdict(s, folder):
    begun, accepted, faults = ledger.read(folder)
    try:
        settle(s, accepted)
    except AssertionError:
        say("the shelf holds %d files of %d accepted" % (len(s.shelf(USER)), len(accepted)))
    counts, altered = ledger.held(s.shelf(USER))
    lost = sorted(accepted - counts.keys())
    doubled = sorted(n for n, c in counts.items() if c > 1)
    strange = sorted(counts.keys() - begun)
    say("begun %d, accepted %d, on the shelf %d, lost %d, doubled %d, altered %d, strange %d"
        % (len(begun), len(accepted), sum(counts.values()), len(lost), len(doubled), len(altered), len(strange)))
    return accepted, faults, not (lost or doubled or altered or strange)


def load(home, a):
    s, folder = server(home), tempfile.mkdtemp(prefix="posthorn-ledger-")
    try:
        s.start()
        begin = time.monotonic()
        for p in ledger.load(s.port("smtp"), 0, a.count, a.sessions, folder):
            p.join()
        took = time.monotonic() - begin
        accepted, faults, good = verdict(s, folder)
        say("accepted %.0f mails/s from %d sessions" % (len(accepted) / took, a.sessions))
        return good and not faults and len(accepted) == a.count
    finally:
        s.remove()
        shutil.rmtree(folder)


def kill(home, a):
    s, folder = server(home), tempfile.mkdtemp(prefix="posthorn-ledger-")
    r, good = random.Random(a.seed), True
    try:
        for n in range(a.rounds):
            s.start()
            running = ledger.load(s.port("smtp"), n * 1_000_000, 1_000_000, a.sessions, folder)
            time.sleep(r.uniform(0.5, a.seconds))
            s.kill()
            for p in running:
                p.join()
            say("round %d: killed with %d accepted" % (n + 1, len(ledger.read(folder)[1])))
        s.start()
        good = verdict(s, folder)[2]
        left = s.exec("queue:list", json=True).stdout.strip()
        say("queue after the last restart: %s" % (left[:200] or "empty"))
        return good
    finally:
        s.remove()
        shutil.rmtree(folder)


def large(home, a):
    s = server(home, java_opts="-Xmx" + a.heap)
    try:
        s.start()
        line = b"x" * 74 + b"\r\n"
        raw = b"X-Ledger: 0\r\nSubject: large\r\n\r\n" + line * ((a.mib << 20) // len(line))
        begin = time.monotonic()
        ledger.Session(s.port("smtp")).mail(raw, USER)
        accepted = time.monotonic() - begin
        path = wait_for(lambda: s.shelf(USER), 60)[0]
        wait_for(lambda: os.path.getsize(path) >= len(raw), 60)
        with open(path, "rb") as f:
            same = f.read().endswith(raw)
        box = imaplib.IMAP4("127.0.0.1", s.port("imap"))
        box.login(USER, "secret")
        box.select("INBOX")
        begin = time.monotonic()
        fetched = box.fetch(b"1", "(BODY.PEEK[])")[1][0][1].endswith(raw)
        say("%d MiB with a heap of %s: accepted in %.1f s, same on the shelf %s, same by IMAP %s in %.1f s, resident %d MiB"
            % (len(raw) >> 20, a.heap, accepted, same, fetched, time.monotonic() - begin, s.rss() >> 10))
        return same and fetched
    finally:
        s.remove()


def idle(home, a):
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(a.count + 500, 1024),) * 2)
    s = server(home)
    s.set("org.posthorn.net.listener-imap", maxConnections=a.count + 10, maxPerClient=a.count + 10)
    s.set("org.posthorn.net", maxConnections=a.count + 10, maxPerClient=a.count + 10)
    try:
        s.start()
        before, held = s.rss(), []
        for _ in range(a.count):
            c = socket.create_connection(("127.0.0.1", s.port("imap")), timeout=30)
            lines = c.makefile("rb")
            lines.readline()
            c.sendall(b"a LOGIN %s secret\r\nb SELECT INBOX\r\nc IDLE\r\n" % USER.encode())
            while not lines.readline().startswith(b"+"):
                pass
            held.append((c, lines))
        after = s.rss()
        say("%d idle connections: resident %d MiB, before %d MiB, %.1f KiB each" % (a.count, after >> 10, before >> 10, (after - before) / a.count))
        with ledger_session(s) as session:
            begin = time.monotonic()
            session.mail(ledger.make(1), USER)
            for _, lines in held:
                while b"EXISTS" not in lines.readline():
                    pass
        say("all were told of a new mail within %.0f ms" % (1000 * (time.monotonic() - begin)))
        return after < 512 << 10
    finally:
        s.remove()


class ledger_session:
    def __init__(self, s):
        self.session = ledger.Session(s.port("smtp"))

    def __enter__(self):
        return self.session

    def __exit__(self, *_):
        self.session.socket.close()


def start(home, a):
    good = True
    for what, data in (("first start, empty data", False), ("start, data there", True)):
        seconds = []
        s = None
        for n in range(a.runs + 1):
            if s is None or not data:
                if s:
                    s.remove()
                s = Posthorn(home)
            begin = time.monotonic()
            s.start()
            for name in PORTS:
                socket.create_connection(("127.0.0.1", s.port(name)), timeout=5).close()
            if n or not data:
                seconds.append(time.monotonic() - begin)
            s.stop()
        s.remove()
        say("%s: median %.2f s (%s)" % (what, statistics.median(seconds), " ".join("%.2f" % x for x in seconds)))
        good = good and statistics.median(seconds) < (3 if data else 5)
    return good or not a.strict


def attack(port, r):
    """One connection that does no good."""
    kind = r.randrange(6)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as c:
        if kind == 0:
            c.sendall(r.randbytes(r.randrange(1, 5000)))
        elif kind == 1:
            c.sendall(b"a" * 200_000)
        elif kind == 2:
            c.sendall(b"a APPEND INBOX {2147483648}\r\nx LOGIN {999999999}\r\n")
        elif kind == 3:
            c.shutdown(socket.SHUT_WR)
        elif kind == 4:
            for b in b"EHLO dribble\r\nNOOP\r\n":
                c.sendall(bytes([b]))
        else:
            c.sendall(b"\x16\x03\x01\x02\x00\x01" + r.randbytes(300))
        c.settimeout(r.choice([0.01, 0.2]))
        try:
            c.recv(4096)
        except OSError:
            pass


def bad(home, a):
    s, r, folder = server(home), random.Random(a.seed), tempfile.mkdtemp(prefix="posthorn-ledger-")
    try:
        s.start()
        running = ledger.load(s.port("smtp"), 0, 500, 2, folder)
        end, count, refused = time.monotonic() + a.seconds, 0, 0
        while time.monotonic() < end:
            try:
                attack(s.port(r.choice(list(PORTS))), r)
            except OSError:
                refused += 1
            count += 1
        for p in running:
            p.join()
        crowd = [socket.create_connection(("127.0.0.1", s.port("smtp")), timeout=5) for _ in range(a.crowd)]
        for c in crowd:
            c.close()
        accepted, faults, good = verdict(s, folder)
        say("%d attacks (%d cut off), %d connections at once from one address; the server %s"
            % (count, refused, a.crowd, "stands" if s.command("status", check=False).returncode == 0 else "is gone"))
        box = imaplib.IMAP4("127.0.0.1", s.port("imap"))
        return good and len(accepted) == 500 and not faults and box.login(USER, "secret")[0] == "OK"
    finally:
        s.remove()
        shutil.rmtree(folder)


def damaged(home, a):
    s = server(home)
    try:
        return damage.run(s)
    finally:
        s.remove()


def big_mbox(home, a):
    s = server(home)
    try:
        return mbox.run(s, USER, a.mib)
    finally:
        s.remove()


def stressed(home, a):
    s = Posthorn(home)
    s.set("org.posthorn.mailbox", formats="m@bench.test=mbox")
    s.exec("domain:add bench.test")
    for account in stress.ACCOUNTS:
        s.exec("user:add %s secret" % account)
    s.start()
    try:
        jars = swap.versions(home, s.scratch, stress.PARTS) if a.swapping else {}
        good = stress.prove(s, say, a.clients, a.seconds, a.seed, jars)
        checked = s.exec("store:check", check=False)
        say((checked.stdout + checked.stderr).strip())
        errors = [line for line in s.log().splitlines() if " ERROR " in line]
        say("\n".join(errors[:5]))
        return good and not errors
    finally:
        s.remove()


def full(home, a):
    s, folder = server(home, java_opts="-Xmx" + a.heap), tempfile.mkdtemp(prefix="posthorn-ledger-")
    try:
        return memory.run(s, folder, USER, a.sessions, lambda: verdict(s, folder)[2])
    finally:
        s.remove()
        shutil.rmtree(folder)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["load", "kill", "large", "idle", "start", "bad", "damage", "mbox", "stress", "memory", "swap"])
    p.add_argument("--count", type=int)
    p.add_argument("--sessions", type=int, default=10)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--seconds", type=float)
    p.add_argument("--mib", type=int)
    p.add_argument("--clients", type=int, default=100)
    p.add_argument("--swapping", action="store_true", help="stress: meanwhile the parts that IMAP needs are swapped in turn")
    p.add_argument("--heap", default="128m")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--crowd", type=int, default=1000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--strict", action="store_true", help="start: fail when it takes too long")
    p.add_argument("--swaps", type=int, default=3, help="swap: how often each part")
    p.add_argument("--parts", default="", help="swap: the parts, by the ends of their names; all by default")
    p.add_argument("--smtp", type=int, default=200)
    p.add_argument("--imap", type=int, default=250)
    p.add_argument("--idling", type=int, default=250)
    p.add_argument("--pop3", type=int, default=20)
    p.add_argument("--jmap", type=int, default=20)
    p.add_argument("--pause", type=float, default=4, help="swap: seconds between what a session does")
    p.add_argument("--slow", type=float, default=4, help="swap: seconds that a slow transfer takes, which a part that is swapped has to see through")
    p.add_argument("--calm", type=float, default=10, help="swap: seconds without swaps, to know what is usual")
    p.add_argument("--gap", type=float, default=0, help="swap: seconds between a swap and the next")
    p.add_argument("--minutes", type=float, default=0, help="swap: at most so many in this go")
    p.add_argument("--state", default="", help="swap: a folder that keeps what was found, so that a run that was broken off goes on")
    p.add_argument("--resume", action="store_true", help="swap: go on with what --state holds")
    p.add_argument("--keep", action="store_true", help="swap: leave the data and the clients' ledgers")
    a = p.parse_args()
    a.count = a.count or {"load": 20000, "idle": 5000}.get(a.what)
    a.mib = a.mib or {"mbox": 2048}.get(a.what, 100)
    a.seconds = a.seconds or {"kill": 4, "bad": 20, "stress": 600}.get(a.what)
    scratch = tempfile.mkdtemp(prefix="posthorn-proof-")
    try:
        good = {"load": load, "kill": kill, "large": large, "idle": idle, "start": start, "bad": bad, "damage": damaged, "mbox": big_mbox, "stress": stressed, "memory": full, "swap": swap.run}[a.what](unpack(scratch), a)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    say("proof %s: %s" % (a.what, "holds" if good else "FAILS"))
    sys.exit(not good)


if __name__ == "__main__":
    main()
