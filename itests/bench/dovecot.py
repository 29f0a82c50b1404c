"""A private Dovecot over Maildir, its login processes in the high-performance mode of its documentation; touches nothing of the system's
but the number of inotify instances that one user may have, and puts that back. As root."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile

from posthorn import free

CONF = """base_dir = {d}/run
state_dir = {d}/state
instance_name = dovecot-bench
log_path = {d}/dovecot.log
listen = 127.0.0.1
protocols = imap pop3 lmtp
ssl = yes
ssl_cert = <{d}/server.crt
ssl_key = <{d}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = username_format=%u {passwords}
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={d}/mail/%n allow_all_users=yes
}}
first_valid_uid = {uid}
first_valid_gid = {gid}
mail_location = maildir:~/Maildir
mail_max_userip_connections = 0
default_client_limit = 10000
default_process_limit = 1000
service imap-login {{
  service_count = 0
  process_min_avail = 2
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service pop3-login {{
  service_count = 0
  process_min_avail = 2
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
  }}
}}
service imap {{
  service_count = 256
  process_min_avail = 4
  process_limit = 1000
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
namespace inbox {{
  inbox = yes
}}
protocol lmtp {{
  postmaster_address = postmaster@bench.test
}}
"""

WATCHES = "/proc/sys/fs/inotify/max_user_instances"


def watches(wanted):
    """Each of its processes in IDLE wants one; those that get none look every half minute. Returns how many there could be before."""
    with open(WATCHES) as f:
        before = int(f.read())
    try:
        with open(WATCHES, "w") as f:
            f.write(str(wanted))
    except OSError as e:
        print("dovecot: %s; no more than %d of its clients in IDLE hear at once" % (e, before), file=sys.stderr)
    return before


class Dovecot:
    line_end = b"\n"
    name = "dovecot"

    def __init__(self, passwords):
        self.scratch = tempfile.mkdtemp(prefix="dovecot-bench-")
        self.watched = watches(1024)
        os.chmod(self.scratch, 0o755)
        ports = (p for p in range(25025, 60000, 43) if free(p))
        self.ports = {service: next(ports) for service in ("imap", "imaps", "pop3", "pop3s", "lmtp")}
        for sub in ("run", "state", "mail"):
            os.mkdir(os.path.join(self.scratch, sub))
        shutil.chown(os.path.join(self.scratch, "mail"), "nobody")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=localhost",
                        "-keyout", self.scratch + "/server.key", "-out", self.scratch + "/server.crt"], check=True, stderr=subprocess.DEVNULL)
        nobody = pwd.getpwnam("nobody")
        self.conf = os.path.join(self.scratch, "dovecot.conf")
        with open(self.conf, "w") as f:
            f.write(CONF.format(d=self.scratch, uid=nobody.pw_uid, gid=nobody.pw_gid, passwords=passwords, **self.ports))

    def users(self, names):
        """Any name is a user."""

    def start(self):
        subprocess.run(["dovecot", "-c", self.conf], check=True)

    def port(self, service):
        return self.ports[service]

    def pids(self):
        with open(os.path.join(self.scratch, "run", "master.pid")) as f:
            return [int(f.read())]

    def maildir(self, user):
        return os.path.join(self.scratch, "mail", user, "Maildir")

    def remove(self):
        subprocess.run(["doveadm", "-c", self.conf, "stop"], stderr=subprocess.DEVNULL, check=False)
        watches(self.watched)
        shutil.rmtree(self.scratch, ignore_errors=True)
