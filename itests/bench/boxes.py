"""Maildirs full of mail, made once and then given to each peer and run as links: cheap, and the index of none is there yet.

Each peer finds mail as it writes it itself: lines end with CRLF for Posthorn, with LF for Dovecot.
"""

import os
import shutil
import subprocess

import loadlib


def text(size, n):
    """A mail of exactly that size with CRLF; each hundredth has the word needle in it."""
    mail = loadlib.message(size, n)
    if n % 100 == 0:
        at = mail.index(b"\r\n\r\n") + 14
        mail = mail[:at] + b" needle " + mail[at + 8:]
    return mail


class Boxes:
    def __init__(self, scratch):
        self.scratch = scratch
        self.made = {}

    def of(self, *box):
        """The Maildir with so many mails of that size, with those line ends."""
        if box not in self.made:
            self.made[box] = self.make(os.path.join(self.scratch, "box-%d" % len(self.made)), *box)
        return self.made[box]

    def make(self, path, count, size, end):
        for sub in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(path, sub))
        for n in range(count):
            crlf = text(size, n)
            mail = crlf.replace(b"\r\n", end)
            name = "%d.M%06dP1.fill,S=%d,W=%d:2,S" % (1700000000 + n, n % 1000000, len(mail), len(crlf))
            with open(os.path.join(path, "cur", name), "wb") as f:
                f.write(mail)
            shutil.chown(os.path.join(path, "cur", name), "nobody", "nogroup")
        return path

    def place(self, count, size, peer, user):
        """Puts such a box where the peer looks for that user's mail, which must not be there yet."""
        maildir = peer.maildir(user)
        home = os.path.dirname(maildir)
        os.makedirs(home, exist_ok=True)
        subprocess.run(["cp", "-al", self.of(count, size, peer.line_end), maildir], check=True)
        for path in (home, maildir, *(os.path.join(maildir, sub) for sub in ("cur", "new", "tmp"))):
            shutil.chown(path, "nobody", "nogroup")
