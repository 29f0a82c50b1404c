"""Kills the server at each named point, once."""

import multiprocessing
import os
import re
import subprocess

import crash_load
from crash_points import POINTS

HERE = os.path.dirname(os.path.abspath(__file__))


def debug_port(server):
    """Where the server's JVM listens for a debugger: the system chose it."""
    with open(os.path.join(server.data, "logs", "console.log")) as f:
        return re.findall(r"Listening for transport dt_socket at address: (\d+)", f.read())[-1]


def arm(server, port, point):
    """A debugger that waits at the point. Compiled each time: it is one file."""
    type, method, where, hit, _ = point
    process = subprocess.Popen(["java", "-Xmx64m", os.path.join(HERE, "StopPoint.java"), str(port), str(server.pid()), type, method, where, str(hit)],
                               stdout=subprocess.PIPE, text=True)
    if process.stdout.readline().strip() != "armed":
        raise AssertionError("no debugger at %s.%s" % (type, method))
    return process


def run(run):
    good, folder = True, None
    # The first start writes an archive of classes, which a JVM with a debugger refuses to.
    run.server.start()
    run.server.stop()
    for number, point in enumerate(p for p in POINTS[run.a.first:] if run.a.only in " ".join(map(str, p))):
        run.server.java_opts = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0"
        run.start()
        run.server.java_opts = ""
        if folder:
            good = said(run, before, run.hold(folder)) and good
        debugger, before = arm(run.server, debug_port(run.server), point), point
        folder = run.facts_folder(number)
        work = multiprocessing.Process(target=crash_load.once, args=(run.server.port("smtp"), run.server.port("imap"), (number + 1) * 1_000_000, folder))
        work.start()
        try:
            debugger.wait(timeout=60)
        except subprocess.TimeoutExpired:
            debugger.kill()
        work.join(20)
        work.kill()
        hit = debugger.returncode == 0
        print("%s.%s, %s (%s)%s" % (point[0].replace("org.posthorn.", ""), point[1], point[2], point[4], "" if hit else ": NOT HIT"), flush=True)
        good = good and hit
        run.kill()
    run.start()
    return said(run, before, run.hold(folder)) and good


def said(run, point, held):
    print("  " + held.said(), flush=True)
    return held.good()
