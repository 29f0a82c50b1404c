"""What proof.py swap has found, stretch by stretch: each is a server and its clients from their start to their end. Kept in a folder, a run that was broken off goes on."""

import collections
import json
import os
import statistics
import sys

LIMIT_MS = 200


def say(line):
    print(line, flush=True)


class Stretches:
    """Those of one run, in a file of a folder, or in memory alone."""

    def __init__(self, folder, resume, what):
        """@param what the run is of; another one does not go on in the same folder"""
        self.path, self.what, self.all = folder and os.path.join(folder, "swap.json"), what, []
        if not folder:
            return
        os.makedirs(folder, exist_ok=True)
        if not os.path.exists(self.path):
            return
        if not resume:
            sys.exit("%s holds a run; --resume goes on with it" % folder)
        with open(self.path) as f:
            kept = json.load(f)
        if kept["what"] != what:
            sys.exit("%s holds a run of %s, and this is one of %s" % (folder, kept["what"], what))
        self.all = kept["stretches"]

    def rounds(self):
        """In which each part was swapped once."""
        return sum(s["rounds"] for s in self.all)

    def add(self, stretch):
        self.all.append(stretch)
        if self.path:
            with open(self.path + ".part", "w") as f:
                json.dump({"what": self.what, "stretches": self.all}, f)
            os.replace(self.path + ".part", self.path)

    def tell(self):
        """Prints what was found. @return whether all is as it should be"""
        say(HEAD)
        names = sorted({name for s in self.all for name in s["parts"] if name}) + [""]
        slow = [name for name in names if not row(name, [s["parts"][name] for s in self.all if name in s["parts"]])]
        for n, s in enumerate(self.all):
            say("stretch %d: %d rounds in %.1f min; class loaders of bundles %d of at most %d; heap %d MiB, before %d MiB; "
                "processors %d %% busy, by the server %d, by the clients %d" % (
                    n + 1, s["rounds"], s["seconds"] / 60, s["loaders"][1], s["loaders"][0], s["heap"][1], s["heap"][0],
                    s["busy"]["all"], s["busy"]["server"], s["busy"]["clients"]))
        sums = {key: sum(s["mails"][key] for s in self.all) for key in self.all[0]["mails"]}
        swaps = sum(len(p["took"]) for s in self.all for p in s["parts"].values())
        faults = sum(p["faults"] for s in self.all for p in s["parts"].values())
        refused = sum(s.get("refused", 0) for s in self.all)
        say(("%d swaps, %d refused; begun %d, accepted %d, on the shelf %d; lost %d, doubled %d, altered %d; faults %d; idle clients told otherwise "
             "than what is there %d of %d") % (swaps, refused, *(sums[k] for k in MAILS[:6]), faults, sums["misled"], sums["idle"]))
        if slow:
            say("over %d ms at the 99th percentile: %s" % (LIMIT_MS, ", ".join(slow)))
        leaks = any(s["loaders"][1] > s["loaders"][0] for s in self.all)
        return not (refused or sums["lost"] or sums["doubled"] or sums["altered"] or sums["misled"] or faults or leaks)


MAILS = ("begun", "accepted", "shelved", "lost", "doubled", "altered", "misled", "idle")
HEAD = "%-32s %5s %8s %9s %9s %9s %7s %7s  %s" % ("part", "swaps", "seconds", "p50 ms", "p99 ms", "max ms", "replies", "faults", "slowest")


def waits(times):
    """Milliseconds, to a tenth, and how often each."""
    return collections.Counter("%.1f" % ms for ms in times)


def row(name, found):
    """Prints what was found of a part, or between swaps. @return whether its pauses are as short as they should be"""
    took = [seconds for part in found for seconds in part["took"]]
    pauses = collections.Counter()
    for part in found:
        pauses.update({float(ms): count for ms, count in part["waits"].items()})
    p99 = quantile(pauses, 0.99)
    slowest = sorted(tuple(wait) for part in found for wait in part["slowest"])[-3:]
    say("%-32s %5d %8.2f %9.1f %9.1f %9.1f %7d %7d  %s" % (
        name or "(between swaps)", len(took), statistics.median(took) if took else 0, quantile(pauses, 0.5), p99, max(pauses, default=0),
        sum(pauses.values()), sum(part["faults"] for part in found), " ".join(verb for _, verb in reversed(slowest))))
    return not name or p99 <= LIMIT_MS


def quantile(counts, q):
    left = int(q * sum(counts.values()))
    for value in sorted(counts):
        left -= counts[value]
        if left < 0:
            return value
    return 0
