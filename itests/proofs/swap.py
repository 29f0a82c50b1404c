"""Any part is replaced under load, and nobody notices: what proof.py swap runs."""

import bisect
import glob
import imaplib
import json
import multiprocessing
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import ledger
import parts
import swapload
from posthorn import PORTS, Posthorn, wait_for
from stretches import Stretches, waits

CHAIN = "size, dnsbl, greylist"
# Behind a swap's end: what it set off may still be under way.
BEHIND = 0.5


def say(line):
    print(line, flush=True)


class Load:
    """The clients, in processes of their own."""

    def __init__(self, server, folder, counts, seed):
        self.folder, self.running = folder, []
        ports = {name: server.port(name) for name in PORTS}
        groups = [("smtp", 1), ("slow", ledger.LARGE), ("imap sip", 20_000_000), ("idle pop3 jmap", 30_000_000)]
        for names, first in groups:
            kinds = {name: counts[name] for name in names.split()}
            event, path = multiprocessing.Event(), os.path.join(folder, "clients-" + names.replace(" ", "-"))
            process = multiprocessing.Process(target=swapload.run, args=(kinds, ports, path, first, event, seed))
            process.start()
            self.running.append((process, event, path))
        for process, _, path in self.running:
            wait_for(lambda: not process.is_alive() or "ready\n" in open(path).read() if os.path.exists(path) else False, 300, 0.2)

    def stop(self, which):
        process, event, _ = self.running[which]
        event.set()
        process.join()

    def lines(self):
        for _, _, path in self.running:
            with open(path) as f:
                for line in f:
                    yield line.split(" ", 3)


def prepare(home):
    server = Posthorn(home, name="swap")
    server.set("org.posthorn.intake", filters=CHAIN)
    server.set("org.posthorn.filter.greylist", delay="1", trust="1", exempt="")
    # A machine that does much else at the same time is no reason to take a part out again.
    server.set("org.posthorn.deploy", trial="30")
    server.set("org.posthorn.smtp", checkFrom="false")
    server.set("org.posthorn.net", maxConnections=3000, maxPerClient=3000)
    for name in ("smtp", "submissions", "imap", "imaps", "pop3", "pop3s"):
        server.set("org.posthorn.net.listener-" + name, maxConnections=3000, maxPerClient=3000)
    server.set("org.posthorn.http", maxPerClient=3000)
    server.start()
    for command in ["domain:add bench.test"] + ["user:add %s secret" % swapload.user(n) for n in range(swapload.USERS)]:
        code, _, err = parts.ask(server, command)
        if code:
            raise AssertionError(err)
    for n in range(swapload.USERS):
        box = imaplib.IMAP4("127.0.0.1", server.port("imap"))
        box.login(swapload.user(n), "secret")
        box.create("Saved")
        box.logout()
    # The greylist asks its database for each mail, loopback or not: the first is put off, and then it trusts the network.
    if accepted(server):
        raise AssertionError("the greylist lets a stranger pass")
    wait_for(lambda: accepted(server), 20, 0.2)
    return server


def accepted(server):
    try:
        ledger.Session(server.port("smtp")).mail(ledger.make(0), swapload.user(0))
        return True
    except ValueError:
        return False


def jcmd(server, *words):
    tool = shutil.which("jcmd") or os.path.join(os.path.dirname(os.path.realpath(shutil.which("java"))), "jcmd")
    return subprocess.run([tool, str(server.pid()), *words], capture_output=True, text=True, check=True, start_new_session=True).stdout


def loaders(server):
    """Class loaders of bundles that can be reached: counting them collects garbage first. What has a finalizer, as Derby's statements, goes in two turns."""
    for command in ("GC.run", "GC.run_finalization"):
        jcmd(server, command)
    rows = [line.split() for line in jcmd(server, "GC.class_histogram").splitlines()]
    count = sum(int(r[1]) for r in rows if len(r) > 3 and r[3].endswith("BundleClassLoader"))
    heap = [int(r[2]) for r in rows if r[:1] == ["Total"]]
    return count, heap[0] >> 20


def bundles(server):
    """Those that may have a class loader; the framework has none of this kind. Libraries of which nobody has needed anything have none yet."""
    code, out, err = parts.ask(server, "bundle:list")
    if code:
        raise AssertionError(err)
    return sum(b["state"] != "unresolved" for b in json.loads(out)) - 1


def at_rest(server, most, seconds=90):
    """The same when no more are left than that: a version that was swapped out may be at its last transfer for a minute."""
    end = time.monotonic() + seconds
    while True:
        count, heap = loaders(server)
        if count <= most or time.monotonic() > end:
            return count, heap
        time.sleep(1)


def ticks(server, load):
    """What the processors have done since the machine started: in all, at rest, for the server, for the clients."""
    with open("/proc/stat") as f:
        every = [int(t) for t in f.readline().split()[1:9]]
    clients = sum(ticks_of(process.pid) for process, _, _ in load.running)
    return sum(every), every[3] + every[4], ticks_of(server.pid()), clients


def ticks_of(pid):
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def busy(before, after):
    """In percent of all processors."""
    every, rest, server, clients = (b - a for a, b in zip(before, after))
    return {"all": round(100 * (every - rest) / every), "server": round(100 * server / every), "clients": round(100 * clients / every)}


class Sentry(threading.Thread):
    """A client of each user that does nothing but ask whether the server is there: when no answer comes for long, what the server's threads do then is kept in a file."""

    LONG = 3

    def __init__(self, server, folder):
        super().__init__(daemon=True)
        self.server, self.folder, self.over = server, folder, threading.Event()
        self.boxes = []
        for n in range(swapload.USERS):
            box = imaplib.IMAP4("127.0.0.1", server.port("imap"))
            box.login(swapload.user(n), "secret")
            box.select()
            self.boxes.append(box)

    def run(self):
        for n in range(sys.maxsize):
            if self.over.wait(0.05):
                return
            timer = threading.Timer(self.LONG, self.dump, [n])
            timer.start()
            try:
                self.boxes[n % len(self.boxes)].noop()
            except (OSError, imaplib.IMAP4.error) as e:
                say("  the sentry of %s is gone: %s" % (swapload.user(n), e))
                return
            finally:
                timer.cancel()

    def dump(self, n):
        path = os.path.join(self.folder, "threads-%d.txt" % time.time())
        with open(path, "w") as f:
            f.write(jcmd(self.server, "Thread.print", "-l"))
        say("  %s has had no answer for %d s; the server's threads: %s" % (swapload.user(n), self.LONG, path))

    def end(self):
        self.over.set()
        self.join(60)


class Patience:
    """Ends a stretch early, behind the swap that runs: by a signal, or when its time is over. A second signal breaks it off at once."""

    def __init__(self, minutes):
        self.end, self.over = time.monotonic() + 60 * minutes if minutes else None, False

    def __enter__(self):
        self.before = {s: signal.signal(s, self.lose) for s in (signal.SIGINT, signal.SIGTERM)}
        return self

    def lose(self, number, frame):
        self.over = True
        signal.signal(number, self.before[number])

    def lost(self):
        return self.over or self.end is not None and time.monotonic() > self.end

    def __exit__(self, *_):
        for number, handler in self.before.items():
            signal.signal(number, handler)


def swap_all(server, jars, rounds, windows, patience, gap):
    """Each part in these rounds, in turn by the command and by the folder. One that is refused costs the verdict, not the run. @return rounds that are whole"""
    for done, n in enumerate(rounds):
        for name, (first, second) in jars.items():
            if patience.lost():
                return done
            jar, version = (first, second)[n % 2]
            how = (parts.swap, parts.drop)[n % 2]
            begin = time.monotonic()
            try:
                took = how(server, name, jar, version)
            except (AssertionError, OSError) as e:
                ends = [log[-4000:] for log in (server.log(), server.console())]
                say("%s is not swapped: %s\nwhat the log said last:\n%s\nand the console:\n%s" % (name, e, *ends))
                if sum(w[3] is None for w in windows) > len(jars):
                    raise
                took = None
            windows.append((begin, time.monotonic() + BEHIND, name, took))
            time.sleep(gap)
        say("  round %d: each of %d parts swapped" % (n + 1, len(jars)))
    return len(rounds)


def versions(home, folder, names):
    jars = {}
    for name in names:
        jar, jars[name] = parts.shipped(home)[name], []
        for n in range(2):
            target = os.path.join(folder, "%s-%d.jar" % (name, n))
            jars[name].append((target, parts.another(jar, target, "swap%d" % n)))
    return jars


def shelves(server):
    return [f for n in range(swapload.USERS) for f in shelf(server, n, "Maildir") + shelf(server, n, "Maildir/.Saved")]


def shelf(server, n, box):
    home = os.path.join(server.data, "mail", "bench.test", "u%d" % n, box)
    return glob.glob(os.path.join(home, "new", "*")) + glob.glob(os.path.join(home, "cur", "*"))


def pauses(load, windows):
    """What each reply took beyond its session's median, and to what, by the part that was being swapped; and those when none was."""
    starts, sessions = [w[0] for w in windows], {}
    for mark, *rest in load.lines():
        if mark == "t":
            session, verb = rest[2].split()
            sessions.setdefault(session, []).append((float(rest[0]), float(rest[1]), verb))
    by = {}
    for times in sessions.values():
        found = [(within(starts, windows, at - ms / 1000, at), ms, verb) for at, ms, verb in times]
        calm = [ms for name, ms, _ in found if name is None] or [ms for _, ms, _ in found]
        usual = statistics.median(calm)
        for name, ms, verb in found:
            by.setdefault(name, []).append((max(0.0, ms - usual), verb))
    return by


def within(starts, windows, begin, end):
    """The part whose swap a wait falls into."""
    n = bisect.bisect_right(starts, end) - 1
    return windows[n][2] if n >= 0 and windows[n][1] >= begin else None


def accounts(load, windows):
    """Mails begun and accepted, and faults by part."""
    begun, accepted, faults, told, starts = set(), set(), {}, [], [w[0] for w in windows]
    for mark, *rest in load.lines():
        if mark in "?+":
            (begun if mark == "?" else accepted).add(int(rest[0]))
        elif mark == "n":
            told.append((rest[0], int(rest[1])))
        elif mark == "!":
            name = within(starts, windows, float(rest[0]), float(rest[0]))
            faults[name] = faults.get(name, 0) + 1
            if faults[name] <= 3:
                say("  fault during %s at %s: %s" % (name, rest[0], " ".join(rest[1:]).strip()))
    return begun, accepted, faults, told


def run(home, a):
    names = [name for name in parts.shipped(home) if not a.parts or any(name.endswith(p) for p in a.parts.split(","))]
    found = Stretches(a.state, a.resume, {"parts": names, "clients": [a.smtp, a.imap, a.idling, a.pop3, a.jmap], "pause": a.pause, "slow": a.slow, "gap": a.gap})
    done = found.rounds()
    if done < a.swaps:
        found.add(stretch(home, a, names, range(done, a.swaps)))
    good = found.tell()
    if found.rounds() < a.swaps:
        sys.exit("broken off behind %d of %d rounds%s" % (found.rounds(), a.swaps, "; --resume goes on" if a.state else ""))
    return good


def stretch(home, a, names, rounds):
    """A server and its clients, and these rounds, or as many of them as there is patience for."""
    folder, windows, load = tempfile.mkdtemp(prefix="posthorn-swap-"), [], None
    jars = versions(home, folder, names)
    server = prepare(home)
    try:
        few = max(2, a.smtp // 20)
        sessions = {"smtp": a.smtp - few, "slow": few, "imap": a.imap - few, "sip": few, "idle": a.idling, "pop3": a.pop3, "jmap": a.jmap}
        load = Load(server, folder, {kind: (count, a.slow if kind in ("slow", "sip") else a.pause) for kind, count in sessions.items()}, a.seed)
        say("%d SMTP sessions (%d slow), %d IMAP (%d slow) and %d idle ones, %d POP3, %d JMAP; swapping %d parts, %d times each" % (
            a.smtp, few, a.imap, few, a.idling, a.pop3, a.jmap, len(jars), len(rounds)))
        time.sleep(a.calm)
        with Patience(a.minutes) as patience:
            return swapped(server, load, jars, rounds, windows, patience, a.gap, a.state or tempfile.gettempdir())
    finally:
        for process, event, _ in load.running if load else []:
            event.set()
            process.join(90)
        if a.keep:
            # The server runs on, to be looked at.
            jcmd(server, "GC.heap_dump", os.path.join(folder, "heap.hprof"))
            say("kept: %s and %s" % (folder, server.scratch))
        else:
            server.remove()
            shutil.rmtree(folder)
        shutil.rmtree(os.path.join(home, "deploy"), ignore_errors=True)
        os.makedirs(os.path.join(home, "deploy"))


def swapped(server, load, jars, rounds, windows, patience, gap, kept):
    begin, before = time.monotonic(), ticks(server, load)
    sentry = Sentry(server, kept)
    sentry.start()
    done = swap_all(server, jars, rounds[:1], windows, patience, gap)
    # Behind the first round, because what is loaded once is no leak.
    was = loaders(server)
    done += swap_all(server, jars, rounds[1:], windows, patience, gap)
    seconds, used = time.monotonic() - begin, busy(before, ticks(server, load))
    sentry.end()
    for senders in range(3):
        load.stop(senders)
    found = judged(server, load, windows)
    if any(part["faults"] for part in found["parts"].values()):
        tell_log(server)
    # Versions at their last transfer were counted as well, in whose place as many leaks would pass.
    most = min(was[0], bundles(server))
    now = at_rest(server, most)
    return dict(found, rounds=done, seconds=seconds, busy=used, loaders=[most, now[0]], heap=[was[1], now[1]])


def tell_log(server):
    """What the log has on faults: what it warns of, and why mail was put off."""
    lines = [line for line in server.log().splitlines() if re.search(r" (WARN|ERROR) | asked once more: | refused .*: 4\d\d .*\(", line)]
    say("what the log says, %d of %d lines:" % (len(lines[-60:]), len(lines)))
    for line in lines[-60:]:
        say("  " + line)


def judged(server, load, windows):
    """What became of all mail, and how long each part has held the clients up."""
    accepted = {int(rest[0]) for mark, *rest in load.lines() if mark == "+"}
    try:
        wait_for(lambda: len(shelves(server)) >= len(accepted) and accepted <= ledger.numbers(shelves(server)), 60, 0.5)
    except AssertionError:
        say("not all of the accepted mail comes onto the shelf")
    load.stop(3)
    begun, accepted, faults, told = accounts(load, windows)
    counts, altered = ledger.held(shelves(server))
    mails = {"begun": len(begun), "accepted": len(accepted), "shelved": sum(counts.values()), "lost": len(accepted - counts.keys()),
             "doubled": sum(c > 1 for c in counts.values()), "altered": len(altered), "idle": len(told),
             "misled": sum(count != len(shelf(server, int(name[1:name.index("@")]), "Maildir")) for name, count in told)}
    by, took = pauses(load, windows), {}
    for _, _, name, seconds in windows:
        took.setdefault(name, []).append(seconds)
    return {"mails": mails, "refused": sum(w[3] is None for w in windows),
            "parts": {name or "": {"took": [t for t in took.get(name, []) if t is not None], "waits": waits(ms for ms, _ in by.get(name, [])),
                                             "slowest": sorted(by.get(name, []))[-3:], "faults": faults.get(name, 0)}
                                      for name in {*took, *by, *faults}}}
