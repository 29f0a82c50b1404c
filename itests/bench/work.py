"""What every kind of work needs: a load generator's report, the figures out of it, and the word for an answer that is not what it must be."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))


class Wrong(Exception):
    """A fast answer that is none."""


def load(tool, mode, job, service, **options):
    """One run of a load generator against the peer; what it reports."""
    words = [sys.executable, os.path.join(HERE, tool), *mode, "--json", "--port", str(job.peer.port(service))]
    for pid in job.peer.pids():
        words += ["--server-pid", str(pid)]
    options.setdefault("procs", min(2, options.get("sessions", 2)))
    for name, value in options.items():
        words += ["--" + name.replace("_", "-")] + ([] if value is True else [str(value)])
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Wrong("%s: %s" % (tool, done.stderr[-400:]))
    told = json.loads(done.stdout)
    if told["errors"]:
        raise Wrong("%s: %s" % (job.peer.name, told["first_errors"]))
    return told


def figures(value, cpu=None, p99=None, rss=None):
    return {k: v for k, v in (("value", value), ("cpu", cpu), ("p99", p99), ("rss", rss)) if v is not None}


def told(r, value=None):
    """The figures out of a generator's report."""
    return figures(value or r["ops_per_s"], r.get("server_cpu_ms_per_op"), r["lat_ms"]["p99"], r["server_rss_mb"])


def at(job, user=0):
    return {"user": job.users[user] + "@bench.test"}


@dataclass(frozen=True)
class Job:
    """One run of one row against one peer. It has mailboxes of its own: creating files where many lie, or were just deleted, is slower."""

    peer: object
    users: list
    boxes: object
    sink: object
    quick: bool

    def scaled(self, n):
        return max(20, n // 20) if self.quick else n
