package org.posthorn.jmap.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A parameter of a field as it is written, RFC 2045 5.1 and RFC 2231. */
final class MimeParameter {

    /** What is longer is cut into pieces of that many characters. */
    private static final int PIECE = 60;

    private MimeParameter() {}

    /** It with the semicolon in front, on lines of its own. */
    static String of(String name, String text) {
        String value = text.replaceAll("\\p{Cntrl}+", " ");
        boolean plain = value.length() <= PIECE && value.chars().allMatch(c -> c < 127) && !value.contains("=?");
        if (plain) return ";\r\n " + name + "=" + FieldText.quoted(value);
        List<String> pieces = pieces(value);
        if (pieces.size() == 1) return ";\r\n " + name + "*=utf-8''" + pieces.get(0);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++)
            all.append(";\r\n " + name + "*" + i + "*=" + (i == 0 ? "utf-8''" : "") + pieces.get(i));
        return all.toString();
    }

    /** RFC 2231 3 and 4; an octet is in one of them whole. */
    private static List<String> pieces(String value) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = octet > 0 && Character.isLetterOrDigit(octet) || "-._".indexOf(octet) >= 0;
            piece.append(plain ? Character.toString(octet) : String.format("%%%02X", octet & 0xFF));
            if (piece.length() < PIECE) continue;
            pieces.add(piece.toString());
            piece.setLength(0);
        }
        if (piece.length() > 0) pieces.add(piece.toString());
        return pieces;
    }
}
