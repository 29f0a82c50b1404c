#!/usr/bin/env python3
"""Kills the server again and again and holds a ledger from outside against what is left. Needs the zip, python3, unzip and, for points, a JDK.

  crash.py points                            at every named point once (crash_points.py)
  crash.py random  [--rounds 200]            at random moments of a load
  crash.py damage  [--rounds 5]              files truncated, flipped or removed between the rounds
  crash.py database [--rounds 4]             the same with files of the database
  crash.py full    [--rounds 4]              the disk is full for a while (as root: a small file system is mounted)
  crash.py unwritable [--rounds 4]           mailboxes, then the spool, cannot be written for a while (as root: a mount hides them)
  crash.py clock   [--rounds 4]              the clock jumps to and fro by hours, days and years (needs faketime)

Where something goes wrong while the server runs, it is killed in every other round; in the others it must get well by itself.
After each round what was answered is held against shelves, queue and receiving end, and UIDs against those of the round before.
With --state DIR --resume a run that was broken off goes on: what was counted so far stands in DIR/result.json.
"""

import argparse
import base64
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "clients"))
import crash_load
import crash_modes
import crash_stops
import crash_trouble
from crash_hold import Forgiven, Holding, log_faults
from posthorn import Posthorn, unpack, wait_for
from sink import Sink

STEP = 1_000_000


class Run:
    """A server, a receiving end and what was counted."""

    def __init__(self, home, a):
        self.a, self.home = a, home
        self.mode = crash_modes.MODES.get(a.what, crash_modes.Calm)()
        self.sink = Sink(a.seed, self.mode.trouble, in_turn=a.what == "points")
        self.folder = a.state or tempfile.mkdtemp(prefix="posthorn-crash-")
        os.makedirs(self.folder, exist_ok=True)
        self.result = {"rounds": 0, "begun": 0, "answered": 0, "lost": 0, "altered": 0, "doubled": 0, "cut off": 0}
        path = os.path.join(self.folder, "result.json")
        if a.resume and os.path.exists(path):
            with open(path) as f:
                self.result.update(json.load(f))
        self.earlier, self.counts, self.kills, self.running = set(), {}, [], False
        self.server = self.make()

    def make(self):
        s = Posthorn(self.home, "crash")
        with open(os.path.join(s.config, "users"), "w") as f:
            hashed = base64.b64encode(hashlib.sha256(b"secretsalt").digest() + b"salt").decode()
            f.writelines("%s@bench.test:{SSHA256}%s\n" % (name, hashed) for name in ("u", "u2", "m", "m2", "i", "j"))
        with open(os.path.join(s.config, "aliases"), "w") as f:
            f.write("all@bench.test u2@bench.test, m2@bench.test\nfar@bench.test far@elsewhere.test\ngone@bench.test gone@elsewhere.test\n")
        s.set("org.posthorn.users.file", file="users", aliases="aliases")
        s.set("org.posthorn.routing", smarthost="127.0.0.1:%d" % self.sink.port, smarthostTls="never", directories="file")
        s.set("org.posthorn.mailbox", formats="m@bench.test=mbox, m2@bench.test=mbox, j@bench.test=mbox")
        s.set("org.posthorn.queue", retry="1s")
        return s

    def start(self):
        if not self.running:
            self.server.start()
        self.running = True

    def facts_folder(self, number):
        path = os.path.join(self.folder, "round-%d" % number)
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def load(self, number, seconds):
        """Starts the load. Its processes, and where they write."""
        folder, first, running = self.facts_folder(number), (number + 1) * STEP, []
        for n in range(self.a.sessions):
            running.append((crash_load.smtp, (self.server.port("smtp"), first + n * 10_000, seconds, folder, self.a.seed + first + n)))
        for n, account in enumerate(crash_load.ACCOUNTS):
            start = first + (50 + n) * 10_000
            running.append((crash_load.imap, (self.server.port("imap"), account, start, seconds, folder, self.a.seed + start)))
        processes = [multiprocessing.Process(target=f, args=args) for f, args in running]
        for p in processes:
            p.start()
        return processes, folder

    def await_answers(self, folder):
        """On a busy machine it takes a while until the load begins."""
        wait_for(lambda: sum(1 for f in crash_load.facts(folder).values() if f.get("done")) >= 5, 60)

    def hold(self, folder, forgiven=Forgiven()):
        """Looks at what the restarted server has, counts it, and empties the shelves."""
        facts = crash_load.facts(folder)
        held = Holding(facts, self, forgiven).wait(self.server.port("imap"))
        held.look(self.server.port("imap"), clear=True)
        self.earlier |= set(facts)
        for name, count in (("rounds", 1), ("begun", len(facts)), ("answered", held.answered()), ("lost", len(held.lost)),
                            ("altered", len(held.altered)), ("doubled", len(held.doubled)), ("cut off", len(held.allowed))):
            self.result[name] += count
        with open(os.path.join(self.folder, "result.json"), "w") as f:
            json.dump(self.result, f)
        return held

    def kill(self):
        self.kills.append(time.time())
        self.server.kill()
        self.running = False

    def told(self):
        """Prints the end of the server's log, without the places in the code: what it says goes with it."""
        print("\n".join([line for line in self.server.log().splitlines() if not line.startswith("\tat ")][-40:]), flush=True)

    def close(self):
        self.server.stop()
        self.mode.close(self)
        self.server.remove()
        self.sink.close()
        if not self.a.state:
            shutil.rmtree(self.folder)


def one(run, r, number):
    """Load, trouble, kill or not, look."""
    mode = run.mode
    mode.before(run, number)
    run.start()
    processes, folder = run.load(number, run.a.seconds)
    run.await_answers(folder)
    mode.during(run, r)
    if mode.kills(number):
        time.sleep(r.uniform(0.3, max(0.4, run.a.seconds - 0.5)))
        run.kill()
    for p in processes:
        p.join()
    forgiven = mode.after(run, r, folder)
    run.start()
    mode.started(run)
    held = run.hold(folder, forgiven)
    faults = log_faults(run.server.log()) + mode.faults(run, held)
    print("round %d: %s%s" % (number + 1, held.said(), mode.said()), flush=True)
    for line in faults[:5]:
        print("  fault: " + line, flush=True)
    good = held.good() and not faults
    if run.a.state and not good:
        shutil.copy(os.path.join(run.server.data, "logs", "posthorn.log"), os.path.join(run.folder, "round-%d.log" % (number + 1)))
    return good


def rounds(run):
    # A run that goes on draws other lots than it did at its beginning.
    r, good = random.Random(run.a.seed * 1000 + run.result["rounds"]), True
    for number in range(run.result["rounds"], run.a.rounds):
        good = one(run, r, number) and good
    return good and not any(run.result[bad] for bad in ("lost", "altered", "doubled"))


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["points", *crash_modes.MODES])
    p.add_argument("--rounds", type=int)
    p.add_argument("--seconds", type=float, default=5)
    p.add_argument("--sessions", type=int, default=6)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", default="", help="points: those whose words hold this")
    p.add_argument("--first", type=int, default=0, help="points: how many to pass over")
    p.add_argument("--state", help="a folder to keep what was counted in")
    p.add_argument("--resume", action="store_true")
    a = p.parse_args()
    a.rounds = a.rounds or {"random": 200, "damage": 5}.get(a.what, 4)
    return a


def main():
    a = arguments()
    # What was mounted and started goes, too, when somebody ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    scratch = tempfile.mkdtemp(prefix="posthorn-proof-")
    run = Run(unpack(scratch), a)
    try:
        run.mode.prepare(run)
        good = crash_stops.run(run) if a.what == "points" else rounds(run)
    except crash_trouble.NotHere as why:
        print("proof crash %s: passed over: %s" % (a.what, why))
        return
    except Exception:
        run.told()
        raise
    finally:
        run.close()
        shutil.rmtree(scratch, ignore_errors=True)
    print(", ".join("%s %d" % pair for pair in run.result.items()))
    print("proof crash %s: %s" % (a.what, "holds" if good else "FAILS"))
    sys.exit(not good)


if __name__ == "__main__":
    main()
