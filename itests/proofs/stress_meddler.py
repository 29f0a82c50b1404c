"""Another program that changes what the clients of the stress proof have open: files of a Maildir, and an mbox that grows."""

import multiprocessing
import os
import random
import time

import mbox

# As mutt and others write them; none is \Deleted, which clients act on.
LETTERS = ("", "S", "F", "RS", "DS")


class Maildir:
    """@param path where cur, new and tmp lie"""

    def __init__(self, path, r):
        self.path, self.r, self.count = path, r, 0

    def step(self):
        self.r.choice((self.deliver, self.flag, self.flag, self.remove))()

    def deliver(self):
        self.count += 1
        name = "%d.M%dP%dQ%d.elsewhere" % (time.time(), self.r.randrange(1000000), os.getpid(), self.count)
        tmp = os.path.join(self.path, "tmp", name)
        with open(tmp, "wb") as f:
            f.write(b"From: other@far.test\nSubject: other %d\n\nline\n" % self.count)
        os.rename(tmp, os.path.join(self.path, "new", name))

    def one(self):
        files = [os.path.join(self.path, sub, name) for sub in ("cur", "new") for name in os.listdir(os.path.join(self.path, sub)) if name[0] != "."]
        return self.r.choice(files) if files else None

    def flag(self):
        self.at_one(lambda file: os.rename(file, os.path.join(self.path, "cur", os.path.basename(file).split(":")[0] + ":2," + self.r.choice(LETTERS))))

    def remove(self):
        self.at_one(os.unlink)

    def at_one(self, change):
        file = self.one()
        try:
            if file:
                change(file)
        except FileNotFoundError:
            # The server was first.
            pass


def meddle(maildirs, boxes, seconds, seed):
    r, until, number = random.Random(seed), time.monotonic() + seconds, 5_000_000
    several = [Maildir(path, r) for path in maildirs]
    while time.monotonic() < until:
        for one in several:
            one.step()
        mbox.append(r.choice(boxes), number, count=1)
        number += 1
        time.sleep(r.uniform(0, 0.1))


def start(data, seconds, seed):
    """@return its process"""
    home = os.path.join(data, "mail", "bench.test")
    maildirs = [os.path.join(home, "u", "Maildir"), os.path.join(home, "u", "Maildir", ".Work")]
    boxes = [os.path.join(home, "m", path) for path in ("mbox", "mail/Work")]
    process = multiprocessing.Process(target=meddle, args=(maildirs, boxes, seconds, seed))
    process.start()
    return process
