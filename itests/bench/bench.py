#!/usr/bin/env python3
"""Posthorn beside Debian's Postfix and Dovecot: in turn (A B A B ...), in one run, on loopback, each with its default durability.

  bench.py [ROW ...] [--runs 3] [--quick] [--json FILE | --markdown]        bench.py --list

Needs the zip, Debian's packages postfix, dovecot-imapd, dovecot-pop3d, dovecot-lmtpd, openssl and unzip; runs as root, since they insist. Every run has
mailboxes of its own, and its first one warms up and is not counted. Figures are medians; a ratio is the median of the ratios of the pairs. What a run
leaves on the shelf and what is answered are looked at: a fast wrong answer ends the run. --quick is a twentieth of everything, once and cold: it finds what does not
work and says nothing of speed.
"""

import argparse
import base64
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "clients")]
import loadlib
import report
from boxes import Boxes
from dovecot import Dovecot
from ours import Ours
from postfix import Postfix
from posthorn import unpack
from rows import ROWS
from sink import Sink
from work import Job


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("rows", nargs="*", metavar="ROW", help="none: all")
    p.add_argument("--runs", type=int, default=3)
    p.add_argument("--quick", action="store_true")
    p.add_argument("--list", action="store_true", help="the names of the rows")
    p.add_argument("--json", metavar="FILE", help="writes all figures of all runs there as well")
    p.add_argument("--markdown", action="store_true", help="prints the table as it stands in the README")
    p.add_argument("--alone", action="store_true", help="without the peers, to profile")
    p.add_argument("--java-opts", default="", help="for the JVM of Posthorn")
    a = p.parse_args()
    unknown = set(a.rows) - {row.name for row in ROWS}
    if unknown:
        p.error("no such row: %s; --list names them" % ", ".join(sorted(unknown)))
    return a


def runs(row, a):
    """Run 0 warms up, where there is something to warm."""
    return range(1 if a.quick or not row.users else 0, a.runs + 1)


def names(row, run):
    return ["%s-r%d-%d" % (row.name, run, n) for n in range(row.users)]


def passwords(scratch):
    """Users that both servers read from one file, with the same hash: salted SHA-512, quick enough to see the server behind it."""
    path = os.path.join(scratch, "passwords")
    with open(path, "w") as f:
        for n in range(10):
            salt = b"salt%04d" % n
            f.write("login%d@login.test:{SSHA512}%s\n" % (n, base64.b64encode(hashlib.sha512(b"secret" + salt).digest() + salt).decode()))
    return path


def measure(rows, peers, job, a, found):
    """Finds the figures of each row: peer -> its runs. The peers take turns."""
    for row in rows:
        beside = [p for p in peers if p.name in ("posthorn", row.peer)]
        found[row.name] = {p.name: [] for p in beside}
        for run in runs(row, a):
            for peer in beside:
                figure = row.do(job(peer, names(row, run)), **row.options)
                if run:
                    found[row.name][peer.name].append(figure)
        if a.json:
            with open(a.json, "w") as f:
                json.dump(found, f, indent=1)
        print(report.line(row, found[row.name]), file=sys.stderr, flush=True)


def main():
    a = arguments()
    if a.list:
        print("\n".join("%-15s %s" % (row.name, row.what) for row in ROWS))
        return
    a.runs = 1 if a.quick else a.runs
    loadlib.raise_nofile()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it, its servers go with it
    rows = [row for row in ROWS if not a.rows or row.name in a.rows]
    found = {}
    scratch = tempfile.mkdtemp(prefix="posthorn-bench-")
    os.chmod(scratch, 0o755)
    sink = Sink()
    peers = [Ours(unpack(scratch), passwords(scratch), sink.port, a.java_opts)]
    try:
        if not a.alone:
            peers += [kind for kind in (Postfix(sink.port), Dovecot(passwords(scratch))) if any(row.peer == kind.name for row in rows)]
        for peer in peers:
            peer.users([name for row in rows for run in runs(row, a) for name in names(row, run)])
            peer.start()
        boxes = Boxes(scratch)
        measure(rows, peers, lambda peer, users: Job(peer, users, boxes, sink, a.quick), a, found)
    except KeyboardInterrupt:
        print("interrupted; these rows are whole:", file=sys.stderr)
    finally:
        for peer in peers:
            peer.remove()
        sink.stop()
        shutil.rmtree(scratch, ignore_errors=True)
    whole = [row for row in rows if row.name in found and all(len(x) == a.runs for x in found[row.name].values())]
    print((report.markdown if a.markdown else report.table)(whole, found))


if __name__ == "__main__":
    main()
