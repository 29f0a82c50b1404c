package org.posthorn.webmail;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/** What a browser may do with these pages: the fields of each answer. */
final class Policy {

    /** The page itself. Scripts and styles are files of this server; strings become HTML through the sanitiser alone (Trusted Types). */
    private static final String PAGE = String.join(
            "; ",
            List.of(
                    "default-src 'none'",
                    "script-src 'self'",
                    "style-src 'self'",
                    "img-src 'self' blob: data:",
                    "connect-src 'self'",
                    "font-src 'self'",
                    "frame-src 'self'",
                    "manifest-src 'self'",
                    "base-uri 'none'",
                    "form-action 'none'",
                    "frame-ancestors 'none'",
                    "require-trusted-types-for 'script'",
                    "trusted-types dompurify"));

    /**
     * The frames that mail is shown in. They are pages of their own and no {@code srcdoc}, as that would be bound to the policy of the page around it, which
     * knows no style in the text and no picture from elsewhere. No script runs in them, whoever asks: {@code sandbox} says it beside {@code default-src}.
     */
    private static final String MAIL = String.join(
            "; ",
            List.of(
                    "default-src 'none'",
                    "style-src 'self' 'unsafe-inline'",
                    "base-uri 'none'",
                    "form-action 'none'",
                    "frame-ancestors 'self'",
                    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"));

    private static final String OWN_PICTURES = "; img-src blob: data:";

    private static final String ALL_PICTURES = "; img-src blob: data: https: http:";

    private Policy() {}

    static void protect(HttpServletResponse response, String path) {
        response.setHeader("Content-Security-Policy", csp(path));
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader(
                "Permissions-Policy",
                "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()");
    }

    private static String csp(String path) {
        if (path.endsWith("/mail.html")) return MAIL + OWN_PICTURES;
        if (path.endsWith("/mail-pictures.html")) return MAIL + ALL_PICTURES;
        return PAGE;
    }
}
