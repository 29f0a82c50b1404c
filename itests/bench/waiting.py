"""Connections that wait, memory, and the start."""

import loadlib
from posthorn import Posthorn
from work import Wrong, at, figures, load


def idle(job, held, peer_held, tls=False):
    """KiB of resident memory (proportional, where processes share it) for each connection that waits in IDLE."""
    if job.peer.name == "posthorn":
        job.peer.rest()  # or what they need would go into a heap that others have made large
    n = job.scaled(held if job.peer.name == "posthorn" else peer_held)
    r = load("imap_load.py", ("idle",), job, "imaps" if tls else "imap", sessions=n, hold_s=2, **({"tls": True} if tls else {}), **at(job))
    if r["held"] != n:
        raise Wrong("%s: %d of %d connections held" % (job.peer.name, r["held"], n))
    return figures(r["pss_kb_per_conn"], 1000 * r["server_cpu_s"] / n, None, r["rss_mb"])


def notify(job, clients):
    """Milliseconds from the begin of an APPEND until half, and nearly all, of the clients in IDLE have heard."""
    r = load("imap_load.py", ("idle",), job, "imap", sessions=clients, hold_s=1, notify=True, **at(job))
    if r["notified"] != clients:
        raise Wrong("%s: %d of %d clients heard" % (job.peer.name, r["notified"], clients))
    return figures(r["notify_ms"]["p50"], None, r["notify_ms"]["max"], r["rss_mb"])


def at_rest(job):
    """MiB, resident, five seconds after a start with data."""
    job.peer.rest()
    return figures(loadlib.tree(job.peer.pids())["rss_mb"])


def loaded(job):
    """MiB: the highest so far in this process's life."""
    with open("/proc/%d/status" % job.peer.pids()[0]) as f:
        return figures(int(next(l for l in f if l.startswith("VmHWM")).split()[1]) / 1024)


def start(job, empty):
    """Seconds from the command to all ports open; an instance of its own."""
    server = Posthorn(job.peer.server.home, "start")
    try:
        took = server.start()
        if not empty:
            server.stop()
            took = server.start()
        return figures(took)
    finally:
        server.remove()
