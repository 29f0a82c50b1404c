package org.posthorn.intake;

/** How settings name a filter: {@code example}, the one that counts, or {@code example@1.1.0}, that version of it. */
final class FilterName {

    private static final char AT = '@';

    private FilterName() {}

    static String of(String plain, String version) {
        return plain + AT + version;
    }

    /** Without the version. */
    static String plain(String name) {
        int at = name.indexOf(AT);
        return at < 0 ? name : name.substring(0, at);
    }

    static boolean versioned(String name) {
        return name.indexOf(AT) >= 0;
    }
}
