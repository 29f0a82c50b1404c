package org.posthorn.jmap.mail;

import java.util.ArrayList;
import java.util.List;

/**
 * What of a message is shown as its body and what as attachments, by the algorithm of RFC 8621 4.1.4.
 *
 * @param text what is shown to who prefers plain text
 * @param html what is shown to who prefers HTML
 */
record BodyLists(List<BodyPart> text, List<BodyPart> html, List<BodyPart> attachments) {

    static BodyLists of(BodyPart structure) {
        BodyLists lists = new BodyLists(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        lists.new Level("mixed", false, true, true).all(List.of(structure));
        return lists;
    }

    /** Whether somebody should be offered something to download. */
    boolean hasAttachment() {
        return attachments.stream()
                .anyMatch(a -> a.disposition().filter("inline"::equals).isEmpty());
    }

    private static boolean isMedia(BodyPart part) {
        String type = part.type();
        return type.startsWith("image/") || type.startsWith("audio/") || type.startsWith("video/");
    }

    /** The parts of one multipart on their way into the lists. */
    private final class Level {
        private final String multipart;
        private final boolean inAlternative;
        private final int textBefore = text.size();
        private final int htmlBefore = html.size();
        /** Whether what comes may still go into that list. */
        private boolean toText;

        private boolean toHtml;

        Level(String multipart, boolean inAlternative, boolean toText, boolean toHtml) {
            this.multipart = multipart;
            this.inAlternative = inAlternative;
            this.toText = toText;
            this.toHtml = toHtml;
        }

        private boolean isAlternative() {
            return multipart.equals("alternative");
        }

        void all(List<BodyPart> parts) {
            for (BodyPart part : parts) {
                if (part.isMultipart()) below(part);
                else if (!isBody(part, part == parts.get(0))) attachments.add(part);
                else if (isAlternative()) alternative(part);
                else inRow(part);
            }
            if (isAlternative() && toText && toHtml) share();
        }

        private void below(BodyPart part) {
            String subtype = part.type().substring(part.type().indexOf('/') + 1);
            boolean alternative = inAlternative || subtype.equals("alternative");
            new Level(subtype, alternative, toText, toHtml).all(part.subParts());
        }

        /** Of what is related only the first is; a text with a name further back is a file. */
        private boolean isBody(BodyPart part, boolean first) {
            boolean shown = part.type().equals("text/plain") || part.type().equals("text/html") || isMedia(part);
            boolean placed = first
                    || !multipart.equals("related")
                            && (isMedia(part) || part.name().isEmpty());
            return shown
                    && placed
                    && part.disposition().filter("attachment"::equals).isEmpty();
        }

        private void alternative(BodyPart part) {
            if (toText && part.type().equals("text/plain")) text.add(part);
            else if (toHtml && part.type().equals("text/html")) html.add(part);
            else attachments.add(part);
        }

        private void inRow(BodyPart part) {
            if (inAlternative && part.type().equals("text/plain")) toHtml = false;
            if (inAlternative && part.type().equals("text/html")) toText = false;
            if (toText) text.add(part);
            if (toHtml) html.add(part);
            // What is in none of the lists is an attachment by definition.
            boolean shown = toText && toHtml || (toText || toHtml) && !isMedia(part);
            if (!shown) attachments.add(part);
        }

        /** Where there was but one of the two, it is for everybody. */
        private void share() {
            boolean noText = text.size() == textBefore;
            boolean noHtml = html.size() == htmlBefore;
            if (noText && !noHtml) text.addAll(List.copyOf(html.subList(htmlBefore, html.size())));
            else if (noHtml && !noText) html.addAll(List.copyOf(text.subList(textBefore, text.size())));
        }
    }
}
