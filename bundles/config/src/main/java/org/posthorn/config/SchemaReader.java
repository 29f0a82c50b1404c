package org.posthorn.config;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.posthorn.api.config.SettingsCheck;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads what the build makes of annotations: metatype files, OSGi Compendium 105.8, and which components check settings. */
final class SchemaReader {

    private SchemaReader() {}

    /** The schemas that one file designates. @throws IOException when it is no metatype file */
    static List<Schema> read(InputStream xml) throws IOException {
        Element root = parse(xml);
        Map<String, Map<String, Setting>> classes = new HashMap<>();
        for (Element ocd : elements(root, "OCD")) classes.put(ocd.getAttribute("id"), settings(ocd));
        List<Schema> schemas = new ArrayList<>();
        for (Element designate : elements(root, "Designate")) {
            boolean factory = designate.hasAttribute("factoryPid");
            String pid = designate.getAttribute(factory ? "factoryPid" : "pid");
            for (Element object : elements(designate, "Object"))
                schemas.add(new Schema(
                        pid, factory, classes.getOrDefault(object.getAttribute("ocdref"), Map.of()), List.of()));
        }
        return schemas;
    }

    /** A class that checks the settings of a PID. */
    record Check(String pid, String implementation) {}

    /** The check that a component description (OSGi Compendium 112.4) speaks of, if it is one. @throws IOException when it is none */
    static Optional<Check> check(InputStream xml) throws IOException {
        Element component = parse(xml);
        boolean checks = elements(component, "service").stream()
                .flatMap(service -> elements(service, "provide").stream())
                .anyMatch(type -> type.getAttribute("interface").equals(SettingsCheck.class.getName()));
        Optional<String> pid = elements(component, "property").stream()
                .filter(property -> property.getAttribute("name").equals("pid"))
                .map(property -> property.getAttribute("value"))
                .findFirst();
        Optional<String> implementation = elements(component, "implementation").stream()
                .map(element -> element.getAttribute("class"))
                .findFirst();
        return checks && pid.isPresent() && implementation.isPresent()
                ? Optional.of(new Check(pid.get(), implementation.get()))
                : Optional.empty();
    }

    private static Element parse(InputStream xml) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(xml).getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("not such a file: " + e.getMessage(), e);
        }
    }

    private static Map<String, Setting> settings(Element ocd) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        for (Element ad : elements(ocd, "AD")) {
            List<String> options = elements(ad, "Option").stream()
                    .map(o -> o.getAttribute("value"))
                    .toList();
            String cardinality = ad.getAttribute("cardinality");
            boolean many = !cardinality.isEmpty() && !cardinality.equals("0");
            Setting setting = new Setting(
                    ad.getAttribute("id"),
                    ad.getAttribute("type"),
                    many,
                    attribute(ad, "min"),
                    attribute(ad, "max"),
                    options,
                    attribute(ad, "default"),
                    ad.getAttribute("description"));
            settings.put(setting.key(), setting);
        }
        return settings;
    }

    private static Optional<String> attribute(Element element, String name) {
        return element.hasAttribute(name) ? Optional.of(element.getAttribute(name)) : Optional.empty();
    }

    private static List<Element> elements(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList children = parent.getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            Node child = children.item(i);
            boolean wanted =
                    child.getNodeName().equals(name) || child.getNodeName().endsWith(":" + name);
            if (child instanceof Element element && wanted) found.add(element);
        }
        return found;
    }
}
