package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What Blob/get tells of blobs. Each is read once, and not beyond what is asked for.
 *
 * @param budget for what is told
 * @param work for what is read
 */
record BlobView(BlobRange range, Set<String> properties, Budget budget, Work work) {

    /** How much may still be read in a call: it takes a thread. */
    static final class Work {
        static final long MOST = 256L << 20;

        private long left = MOST;

        void take(long octets) throws MethodFault {
            left -= octets;
            if (left < 0) throw new MethodFault(MethodError.REQUEST_TOO_LARGE);
        }
    }

    ObjectNode json(String id, Blob blob) throws IOException, MethodFault {
        ObjectNode json = Json.NODES.objectNode().put("id", id);
        boolean octets = properties.stream().anyMatch(p -> p.startsWith("data") || p.startsWith("digest:"));
        boolean counted = properties.contains("size") && blob.size().isEmpty();
        long size = blob.size().orElse(0);
        if (octets || counted)
            try (InputStream in = blob.open()) {
                long read = octets ? read(in, json) : 0;
                if (counted) size = read + pass(in, Long.MAX_VALUE);
            }
        return properties.contains("size") ? json.put("size", size) : json;
    }

    /** @return how far it has come */
    private long read(InputStream in, ObjectNode json) throws IOException, MethodFault {
        Map<String, MessageDigest> digests = digests();
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        long skipped = pass(in, range.offset());
        long wanted = range.length().orElse(Long.MAX_VALUE);
        long taken = 0;
        byte[] block = new byte[16 * 1024];
        for (int n; (n = in.read(block, 0, (int) Math.min(block.length, wanted - taken))) > 0; taken += n) {
            work.take(n);
            for (MessageDigest digest : digests.values()) digest.update(block, 0, n);
            budget.take((long) n * told());
            if (wantsData()) kept.write(block, 0, n);
        }
        boolean whole = skipped == range.offset() && (range.length().isEmpty() || taken == wanted);
        if (!whole) json.put("isTruncated", true);
        if (wantsData()) data(kept.toByteArray(), json);
        digests.forEach((name, digest) -> json.put(name, Base64.getEncoder().encodeToString(digest.digest())));
        return skipped + taken;
    }

    private boolean wantsText() {
        return properties.contains("data") || properties.contains("data:asText");
    }

    /** What an octet takes of the memory: two as text, and as base64, which has a third more characters, three. */
    private int told() {
        boolean base64 = properties.contains("data:asBase64");
        int eitherWay = properties.contains("data") ? 3 : 0;
        return Math.max(eitherWay, (wantsText() ? 2 : 0) + (base64 ? 3 : 0));
    }

    private boolean wantsData() {
        return wantsText() || properties.contains("data:asBase64");
    }

    private void data(byte[] octets, ObjectNode json) {
        Optional<String> text = wantsText() ? text(octets) : Optional.empty();
        if (wantsText()) json.put("data:asText", text.orElse(null));
        boolean problem = wantsText() && text.isEmpty();
        if (problem) json.put("isEncodingProblem", true);
        if (properties.contains("data:asBase64") || problem && properties.contains("data"))
            json.put("data:asBase64", Base64.getEncoder().encodeToString(octets));
    }

    private static Optional<String> text(byte[] octets) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Passes over so many octets, or as many as there are. @return how many */
    private long pass(InputStream in, long octets) throws IOException, MethodFault {
        long passed = 0;
        byte[] block = new byte[16 * 1024];
        for (int n; (n = in.read(block, 0, (int) Math.min(block.length, octets - passed))) > 0; passed += n)
            work.take(n);
        return passed;
    }

    private Map<String, MessageDigest> digests() {
        Map<String, MessageDigest> digests = new TreeMap<>();
        for (Map.Entry<String, String> algorithm : BlobGet.DIGESTS) {
            String property = "digest:" + algorithm.getKey();
            if (properties.contains(property)) digests.put(property, digest(algorithm.getValue()));
        }
        return digests;
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
