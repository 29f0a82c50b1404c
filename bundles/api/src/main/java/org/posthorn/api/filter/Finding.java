package org.posthorn.api.filter;

import java.util.Map;

/**
 * What was found of a mail, in the words of RFC 8601 2.2, so that one filter can read what another found without knowing it.
 *
 * @param method as {@code spf}, {@code dkim}, {@code dnsbl}
 * @param result as {@code pass}, {@code fail}, {@code none}, {@code temperror}
 * @param properties as {@code smtp.mailfrom} to {@code example.org}
 * @param reason in words; may be empty
 */
public record Finding(String method, String result, Map<String, String> properties, String reason) {
    public Finding {
        properties = Map.copyOf(properties);
    }
}
