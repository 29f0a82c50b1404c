package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A push service on this machine, with a certificate that it has signed itself, and the device behind it, which decrypts. What it answers a test says. */
final class PushService implements Closeable {

    /** What was pushed. */
    record Message(String path, Map<String, String> header, byte[] body) {}

    /** How a message is answered. */
    interface Answer {
        void write(Message message, OutputStream out) throws IOException, InterruptedException;
    }

    /** For those that answer never: until this ends. */
    final CountDownLatch closed = new CountDownLatch(1);

    static final Answer CREATED = status("201 Created", "");

    static Answer status(String status, String fields) {
        String head = "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: 0\r\n\r\n";
        return (message, out) -> out.write(head.getBytes(StandardCharsets.US_ASCII));
    }

    final SSLContext trust;
    final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    volatile Answer answer = CREATED;
    private final SSLServerSocket socket;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final KeyPair device = P256.generate(new SecureRandom());
    private final byte[] auth = new byte[16];

    /** @param certificate of {@link #certificate} */
    PushService(Path certificate) throws Exception {
        KeyStore keys = KeyStore.getInstance(certificate.toFile(), "secret".toCharArray());
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "secret".toCharArray());
        SSLContext server = SSLContext.getInstance("TLS");
        server.init(own.getKeyManagers(), null, null);
        socket = (SSLServerSocket)
                server.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        KeyStore known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry("a", keys.getCertificate("a"));
        TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        others.init(known);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, others.getTrustManagers(), null);
        start(this::accept);
    }

    /** A new one with its key, for as many services as there are. */
    static Path certificate(Path folder) throws Exception {
        Path file = folder.resolve("push.p12");
        String command = Path.of(System.getProperty("java.home"), "bin", "keytool")
                + " -genkeypair -keyalg EC -dname CN=push -alias a -validity 1 -ext san=ip:127.0.0.1,dns:localhost"
                + " -storepass secret -keystore " + file;
        Process keytool = new ProcessBuilder(command.split(" "))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor())
                .as(Files.readString(folder.resolve("keytool.log")))
                .isZero();
        return file;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "push-service");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                SSLSocket client = (SSLSocket) socket.accept();
                open.add(client);
                start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SSLSocket client) {
        try (client) {
            while (true) {
                Message message = read(client.getInputStream());
                if (message == null) return;
                // Who has seen the message may change the answer to the next.
                Answer now = answer;
                messages.add(message);
                now.write(message, client.getOutputStream());
                client.getOutputStream().flush();
            }
        } catch (SocketException | javax.net.ssl.SSLException gone) {
            // As a client does that has heard enough.
            open.remove(client);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Message read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) return null;
        assertThat(first).startsWith("POST ").endsWith(" HTTP/1.1");
        Map<String, String> header = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in))
            header.put(line.split(": ")[0].toLowerCase(Locale.ROOT), line.split(": ", 2)[1]);
        byte[] body = in.readNBytes(Integer.parseInt(header.get("content-length")));
        return new Message(first.split(" ")[1], header, body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) if (c != '\r') line.write(c);
        return line.toString(StandardCharsets.US_ASCII);
    }

    String url(String path) {
        return "https://127.0.0.1:" + socket.getLocalPort() + path;
    }

    /** The device's keys, as JSON. */
    String keys() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return "{\"p256dh\":\"" + base64.encodeToString(P256.octets((ECPublicKey) device.getPublic()))
                + "\",\"auth\":\"" + base64.encodeToString(auth) + "\"}";
    }

    /** The next message, for which it waits. */
    Message next() throws InterruptedException {
        Message next = messages.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a message").isNotNull();
        return next;
    }

    /** What is in the next message, which nobody but the device can read. */
    JsonNode decrypted() throws Exception {
        Message message = next();
        assertThat(message.header).containsEntry("content-encoding", "aes128gcm");
        return Json.read(decrypt(message.body), 1000);
    }

    /** What is in the next message, which goes in clear. */
    JsonNode plain() throws Exception {
        Message message = next();
        assertThat(message.header).doesNotContainKey("content-encoding");
        return Json.read(message.body, 1000);
    }

    /** RFC 8291 3 and RFC 8188 2 from the other end. */
    private byte[] decrypt(byte[] body) throws Exception {
        ByteBuffer in = ByteBuffer.wrap(body);
        byte[] salt = new byte[16];
        in.get(salt);
        assertThat(in.getInt()).isGreaterThanOrEqualTo(body.length - 21);
        byte[] sender = new byte[in.get()];
        in.get(sender);
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(device.getPrivate());
        agreement.doPhase(P256.publicKey(sender), true);
        byte[] own = P256.octets((ECPublicKey) device.getPublic());
        byte[] input = expand(
                mac(auth, agreement.generateSecret()),
                "WebPush: info\0".getBytes(StandardCharsets.US_ASCII),
                own,
                sender,
                new byte[] {1});
        byte[] key = mac(salt, input);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(Arrays.copyOf(expand(key, info("aes128gcm")), 16), "AES"),
                new GCMParameterSpec(128, Arrays.copyOf(expand(key, info("nonce")), 12)));
        byte[] text = cipher.doFinal(body, in.position(), in.remaining());
        assertThat(text[text.length - 1]).isEqualTo((byte) 2);
        return Arrays.copyOf(text, text.length - 1);
    }

    private static byte[] info(String name) {
        return ("Content-Encoding: " + name + "\0\1").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] expand(byte[] key, byte[]... info) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : info) all.writeBytes(piece);
        return mac(key, all.toByteArray());
    }

    private static byte[] mac(byte[] key, byte[] octets) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(octets);
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        socket.close();
        for (Socket client : open) client.close();
    }
}
