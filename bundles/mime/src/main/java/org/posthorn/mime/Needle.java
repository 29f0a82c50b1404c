package org.posthorn.mime;

/** Words to look for. Takes time that grows with the text alone, whatever stands in either: the search of Knuth, Morris and Pratt. */
public final class Needle {

    private final String words;
    /** For each beginning of the words, how much of it stands at its end once more. */
    private final int[] border;

    /** @param folded words in the form of {@link TextSearch#fold} */
    public Needle(String folded) {
        words = folded;
        border = new int[folded.length()];
        for (int i = 1; i < border.length; i++) border[i] = after(border[i - 1], folded.charAt(i));
    }

    @Override
    public String toString() {
        return words;
    }

    /** Whether there are no words, which are everywhere. */
    public boolean isEmpty() {
        return words.isEmpty();
    }

    /** Whether they stand in a text of that form. */
    public boolean in(String folded) {
        return found(read(0, folded));
    }

    /** Whether that much of them is all of them. */
    public boolean found(int matched) {
        return matched == words.length();
    }

    /** Reads on in a text. @param matched how much of the words stood at its end @return the same behind this piece, or all of them once they are found */
    public int read(int matched, String folded) {
        int now = matched;
        for (int i = 0; i < folded.length() && now < words.length(); i++) {
            if (now == 0) i = folded.indexOf(words.charAt(0), i);
            if (i < 0) return 0;
            now = after(now, folded.charAt(i));
        }
        return now;
    }

    private int after(int matched, char next) {
        int now = matched;
        while (now > 0 && words.charAt(now) != next) now = border[now - 1];
        return words.charAt(now) == next ? now + 1 : 0;
    }
}
