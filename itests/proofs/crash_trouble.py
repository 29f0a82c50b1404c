"""A disk that is full, a file system that is read-only, a clock that jumps."""

import glob
import os
import subprocess
import tempfile
import time

from crash_load import KINDS

SMTP_KINDS = tuple(KINDS)


class NotHere(Exception):
    """The proof is passed over: it needs root, and in a container the right to mount."""


def need_mounts():
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "posthorn-crash", folder], capture_output=True, text=True)
        if tried.returncode:
            raise NotHere("nothing can be mounted here (%s)" % tried.stderr.strip())
        unmount(folder)


def unmount(path):
    """Lazily: who still has a file open there keeps it."""
    subprocess.run(["umount", "-l", path], check=True)


class Disk:
    """A small file system under the data of a server that was not started yet."""

    def __init__(self, data, size):
        need_mounts()
        os.makedirs(data, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%s,mode=0700" % size, "posthorn-crash", data], check=True)
        self.data = data
        self.ballast = os.path.join(data, "ballast")

    def fill(self, leave):
        """So many octets stay free, for others to take."""
        with open(self.ballast, "ab") as f:
            while True:
                room = os.statvfs(self.data)
                most = room.f_bavail * room.f_frsize - leave
                if most <= 0:
                    return
                try:
                    os.posix_fallocate(f.fileno(), os.fstat(f.fileno()).st_size, most)
                except OSError:
                    # The server was faster.
                    continue

    def make_room(self):
        if os.path.exists(self.ballast):
            os.remove(self.ballast)

    def close(self):
        unmount(self.data)


class ReadOnly:
    """A folder that cannot be written until this is closed. What is open for writing already stays so, as with a file system that is remounted by force."""

    def __init__(self, path):
        self.path, self.side = path, tempfile.mkdtemp(prefix="posthorn-side-")
        subprocess.run(["mount", "--bind", path, self.side], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", self.side], check=True)
        subprocess.run(["mount", "--bind", self.side, path], check=True)

    def close(self):
        unmount(self.path)
        unmount(self.side)
        os.rmdir(self.side)


class Clock:
    """The time that a server sees, by libfaketime: its wall clock alone, as on a machine whose clock is set."""

    def __init__(self, server):
        found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        if not found:
            raise NotHere("Debian's package faketime is not there")
        self.file = os.path.join(server.scratch, "clock")
        self.set("+0")
        server.environment_more = {
            "LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": self.file, "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0", "NO_FAKE_STAT": "1",
        }

    def set(self, offset):
        """@param offset from the true time, as +5m, -3h, +2d, -1y"""
        with open(self.file + ".new", "w") as f:
            f.write(offset + "\n")
        os.rename(self.file + ".new", self.file)
