"""A private Postfix with virtual Maildir delivery and a relayed domain; touches nothing of the system's but needs its programs. As root."""

import os
import pwd
import shutil
import subprocess
import tempfile

from posthorn import free

MAIN = """compatibility_level = 3.6
queue_directory = {d}/spool
data_directory = {d}/lib
multi_instance_name = postfix-bench
multi_instance_enable = yes
maillog_file = {d}/log/maillog
maillog_file_prefixes = {d}/log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.bench.test
mydestination =
alias_maps =
alias_database =
virtual_mailbox_domains = bench.test
virtual_mailbox_base = {d}/mail
virtual_mailbox_maps = texthash:{d}/users
virtual_mailbox_limit = 0
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_transport = virtual
relay_domains = relay.test
transport_maps = inline:{{ relay.test=smtp:[127.0.0.1]:{sink} }}
smtpd_peername_lookup = no
disable_dns_lookups = yes
smtpd_client_connection_count_limit = 0
default_process_limit = 200
"""

MASTER = """127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    name = "postfix"

    def __init__(self, sink):
        self.scratch = tempfile.mkdtemp(prefix="postfix-bench-")
        os.chmod(self.scratch, 0o755)
        self.smtp = next(p for p in range(24025, 60000, 41) if free(p))
        for sub in ("conf", "spool", "lib", "mail", "log"):
            os.mkdir(os.path.join(self.scratch, sub))
        shutil.chown(os.path.join(self.scratch, "lib"), "postfix")
        shutil.chown(os.path.join(self.scratch, "mail"), "nobody")
        nobody = pwd.getpwnam("nobody")
        self.write("conf/main.cf", MAIN.format(d=self.scratch, uid=nobody.pw_uid, gid=nobody.pw_gid, sink=sink))
        self.write("conf/master.cf", MASTER.format(port=self.smtp))
        if not os.path.exists("/etc/postfix/main.cf"):
            with open("/etc/postfix/main.cf", "w") as f:
                f.write("compatibility_level = 3.6\n")

    def write(self, name, text):
        with open(os.path.join(self.scratch, name), "w") as f:
            f.write(text)

    def users(self, names):
        self.write("users", "".join("%s@bench.test %s/\n" % (name, name) for name in names))

    def start(self):
        self.control("start")

    def control(self, word):
        subprocess.run(["postfix", "-c", os.path.join(self.scratch, "conf"), word], check=word == "start", stderr=subprocess.DEVNULL)

    def port(self, service):
        return {"smtp": self.smtp}[service]

    def pids(self):
        with open(os.path.join(self.scratch, "spool", "pid", "master.pid")) as f:
            return [int(f.read())]

    def maildir(self, user):
        return os.path.join(self.scratch, "mail", user)

    def remove(self):
        self.control("stop")
        shutil.rmtree(self.scratch, ignore_errors=True)
