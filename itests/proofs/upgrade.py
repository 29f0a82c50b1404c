#!/usr/bin/env python3
"""Proof that data of the last build outlives the upgrade: that build is made, filled and stopped (once cleanly, once by kill -9), and what it left
is given to the zip that stands in distribution/target. Everything must be as it was.

  upgrade.py                  from the commit that UPGRADE_FROM names
  upgrade.py --from COMMIT    from another one
  upgrade.py --zip FILE       from a zip that was built already
"""

import argparse
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "clients"))
import ledger
import upgrade_state
from parts import ask
from posthorn import ROOT, Posthorn, wait_for, zip_file
from sink import Sink

MAILDIR, MBOX = "ann@up.test", "bob@up.test"
# What comes when the server is about to be killed.
LAST = range(900, 910)


def say(line):
    print(line, flush=True)


def must(truth, what):
    if not truth:
        raise AssertionError(what)
    say("  " + what)


def named():
    with open(os.path.join(HERE, "UPGRADE_FROM")) as f:
        return [line for line in f.read().splitlines() if line and not line.startswith("#")][0]


def git(*words):
    return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True)


def build(commit, scratch):
    """The zip of that commit."""
    if git("cat-file", "-e", commit + "^{commit}").returncode:
        shallow = git("rev-parse", "--is-shallow-repository").stdout.strip() == "true"
        raise SystemExit("the commit %s, from which the upgrade is tried, is not in this clone%s" % (
            commit, ": it is a shallow one; `git fetch --unshallow` brings the rest" if shallow else "; fetch it, or name another one with --from"))
    tree = os.path.join(scratch, "tree")
    os.mkdir(tree)
    archive = subprocess.Popen(["git", "-C", ROOT, "archive", commit], stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", tree], stdin=archive.stdout, check=True)
    if archive.wait():
        raise SystemExit("git archive %s failed" % commit)
    begin = time.monotonic()
    subprocess.run(["mvn", "-B", "-ntp", "-q", "package", "-DskipTests", "-pl", "distribution", "-am"], cwd=tree, check=True)
    say("built %s in %.0f s" % (commit[:7], time.monotonic() - begin))
    return glob.glob(os.path.join(tree, "distribution", "target", "posthorn-*.zip"))[0]


def at_home(home):
    """An instance with its data and configuration where they lie by default."""
    s = Posthorn(home, "upgrade", profile=None)
    s.data, s.config = os.path.join(home, "data"), os.path.join(home, "config")
    return s


def settings(s):
    """Nobody is tried again within the hour, and the other end is not there."""
    shutil.rmtree(s.config)
    shutil.copytree(os.path.join(s.home, "examples", "loopback-test"), s.config)
    s.set("org.posthorn.mailbox", formats=MBOX + "=mbox")
    s.set("org.posthorn.routing", smarthost="127.0.0.1:1", smarthostTls="never")
    s.set("org.posthorn.queue", retry="1h")


def people(s):
    s.exec("domain:add up.test")
    s.exec("user:add %s secret" % MAILDIR)
    s.exec("user:add %s 'pa$s {w}ord'" % MBOX)
    s.exec("alias:add sales@up.test %s %s" % (MAILDIR, MBOX))
    s.exec("alias:add far@up.test far@elsewhere.test")
    s.exec("alias:add held@up.test held@elsewhere.test")


def mails(s):
    session = ledger.Session(s.port("smtp"))
    for n in range(12):
        session.mail(ledger.make(n), "sales@up.test")
    session.mail(ledger.make(ledger.LARGE), "sales@up.test")
    for n in range(20, 23):
        session.mail(ledger.make(n), "far@up.test")
    session.mail(ledger.make(23), "held@up.test")


def fill(s):
    people(s)
    s.start()
    mails(s)
    for who, password in upgrade_state.LOGINS.items():
        box = wait_for(lambda: upgrade_state.with_messages(s, who, password, 13), 60)
        upgrade_state.live(box)
        box.logout()
    wait_for(lambda: len(waiting(s)) == 4 and all(show["recipients"][0]["attempts"] == 1 for show in shown(s)), 60)
    held = [m["id"] for m in shown(s) if "held@" in json.dumps(m)]
    asked(s, "queue:hold " + held[0])


def asked(s, command):
    """What a command of a server that runs answers."""
    code, out, err = ask(s, command)
    if code:
        raise AssertionError("%s: %s" % (command, err))
    return json.loads(out)


def waiting(s):
    return asked(s, "queue:list")


def shown(s):
    """Each mail of the queue as the command tells it; older builds set brackets around a sender."""
    mails = [asked(s, "queue:show " + m["id"]) for m in waiting(s)]
    return [dict(m, sender=(m["sender"] or "").strip("<>")) for m in mails]


def state(s):
    return {
        "mailboxes": {who: upgrade_state.account(s, who, password) for who, password in upgrade_state.LOGINS.items()},
        "POP3": {who: upgrade_state.uidl(s, who, password) for who, password in upgrade_state.LOGINS.items()},
        "queue": {m["id"]: m for m in shown(s)},
        "people": [asked(s, c) for c in ("domain:list", "user:list", "alias:list")],
    }


def move(old, new):
    """As the README's chapter on upgrades says."""
    for name in ("data", "config"):
        shutil.rmtree(os.path.join(new, name), ignore_errors=True)
        shutil.move(os.path.join(old, name), os.path.join(new, name))


def compare(before, s, more=()):
    """@param more numbers of mails that have come since"""
    after = upgrade_state.without(state(s), more)
    for who, boxes in before["mailboxes"].items():
        upgrade_state.same(who, boxes, after["mailboxes"][who])
        count = sum(len(b["messages"]) for b in boxes["folders"].values())
        must(True, "%s logs in and has %d mails in %d mailboxes as before: octets, UIDs, flags, dates, subscriptions" % (who, count, len(boxes["folders"])))
    must(after["POP3"] == before["POP3"], "POP3 tells the same UIDs")
    # A later build may tell more of a mail.
    queue = {i: {k: v for k, v in m.items() if k in before["queue"].get(i, m)} for i, m in after["queue"].items()}
    must(queue == before["queue"], "%d mails wait as before, one of them held" % len(before["queue"]))
    must(after["people"] == before["people"], "domains, users and aliases are the same")


def delivered(s):
    """The other end is there now."""
    sink = Sink(trouble=0)
    try:
        s.set("org.posthorn.routing", smarthost="127.0.0.1:%d" % sink.port)
        asked(s, "queue:release all")
        # The setting takes a moment, and a mail that is tried before it waits for an hour.
        wait_for(lambda: not waiting(s) or not asked(s, "queue:retry all"), 60, 1)
        must(all(len(sink.got[n]) == 1 for n in range(20, 24)), "what waited is delivered, each mail once")
    finally:
        sink.close()


def killed(s, answered=LAST):
    """The process dies with mail in its journal."""
    session = ledger.Session(s.port("smtp"))
    for n in answered:
        session.mail(ledger.make(n), "sales@up.test")
    s.kill()


def came(s):
    """Each mail that was answered is there once."""
    for who, password in upgrade_state.LOGINS.items():
        wait_for(lambda: set(LAST) <= set(upgrade_state.numbers(s, who, password)), 60)
        numbers = upgrade_state.numbers(s, who, password)
        must(all(numbers.count(n) == 1 for n in LAST), "%s has each mail of the last moment once" % who)


def run(old_zip, scratch):
    old = unpack_zip(old_zip, os.path.join(scratch, "old"))
    fresh = [unpack_zip(zip_file(), os.path.join(scratch, n)) for n in ("clean", "killed")]
    servers = []

    def server(home):
        servers.append(at_home(home))
        return servers[-1]

    try:
        s = server(old)
        settings(s)
        fill(s)
        before = state(s)
        s.stop()
        say("filled and stopped")
        again = os.path.join(scratch, "again")
        shutil.copytree(old, again, symlinks=True)
        move(old, fresh[0])
        new = server(fresh[0])
        new.start()
        compare(before, new)
        delivered(new)
        new.stop()
        s = server(again)
        s.start()
        killed(s)
        say("filled and killed")
        move(again, fresh[1])
        new = server(fresh[1])
        new.start()
        came(new)
        compare(before, new, LAST)
        return True
    finally:
        for each in servers:
            each.remove()


def unpack_zip(file, where):
    subprocess.run(["unzip", "-q", file, "-d", where], check=True)
    return glob.glob(os.path.join(where, "posthorn-*"))[0]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--from", dest="commit", default=named(), help="the commit of the build before")
    p.add_argument("--zip", help="its zip, if it was built already")
    a = p.parse_args()
    scratch = tempfile.mkdtemp(prefix="posthorn-upgrade-")
    try:
        good = run(a.zip or build(a.commit, scratch), scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    say("proof upgrade: %s" % ("holds" if good else "FAILS"))


if __name__ == "__main__":
    main()
