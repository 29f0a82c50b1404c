package org.posthorn.jmap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** JSON as RFC 8620 1.5 has it: I-JSON, RFC 7493, and nothing that only some would read. Bounded in depth and in what it becomes in memory. */
public final class Json {

    /** Makes what answers are made of. */
    public static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final int DEEPEST = 100;
    private static final int VALUE_OCTETS = 40;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(1 << 16)
                    .build())
            .build();

    static final ObjectMapper MAPPER = new ObjectMapper(FACTORY);

    private final JsonParser in;
    private int left;

    private Json(JsonParser in, int most) {
        this.in = in;
        this.left = most;
    }

    /** It would become too much in memory, or stands too deep in itself. */
    static final class TooMuch extends IOException {
        private static final long serialVersionUID = 1;
    }

    /**
     * Reads one text.
     *
     * @param most so many values it may have, each of them some dozen octets in memory however short it is written
     * @throws TooMuch when it has more, or more than 100 levels
     * @throws IOException when it is no I-JSON: not UTF-8, a name twice, half a surrogate pair or what Unicode calls a noncharacter, a number beyond all doubles
     */
    public static JsonNode read(byte[] octets, int from, int length, int most) throws IOException {
        // Jackson's own reading of UTF-8 lets through surrogates that are encoded one by one.
        Reader text = new InputStreamReader(
                new ByteArrayInputStream(octets, from, length),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        try (JsonParser parser = FACTORY.createParser(text)) {
            Json json = new Json(parser, most);
            JsonNode whole = json.value(parser.nextToken());
            if (parser.nextToken() != null) throw new IOException("there is more behind the text");
            return whole;
        } catch (StreamConstraintsException tooDeepOrLong) {
            throw new TooMuch();
        }
    }

    static JsonNode read(byte[] octets, int most) throws IOException {
        return read(octets, 0, octets.length, most);
    }

    /** The text, which can be read again. */
    public static byte[] octets(JsonNode json) throws IOException {
        return MAPPER.writeValueAsBytes(json);
    }

    /** Octets in memory, about. */
    static long weight(JsonNode json) {
        long weight = VALUE_OCTETS;
        if (json.isTextual()) weight += json.textValue().length();
        if (!json.isObject()) {
            for (JsonNode item : json) weight += weight(item);
            return weight;
        }
        for (Map.Entry<String, JsonNode> member : json.properties())
            weight += VALUE_OCTETS + member.getKey().length() + weight(member.getValue());
        return weight;
    }

    private JsonNode value(JsonToken token) throws IOException {
        if (token == null) throw new IOException("there is no value");
        if (--left < 0) throw new TooMuch();
        return switch (token) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> NODES.textNode(whole(in.getText()));
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(finite(in.getDoubleValue()));
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new IOException("unexpected " + token);
        };
    }

    private ObjectNode object() throws IOException {
        ObjectNode object = NODES.objectNode();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = whole(in.currentName());
            object.set(name, value(in.nextToken()));
        }
        return object;
    }

    private ArrayNode array() throws IOException {
        ArrayNode array = NODES.arrayNode();
        JsonToken next;
        while ((next = in.nextToken()) != JsonToken.END_ARRAY) array.add(value(next));
        return array;
    }

    /** What a double cannot tell from its neighbours is a double: nobody may expect more of it, RFC 7493 2.2. */
    private JsonNode integer() throws IOException {
        return switch (in.getNumberType()) {
            case INT -> NODES.numberNode(in.getIntValue());
            case LONG -> NODES.numberNode(in.getLongValue());
            default -> NODES.numberNode(finite(in.getDoubleValue()));
        };
    }

    private static double finite(double number) throws IOException {
        if (Double.isInfinite(number) || Double.isNaN(number)) throw new IOException("a number is out of range");
        return number;
    }

    private static String whole(String text) throws IOException {
        if (!sound(text)) throw new IOException("half a surrogate pair, or a noncharacter");
        return text;
    }

    /** Whether a text has nothing that I-JSON may not have, RFC 7493 2.1. */
    private static boolean sound(String text) {
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (!sound(c)) return false;
        }
        return true;
    }

    /** Whether a code point is no half of a surrogate pair, and no noncharacter. */
    public static boolean sound(int c) {
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !surrogate && (c & 0xFFFE) != 0xFFFE && (c < 0xFDD0 || c > 0xFDEF);
    }
}
