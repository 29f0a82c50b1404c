package org.posthorn.autoconfig;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The body of a request for autodiscovery in plain old XML, MS-OXDSCLI 2.2.3. Elements are known by their names without namespaces, as clients differ in them.
 *
 * @param address as it was sent; empty where there is none
 * @param schema of the answer that the client understands; empty where it says nothing of it
 */
record AutodiscoverRequest(String address, String schema) {

    /** Octets that are read at most. */
    static final int LONGEST = 16 << 10;

    private static final int DEEPEST = 16;

    /** Empty when it is no such request: not XML, or with a document type, or deeper than any is. */
    static Optional<AutodiscoverRequest> parse(byte[] body) {
        try {
            return Optional.of(read(factory().createXMLStreamReader(new ByteArrayInputStream(body))));
        } catch (XMLStreamException e) {
            return Optional.empty();
        }
    }

    /** One each time: it is asked for seldom, and not every one may be used by two threads. */
    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("nothing is fetched");
        });
        return factory;
    }

    private static AutodiscoverRequest read(XMLStreamReader xml) throws XMLStreamException {
        Deque<String> path = new ArrayDeque<>();
        Map<String, StringBuilder> texts = new HashMap<>();
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (path.size() == DEEPEST) throw new XMLStreamException("too deep");
                    path.addLast(xml.getLocalName());
                }
                case XMLStreamConstants.END_ELEMENT -> path.removeLast();
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
                    texts.computeIfAbsent(String.join("/", path), p -> new StringBuilder())
                            .append(xml.getText());
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new XMLStreamException("no document types");
                default -> {
                    // Comments and the like.
                }
            }
        }
        return new AutodiscoverRequest(
                text(texts, "Autodiscover/Request/EMailAddress"),
                text(texts, "Autodiscover/Request/AcceptableResponseSchema"));
    }

    private static String text(Map<String, StringBuilder> texts, String path) {
        return texts.getOrDefault(path, new StringBuilder()).toString().strip();
    }
}
