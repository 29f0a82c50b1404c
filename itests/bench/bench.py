#!/usr/bin/env python3
"""Posthorn and Debian's Postfix side by side, in turn (A B A B ...), on loopback, each with its default durability.

  bench.py [--messages 5000] [--sessions 1,10,100] [--size 4096] [--runs 3]

Accept to Maildir: the clock runs from the first byte until all mails lie in the Maildir. The client is Postfix's smtp-source. Needs Debian's
packages postfix and unzip; run as root, since Postfix insists. Prints medians, ratios, CPU and memory.
"""

import argparse
import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "clients")]
import loadlib
from posthorn import Posthorn, free, unpack


class Postfix:
    """A private Postfix with virtual Maildir delivery; touches nothing of the system's but needs its programs."""

    name = "postfix"

    def __init__(self, users):
        self.scratch = tempfile.mkdtemp(prefix="postfix-bench-")
        os.chmod(self.scratch, 0o755)
        self.smtp = next(p for p in range(24025, 60000, 41) if free(p))
        self.conf = os.path.join(self.scratch, "conf")
        os.mkdir(self.conf)
        for sub in ("spool", "lib", "mail"):
            os.mkdir(os.path.join(self.scratch, sub))
        shutil.chown(os.path.join(self.scratch, "lib"), "postfix")
        shutil.chown(os.path.join(self.scratch, "mail"), "nobody")
        import pwd
        nobody = pwd.getpwnam("nobody")
        with open(os.path.join(self.conf, "main.cf"), "w") as f:
            f.write("""compatibility_level = 3.6
queue_directory = %(d)s/spool
data_directory = %(d)s/lib
multi_instance_name = postfix-bench
multi_instance_enable = yes
maillog_file = /var/log/postfix-bench.log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.bench.test
mydestination =
alias_maps =
alias_database =
virtual_mailbox_domains = bench.test
virtual_mailbox_base = %(d)s/mail
virtual_mailbox_maps = inline:{%(maps)s}
virtual_minimum_uid = 1
virtual_uid_maps = static:%(u)d
virtual_gid_maps = static:%(g)d
virtual_transport = virtual
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtpd_client_connection_count_limit = 0
default_process_limit = 200
""" % {"d": self.scratch, "maps": ", ".join("{%s@bench.test=%s/}" % (user, user) for user in users), "u": nobody.pw_uid, "g": nobody.pw_gid})
        with open(os.path.join(self.conf, "master.cf"), "w") as f:
            f.write("127.0.0.1:%d inet n - n - - smtpd\n" % self.smtp)
            for line in ("pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr",
                         "rewrite unix - - n - - trivial-rewrite", "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce",
                         "trace unix - - n - 0 bounce", "proxymap unix - - n - - proxymap", "error unix - - n - - error",
                         "retry unix - - n - - error", "virtual unix - n n - - virtual", "anvil unix - - n - 1 anvil",
                         "postlog unix-dgram n - n - 1 postlogd"):
                f.write(line + "\n")
        if not os.path.exists("/etc/postfix/main.cf"):
            with open("/etc/postfix/main.cf", "w") as f:
                f.write("compatibility_level = 3.6\n")

    def start(self):
        subprocess.run(["postfix", "-c", self.conf, "start"], check=True, stderr=subprocess.DEVNULL)

    def pids(self):
        with open(os.path.join(self.scratch, "spool", "pid", "master.pid")) as f:
            return [int(f.read())]

    def maildir(self, user):
        return os.path.join(self.scratch, "mail", user)

    def remove(self):
        subprocess.run(["postfix", "-c", self.conf, "stop"], stderr=subprocess.DEVNULL, check=False)
        shutil.rmtree(self.scratch, ignore_errors=True)


class Ours:
    name = "posthorn"

    def __init__(self, users, home):
        self.server = Posthorn(home, "bench")
        self.server.exec("domain:add bench.test")
        for user in users:
            self.server.exec("user:add %s@bench.test secret" % user)

    def start(self):
        self.server.start()
        self.smtp = self.server.port("smtp")

    def pids(self):
        return [self.server.pid()]

    def maildir(self, user):
        return self.server.maildir(user + "@bench.test")

    def remove(self):
        self.server.remove()


def count(maildir):
    return sum(len(os.listdir(d)) for d in glob.glob(os.path.join(maildir, "new")) + glob.glob(os.path.join(maildir, "cur")))


def run(peer, user, sessions, a):
    """Each run has a user of its own: creating files where many lie, or were just deleted, is slower."""
    maildir = peer.maildir(user)
    before = loadlib.tree(peer.pids())
    begin = time.monotonic()
    words = ["smtp-source", "-s", str(sessions), "-m", str(a.messages), "-l", str(a.size), "-f", "load@sender.test", "-t", user + "@bench.test"]
    words += [] if a.reconnect else ["-d"]
    subprocess.run(words + ["127.0.0.1:%d" % peer.smtp], check=True, stdout=subprocess.DEVNULL)
    accepted = time.monotonic() - begin
    while count(maildir) < a.messages:
        if time.monotonic() - begin > 300:
            raise SystemExit("%s: %d of %d mails came" % (peer.name, count(maildir), a.messages))
        time.sleep(0.02)
    took = time.monotonic() - begin
    after = loadlib.tree(peer.pids())
    return {
        "rate": a.messages / took, "accepted": a.messages / accepted, "cpu": 1000 * (after["cpu_s"] - before["cpu_s"]) / a.messages,
        "rss": after.get("rss_kb", after.get("rss_mb", 0)),
    }


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--messages", type=int, default=5000)
    p.add_argument("--sessions", default="1,10,100")
    p.add_argument("--size", type=int, default=4096)
    p.add_argument("--runs", type=int, default=3)
    p.add_argument("--reconnect", action="store_true", help="a new connection for each mail")
    p.add_argument("--json", action="store_true")
    a = p.parse_args()
    scratch = tempfile.mkdtemp(prefix="posthorn-bench-")
    loads = [(int(sessions), "u%dr%d" % (n, r), r) for n, sessions in enumerate(a.sessions.split(",")) for r in range(a.runs + 1)]
    users = [user for _, user, _ in loads]
    peers = [Ours(users, unpack(scratch)), Postfix(users)]
    try:
        for peer in peers:
            peer.start()
        figures = {sessions: {peer.name: [] for peer in peers} for sessions, _, _ in loads}
        for sessions, user, n in loads:
            for peer in peers:
                figure = run(peer, user, sessions, a)
                if n:  # the first warms up
                    figures[sessions][peer.name].append(figure)
        rows = [row(sessions, of) for sessions, of in figures.items()]
    finally:
        for peer in peers:
            peer.remove()
        shutil.rmtree(scratch, ignore_errors=True)
    print(json.dumps(rows) if a.json else table(rows, a))


def row(sessions, figures):
    median = {name: {k: statistics.median(f[k] for f in fs) for k in fs[0]} for name, fs in figures.items()}
    pairs = [x["rate"] / y["rate"] for x, y in zip(figures["posthorn"], figures["postfix"])]
    return {"sessions": sessions, **median, "ratio": statistics.median(pairs), "low": min(pairs), "high": max(pairs)}


def table(rows, a):
    lines = ["accept to Maildir, %d mails of %d octets, medians of %d runs in turn" % (a.messages, a.size, a.runs),
             "sessions  posthorn/s  postfix/s  ratio (low-high)    CPU ms a mail: posthorn  postfix"]
    for r in rows:
        lines.append("%8d  %10.0f  %9.0f  %5.2f (%.2f-%.2f)  %24.2f  %7.2f" % (
            r["sessions"], r["posthorn"]["rate"], r["postfix"]["rate"], r["ratio"], r["low"], r["high"], r["posthorn"]["cpu"], r["postfix"]["cpu"]))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
