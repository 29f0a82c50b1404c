package org.posthorn.itests.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A bundle named as the filter that ships, compiled here, so that a test can say how it behaves. */
final class MadeFilter {

    private MadeFilter() {}

    /**
     * The jar, in a folder of its own.
     *
     * @param constructor what it does when it comes up
     * @param message the statement by which it judges a mail
     */
    static Path jar(String version, String constructor, String message) throws IOException {
        Path folder = Files.createTempDirectory("made-filter");
        Path source = Files.writeString(folder.resolve("Made.java"), """
                import org.posthorn.api.filter.*;
                import org.posthorn.api.mail.*;
                public class Made implements MailFilter {
                    public Made() { %s }
                    @Override public Verdict message(Mail mail) throws java.io.IOException { %s }
                }
                """.formatted(constructor, message));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int failed =
                compiler.run(null, null, null, "-cp", api().toString(), "-d", folder.toString(), source.toString());
        if (failed != 0) throw new IOException(source + " does not compile");
        return pack(folder, version);
    }

    private static Path api() throws IOException {
        Path repository = Path.of(System.getProperty("posthorn.home"), "repository/org/posthorn/org.posthorn.api");
        try (Stream<Path> all = Files.walk(repository)) {
            return all.filter(p -> p.toString().endsWith(".jar")).findFirst().orElseThrow();
        }
    }

    private static Path pack(Path folder, String version) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (List<String> header : List.of(
                List.of("Bundle-ManifestVersion", "2"),
                List.of("Bundle-SymbolicName", "org.posthorn.filter.size"),
                List.of("Bundle-Version", version),
                List.of("Import-Package", "org.posthorn.api.filter,org.posthorn.api.mail"),
                List.of("Service-Component", "OSGI-INF/made.xml")))
            manifest.getMainAttributes().putValue(header.get(0), header.get(1));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            entry(jar, "Made.class", Files.readAllBytes(folder.resolve("Made.class")));
            entry(jar, "OSGI-INF/made.xml", """
                    <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="made">
                      <implementation class="Made"/>
                      <property name="name" value="size"/>
                      <property name="service.ranking" type="Integer" value="100"/>
                      <service><provide interface="org.posthorn.api.filter.MailFilter"/></service>
                    </scr:component>
                    """.getBytes(StandardCharsets.UTF_8));
        }
        return Files.write(folder.resolve("made-" + version + ".jar"), bytes.toByteArray());
    }

    private static void entry(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }
}
