"""Makes a filter as somebody else would: one Java class, compiled against the api of the zip, in a jar of its own."""

import glob
import os
import subprocess
import tempfile
import zipfile

SOURCE = """package %(package)s;

import java.io.IOException;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Mail;

public final class ExampleFilter implements MailFilter {
    @Override
    public Verdict message(Mail mail) throws IOException {
        String subject = "";
        for (var field : mail.message().header()) if (field.is("Subject")) subject = field.unfolded();
        %(body)s
    }
}
"""

COMPONENT = """<?xml version="1.0" encoding="UTF-8"?>
<scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%(package)s.ExampleFilter">
  <property name="name" type="String" value="%(name)s"/>
  <service><provide interface="org.posthorn.api.filter.MailFilter"/></service>
  <implementation class="%(package)s.ExampleFilter"/>
</scr:component>
"""

MANIFEST = """Manifest-Version: 1.0
Bundle-ManifestVersion: 2
Bundle-SymbolicName: %(package)s
Bundle-Version: %(version)s
Import-Package: org.posthorn.api.filter;version="[1.0,2)",org.posthorn.api.mail;version="[1.0,2)"
Service-Component: OSGI-INF/filter.xml
Require-Capability: osgi.extender;filter:="(&(osgi.extender=osgi.component)(version>=1.3.0)(!(version>=2.0.0)))"
"""


def filter_jar(home, to, version, body, name="example"):
    """A filter of that name and version; the body has the subject and says a Verdict."""
    os.makedirs(os.path.dirname(to), exist_ok=True)
    words = {"package": "org.posthorn.filter." + name, "version": version, "body": body, "name": name}
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "ExampleFilter.java")
        with open(source, "w") as f:
            f.write(SOURCE % words)
        api = glob.glob(os.path.join(home, "repository", "**", "org.posthorn.api-*.jar"), recursive=True)[0]
        subprocess.run(["javac", "--release", "17", "-cp", api, "-d", folder, source], check=True)
        compiled = os.path.join(folder, *words["package"].split("."))
        fresh = to + ".part"
        with zipfile.ZipFile(fresh, "w") as jar:
            # A line of a manifest has 72 octets at most; what is longer goes on behind a space.
            lines = (MANIFEST % words).splitlines()
            jar.writestr("META-INF/MANIFEST.MF", "".join(
                "\r\n ".join([l[:70]] + [l[i:i + 69] for i in range(70, len(l), 69)]) + "\r\n" for l in lines))
            jar.writestr("OSGI-INF/filter.xml", COMPONENT % words)
            for name in os.listdir(compiled):
                jar.write(os.path.join(compiled, name), words["package"].replace(".", "/") + "/" + name)
    os.replace(fresh, to)
    return to
