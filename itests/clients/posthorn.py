"""A Posthorn of one's own: unpacked from the zip, started, asked and stopped as an administrator does it."""

import glob
import os
import shutil
import socket
import subprocess
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
PORTS = {
    "smtp": 2525, "submission": 2587, "submissions": 2465, "lmtp": 2424,
    "imap": 2143, "imaps": 2993, "pop3": 2110, "pop3s": 2995,
    "http": 8080, "https": 8443,
}


def zip_file():
    found = glob.glob(os.path.join(ROOT, "distribution", "target", "posthorn-*.zip"))
    if not found:
        raise SystemExit("there is no distribution/target/posthorn-*.zip; build it first: mvn -q package -DskipTests")
    return found[0]


def unpack(where):
    subprocess.run(["unzip", "-q", zip_file(), "-d", where], check=True)
    return glob.glob(os.path.join(where, "posthorn-*"))[0]


def free(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def free_offset(start=None):
    """One that leaves all ports free; runs at the same time begin their search at different places."""
    for offset in range(start or 10000 + os.getpid() * 97 % 18000, 57000, 7):
        if all(free(p + offset) for p in PORTS.values()):
            return offset
    raise SystemExit("no free ports")


class Posthorn:
    """One instance. Its data and configuration lie in a scratch folder that goes with it."""

    def __init__(self, home, name="a", offset=None, profile="examples/loopback-test", java_opts=""):
        self.home = home
        self.scratch = tempfile.mkdtemp(prefix="posthorn-%s-" % name)
        self.data = os.path.join(self.scratch, "data")
        self.config = os.path.join(self.scratch, "config")
        if profile:
            shutil.copytree(os.path.join(home, profile), self.config)
        else:
            os.mkdir(self.config)
        self.offset = free_offset() if offset is None else offset
        self.java_opts = java_opts
        self.environment_more = {}

    def port(self, name):
        return PORTS[name] + self.offset

    def set(self, pid, **values):
        """Sets settings in a file of the configuration; what it said of them before goes."""
        path = os.path.join(self.config, pid + ".cfg")
        with open(path) as f:
            lines = [line for line in f if line.split("=")[0].strip() not in values]
        with open(path, "w") as f:
            f.writelines(lines)
            for key, value in values.items():
                f.write("\n%s = %s\n" % (key, value))

    def environment(self):
        env = dict(os.environ, POSTHORN_DATA=self.data, POSTHORN_CONFIG=self.config, POSTHORN_PORT_OFFSET=str(self.offset))
        env["POSTHORN_JAVA_OPTS"] = self.java_opts
        return {**env, **self.environment_more}

    def command(self, *words, check=True, timeout=120):
        done = subprocess.run(
            [os.path.join(self.home, "bin", "posthorn"), *words],
            env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError("posthorn %s: exit code %d\n%s%s" % (" ".join(words), done.returncode, done.stdout, done.stderr))
        return done

    def exec(self, line, check=True, json=False):
        return self.command("exec", *(["--json"] if json else []), line, check=check)

    def start(self):
        """Starts it; the seconds that took."""
        begin = time.monotonic()
        self.told = self.command("start").stdout
        return time.monotonic() - begin

    def run(self):
        """Starts it in the foreground; the process, when it is up. What it prints goes into the file `console` of its scratch folder."""
        console = os.path.join(self.scratch, "console")
        with open(console, "wb") as out:
            process = subprocess.Popen([os.path.join(self.home, "bin", "posthorn"), "run"], env=self.environment(),
                                       stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        wait_for(lambda: process.poll() is not None or "is up after" in self.printed(), 120)
        if process.poll() is not None:
            raise AssertionError("posthorn run: exit code %d\n%s" % (process.returncode, self.printed()))
        return process

    def printed(self):
        with open(os.path.join(self.scratch, "console"), errors="replace") as f:
            return f.read()

    def stop(self):
        self.command("stop", check=False)

    def pid(self):
        with open(os.path.join(self.data, "run", "posthorn.pid")) as f:
            return int(f.read().split()[0])

    def kill(self):
        pid = self.pid()
        os.kill(pid, 9)
        # A process is gone when its last thread is; until then it holds its lock.
        while os.path.exists("/proc/%d/task" % pid):
            try:
                tasks = os.listdir("/proc/%d/task" % pid)
                with open("/proc/%d/stat" % pid) as f:
                    if len(tasks) <= 1 and f.read().rsplit(")", 1)[1].split()[0] in "ZX":
                        return
            except (ProcessLookupError, FileNotFoundError):
                return
            time.sleep(0.01)

    def log(self):
        return self._logged("posthorn.log")

    def console(self):
        return self._logged("console.log")

    def _logged(self, name):
        with open(os.path.join(self.data, "logs", name), errors="replace") as f:
            return f.read()

    def maildir(self, address):
        local, domain = address.split("@")
        return os.path.join(self.data, "mail", domain, local, "Maildir")

    def shelf(self, address):
        """The files of the INBOX."""
        box = self.maildir(address)
        return sorted(glob.glob(os.path.join(box, "new", "*")) + glob.glob(os.path.join(box, "cur", "*")))

    def rss(self):
        """Resident memory in KiB."""
        with open("/proc/%d/status" % self.pid()) as f:
            return int([l for l in f if l.startswith("VmRSS")][0].split()[1])

    def remove(self):
        self.stop()
        shutil.rmtree(self.scratch, ignore_errors=True)


def wait_for(what, seconds=20, pause=0.05):
    """Asks until the answer is true; the answer."""
    end = time.monotonic() + seconds
    while True:
        answer = what()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError("waited %d s in vain" % seconds)
        time.sleep(pause)
