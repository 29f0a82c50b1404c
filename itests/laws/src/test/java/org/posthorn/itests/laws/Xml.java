package org.posthorn.itests.laws;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** XML files as elements. */
final class Xml {

    private Xml() {}

    static Element read(Path file) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement();
        } catch (Exception e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }

    /** The children of that name, whatever their namespace. */
    static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            Node node = nodes.item(i);
            if (node instanceof Element e
                    && (e.getNodeName().equals(name) || e.getNodeName().endsWith(":" + name))) found.add(e);
        }
        return found;
    }

    /** The text of the first child of that name; empty when there is none. */
    static String text(Element parent, String name) {
        return children(parent, name).stream()
                .findFirst()
                .map(e -> e.getTextContent().strip())
                .orElse("");
    }
}
