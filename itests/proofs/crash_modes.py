"""What else goes wrong between and during the rounds of the crash proof."""

import glob
import os
import time

import crash_damage
import crash_trouble
from crash_hold import Forgiven


class Calm:
    """Nothing else."""

    settings = {}
    # Share of steps at which the receiving end is not well.
    trouble = 0.15

    def prepare(self, run):
        """Before the first start."""

    def before(self, run, number):
        """Before the load of a round."""

    def during(self, run, r):
        """While the load runs."""

    def kills(self, number):
        return True

    def after(self, run, r, folder):
        """When the load has ended, and with the server dead if it was killed. @return what is forgiven"""
        return Forgiven()

    def started(self, run):
        """When it has been started behind that."""

    def faults(self, run, held):
        """What is wrong besides."""
        return []

    def said(self):
        return ""

    def close(self, run):
        """At the end, whatever happened."""


class Damage(Calm):
    """Four files of four kinds are cut, flipped or removed while the server is dead."""

    # So that mail waits when it is killed.
    trouble = 0.4

    def prepare(self, run):
        run.server.set("org.posthorn.queue", store="file")

    def after(self, run, r, folder):
        self.done, forgiven = "", Forgiven()
        for place in r.sample(crash_damage.PLACES, 4):
            done, pardon = crash_damage.hurt_one_of(place, run.server.data, r)
            self.done += done
            forgiven.add(pardon)
        return forgiven

    def said(self):
        return self.done


class Database(Calm):
    """
    Two files of the database, where the envelopes of waiting mail are, are hurt. It starts, says so, and what waits goes on once somebody has
    seen to it that domains may have been lost: until then mail for elsewhere is put off.
    """

    # So that mail waits when it is killed.
    trouble = 0.6

    def after(self, run, r, folder):
        self.done = ""
        for place in r.sample(crash_damage.DATABASE, 2):
            self.done += crash_damage.hurt_one_of(place, run.server.data, r)[0]
        self.before_start = run.server.log().count(self.WORDS)
        return Forgiven()

    def started(self, run):
        # Also where a damaged log has cost one that was kept the domain that was added the last time.
        if os.path.exists(os.path.join(run.server.data, "database", "lost")):
            run.server.exec("domain:add begun-%d.test" % time.time())

    WORDS = "The server goes on with an empty one"

    def faults(self, run, held):
        aside = len(glob.glob(os.path.join(run.server.data, "database", "damaged-*")))
        told = run.server.log().count(self.WORDS)
        self.done += "; begun anew" if told > self.before_start else "; kept"
        return [] if aside <= told else ["%d databases set aside, %d told of" % (aside, told)]

    def said(self):
        return self.done


class Alternating(Calm):
    """Each other round has no kill: it must get well by itself."""

    number = 0

    def before(self, run, number):
        self.number = number

    def kills(self, number):
        return number % 2 == 1


class Full(Alternating):
    """The disk is full for a while: by the watermark in every other pair of rounds, to the last octet in the others."""

    SIZE = "160m"
    disk = None

    def prepare(self, run):
        self.disk = crash_trouble.Disk(run.server.data, self.SIZE)
        run.server.set("org.posthorn.spool", free=0, freePercent=0)

    def before(self, run, number):
        super().before(run, number)
        self.by_watermark = number % 4 > 1
        run.server.set("org.posthorn.spool", free=2 if self.by_watermark else 0)
        if run.running:
            time.sleep(2.5)

    def during(self, run, r):
        self.disk.fill(1 << 20 if self.by_watermark else 0)
        time.sleep(r.uniform(1.5, 2.5))
        if not self.kills(self.number):
            self.disk.make_room()

    def after(self, run, r, folder):
        self.disk.make_room()
        return Forgiven()

    def faults(self, run, held):
        return [] if held.refused("imap", *crash_trouble.SMTP_KINDS) else ["nothing was refused on a full disk"]

    def said(self):
        return "; full %s%s" % ("to the watermark" if self.by_watermark else "to the last octet", ", killed" if self.kills(self.number) else "")

    def close(self, run):
        if self.disk:
            self.disk.close()


class Unwritable(Alternating):
    """Mailboxes, then the spool, then both lie on a file system that became read-only."""

    covers = []
    PLACES = (("mail",), ("mail",), ("spool",), ("spool",), ("mail", "spool"), ("mail", "spool"))

    def prepare(self, run):
        crash_trouble.need_mounts()

    def during(self, run, r):
        places = self.PLACES[self.number % len(self.PLACES)]
        self.covers = [crash_trouble.ReadOnly(os.path.join(run.server.data, place)) for place in places]
        time.sleep(r.uniform(1.5, 2.5))
        if not self.kills(self.number):
            self.uncover()

    def uncover(self):
        for cover in self.covers:
            cover.close()
        self.covers = []

    def after(self, run, r, folder):
        self.uncover()
        return Forgiven()

    def said(self):
        return "; read-only: %s%s" % (", ".join(self.PLACES[self.number % len(self.PLACES)]), ", killed" if self.kills(self.number) else "")

    def close(self, run):
        self.uncover()


class Jumps(Alternating):
    """The clock jumps to and fro while mail flows; it ends where it should be, or is put right while the server is dead."""

    SPANS = ("+5m", "-3h", "+2d", "-20d", "+7d", "+1y", "-1y", "+40d")

    def prepare(self, run):
        self.clock = crash_trouble.Clock(run.server)
        # Mail is tried as often as there are pauses, however old it seems to be. Whoever hangs up puts off all that wait for the same end, so a mail may be
        # put off in each second of a round and of the look behind it; behind the last pause it would be given up, as it should be.
        run.server.set("org.posthorn.queue", retry=", ".join(["1s"] * 100))

    def during(self, run, r):
        self.jumps = []
        for _ in range(4):
            self.jumps.append(r.choice(self.SPANS))
            self.clock.set(self.jumps[-1])
            time.sleep(r.uniform(0.3, 1))
        if not self.kills(self.number):
            self.clock.set("+0")

    def after(self, run, r, folder):
        self.clock.set("+0")
        return Forgiven()

    def said(self):
        return "; clock %s%s" % (", ".join(self.jumps), ", killed" if self.kills(self.number) else "")


MODES = {"random": Calm, "damage": Damage, "full": Full, "unwritable": Unwritable, "clock": Jumps, "database": Database}
