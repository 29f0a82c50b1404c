"""The Posthorn that is measured: from the zip, as shipped but for the profile for tests on loopback, the users' hash and the relayed domain."""

import os
import time

from posthorn import Posthorn


class Ours:
    line_end = b"\r\n"
    name = "posthorn"

    def __init__(self, home, passwords, sink, java_opts=""):
        self.server = Posthorn(home, "bench", java_opts=java_opts)
        self.setting("org.posthorn.users.sql", "scheme = SHA512-CRYPT")  # quicker to make than the default; no row but the logins' checks them
        self.setting("org.posthorn.users.file", "file = " + passwords)
        self.setting("org.posthorn.routing", "relays = relay.test=[127.0.0.1]:%d;tls=never" % sink)

    def setting(self, pid, line):
        with open(os.path.join(self.server.config, pid + ".cfg"), "a") as f:
            f.write(line + "\n")

    def users(self, names):
        self.start()
        self.server.exec("domain:add bench.test")
        for n in range(0, len(names), 20):
            self.server.exec("; ".join("user:add %s@bench.test secret" % name for name in names[n:n + 20]))
        self.server.stop()

    def start(self):
        return self.server.start()

    def rest(self):
        """Stops and starts, and waits until nothing is done any more."""
        self.server.stop()
        self.start()
        time.sleep(5)

    def port(self, service):
        return self.server.port(service)

    def pids(self):
        return [self.server.pid()]

    def maildir(self, user):
        return self.server.maildir(user + "@bench.test")

    def remove(self):
        self.server.remove()
