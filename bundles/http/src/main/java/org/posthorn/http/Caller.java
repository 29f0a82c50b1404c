package org.posthorn.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Who sends a request, and how he came. */
record Caller(HttpServletRequest request, Settings settings) {

    /** A name or an address and nothing else: what a client calls this server stands in links. */
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+]");

    /** The server as this client is to name it. */
    String base() {
        if (!settings.publicUrl().isEmpty()) return settings.publicUrl();
        String scheme = request.isSecure() ? "https" : "http";
        String host = request.getServerName();
        int port = request.getServerPort();
        if (host == null || !HOST.matcher(host).matches()) {
            host = bracketed(request.getLocalAddr());
            port = request.getLocalPort();
        }
        boolean usual = port == (request.isSecure() ? 443 : 80);
        return scheme + "://" + host + (usual ? "" : ":" + port);
    }

    private static String bracketed(String address) {
        return address.indexOf(':') >= 0 && !address.startsWith("[") ? "[" + address + "]" : address;
    }

    boolean mayLogIn() {
        if (request.isSecure()) return true;
        return switch (settings.clearLogin()) {
            case yes -> true;
            case no -> false;
            case loopback -> isOfThisMachine();
        };
    }

    private boolean isOfThisMachine() {
        try {
            // An address: nothing is looked up.
            return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
