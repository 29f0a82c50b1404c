package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.imap.Text;
import org.posthorn.mime.Part;

/**
 * Octets of a message: {@code BODY[…]<…>} and the older names, RFC 3501 6.4.5.
 *
 * @param label as it is called in the answer, without the origin
 * @param path part numbers
 * @param fields names, for HEADER.FIELDS and its reverse
 * @param origin where to begin, if only a piece is wanted
 * @param count how many octets at most
 * @param peek whether \Seen stays as it is
 */
record Section(
        String label,
        List<Integer> path,
        What what,
        List<String> fields,
        Optional<Long> origin,
        long count,
        boolean peek)
        implements FetchItem {

    enum What {
        ALL,
        HEADER,
        FIELDS,
        FIELDS_NOT,
        TEXT,
        MIME
    }

    private static final int MOST_FIELDS = 500;
    private static final int DEEPEST = 100;

    /** RFC822 and its kind. */
    static Section old(String label, What what, boolean peek) {
        return new Section(label, List.of(), what, List.of(), Optional.empty(), Long.MAX_VALUE, peek);
    }

    /** Reads what follows {@code BODY} or {@code BODY.PEEK}. */
    static Section parse(Arguments in, boolean peek) {
        in.expect('[');
        StringBuilder label = new StringBuilder("BODY[");
        List<Integer> path = path(in, label);
        boolean named = in.peek() != ']';
        if (named && !path.isEmpty() && label.charAt(label.length() - 1) != '.') throw new SyntaxFault("Expected ]");
        What what = named ? what(in.item(), path) : What.ALL;
        if (named) label.append(name(what));
        List<String> fields = what == What.FIELDS || what == What.FIELDS_NOT ? fields(in, label) : List.of();
        in.expect(']');
        label.append(']');
        return new Section(label.toString(), path, what, fields, Optional.empty(), Long.MAX_VALUE, peek).partial(in);
    }

    /** Reads a part's number in brackets, or brackets without one, RFC 3516 7. */
    static Section binary(Arguments in, String name, boolean peek) {
        in.expect('[');
        StringBuilder label = new StringBuilder(name).append('[');
        List<Integer> path = path(in, label);
        in.expect(']');
        label.append(']');
        return new Section(label.toString(), path, What.ALL, List.of(), Optional.empty(), Long.MAX_VALUE, peek);
    }

    private static List<Integer> path(Arguments in, StringBuilder label) {
        List<Integer> path = new ArrayList<>();
        while (in.peek() >= '1' && in.peek() <= '9') {
            long number = in.number();
            path.add((int) Math.min(number, Integer.MAX_VALUE));
            label.append(number);
            if (in.peek() == '.') {
                in.pass('.');
                label.append('.');
                if (in.peek() == ']') throw new SyntaxFault("A part is missing");
            } else break;
        }
        if (path.size() > DEEPEST) throw SyntaxFault.limit("Parts are named down to level " + DEEPEST);
        return path;
    }

    private static What what(String name, List<Integer> path) {
        return switch (name) {
            case "HEADER" -> What.HEADER;
            case "HEADER.FIELDS" -> What.FIELDS;
            case "HEADER.FIELDS.NOT" -> What.FIELDS_NOT;
            case "TEXT" -> What.TEXT;
            case "MIME" -> {
                if (path.isEmpty()) throw new SyntaxFault("MIME needs a part");
                yield What.MIME;
            }
            default -> throw new SyntaxFault("There is no such section");
        };
    }

    private static String name(What what) {
        return switch (what) {
            case FIELDS -> "HEADER.FIELDS";
            case FIELDS_NOT -> "HEADER.FIELDS.NOT";
            default -> what.name();
        };
    }

    private static List<String> fields(Arguments in, StringBuilder label) {
        List<String> names = new ArrayList<>();
        in.space().expect('(');
        label.append(" (");
        do {
            String name = in.astring();
            names.add(name);
            if (names.size() > 1) label.append(' ');
            boolean plain =
                    !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 127 && "(){%*\"\\]".indexOf(c) < 0);
            if (plain) label.append(name);
            else Text.string(label, name);
        } while (in.passSpace());
        in.expect(')');
        if (names.size() > MOST_FIELDS) throw SyntaxFault.limit("At most " + MOST_FIELDS + " fields are named at once");
        label.append(')');
        return names;
    }

    /** The same with the piece that may follow. */
    Section partial(Arguments in) {
        if (!in.pass('<')) return this;
        long origin = in.number();
        in.expect('.');
        long count = in.number();
        in.expect('>');
        if (count == 0) throw new SyntaxFault("Nothing is no part");
        return piece(origin, count);
    }

    /** So many octets of it at most, from there. */
    Section piece(long from, long most) {
        return new Section(label, path, what, fields, Optional.of(from), most, peek);
    }

    @Override
    public boolean setsSeen() {
        return !peek;
    }

    @Override
    public boolean needsMessage() {
        return true;
    }

    @Override
    public void write(FetchedMessage out) throws IOException {
        writeLabel(out);
        Optional<Extent> extent = extent(out);
        if (extent.isPresent()) extent.get().write(out);
        else out.text().append("NIL");
    }

    /** With the origin and a space behind it. */
    void writeLabel(FetchedMessage out) {
        out.text().append(label);
        origin.ifPresent(o -> out.text().append('<').append(o).append('>'));
        out.text().append(' ');
    }

    /** The octets that it stands for; empty when the message has no such part. */
    Optional<Extent> extent(ReadMessage message) throws IOException {
        return path.isEmpty() ? Optional.of(whole(message)) : part(message);
    }

    private Extent whole(ReadMessage message) throws IOException {
        return switch (what) {
            case ALL -> slice(0, message.size());
            case HEADER, MIME -> slice(0, message.headerEnd());
            case TEXT -> slice(message.headerEnd(), message.size());
            case FIELDS, FIELDS_NOT -> header(message.picked(label, this::pick));
        };
    }

    private Optional<Extent> part(ReadMessage message) throws IOException {
        Optional<Part> found = find(message.structure());
        // HEADER and TEXT are those of a message in the message, RFC 3501 6.4.5.
        boolean ofMessage = what != What.ALL && what != What.MIME;
        Optional<Part> part =
                ofMessage ? found.filter(Part::isMessage).map(p -> p.children().get(0)) : found;
        return part.isEmpty() ? Optional.empty() : Optional.of(of(part.get(), message));
    }

    private Extent of(Part part, ReadMessage message) throws IOException {
        return switch (what) {
            case ALL, TEXT -> slice(part.body(), part.end());
            case HEADER, MIME -> slice(part.start(), part.body());
            case FIELDS, FIELDS_NOT -> header(pick(message.header(part)));
        };
    }

    /** Numbers count the parts of a multipart; the body of what is none is its part 1. */
    Optional<Part> find(Part root) {
        Part at = root;
        for (int i = 0; i < path.size(); i++) {
            boolean message = i == 0 || at.isMessage();
            Part box = i > 0 && message ? at.children().get(0) : at;
            int number = path.get(i);
            if (box.isMultipart() && number <= box.children().size())
                at = box.children().get(number - 1);
            else if (!box.isMultipart() && message && number == 1) at = box;
            else return Optional.empty();
        }
        return Optional.of(at);
    }

    private Extent slice(long from, long to) {
        long begin = from + Math.min(to - from, origin.orElse(0L));
        return new Extent.Slice(begin, Math.min(count, to - begin));
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The fields wanted, and the empty line. */
    private String pick(List<HeaderField> header) {
        StringBuilder block = new StringBuilder();
        Set<String> names = fields.stream().map(Section::folded).collect(Collectors.toSet());
        for (HeaderField f : header) if (names.contains(folded(f.name())) == (what == What.FIELDS)) block.append(f);
        return block.append("\r\n").toString();
    }

    private Extent header(String block) {
        int begin = (int) Math.min(block.length(), origin.orElse(0L));
        int length = (int) Math.min(count, block.length() - begin);
        return new Extent.Text(block.substring(begin, begin + length));
    }
}
