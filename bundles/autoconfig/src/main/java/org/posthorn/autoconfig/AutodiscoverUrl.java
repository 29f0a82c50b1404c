package org.posthorn.autoconfig;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.http.WebRequest;

/** The second version of autodiscovery, which newer Outlooks ask first: where the first one is. Whom they ask for stands in the path or in {@code Email}, and does not matter. */
record AutodiscoverUrl(Offers offers) implements Resource {

    private static final String FIRST = "AutodiscoverV1";

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public Answer answer(HttpServletRequest request) {
        boolean first = FIRST.equalsIgnoreCase(request.getParameter("Protocol"));
        return first ? Answer.of(Answer.JSON, url(request)) : otherProtocol();
    }

    /** Both are origins, with nothing in them that JSON would have to escape. */
    private String url(HttpServletRequest request) {
        String base = offers.website().map(Object::toString).orElseGet(() -> Optional.ofNullable(
                        request.getAttribute(WebRequest.BASE))
                .orElse("")
                .toString());
        return "{\"Protocol\":\"" + FIRST + "\",\"Url\":\"" + base + "/autodiscover/autodiscover.xml\"}";
    }

    private static Answer otherProtocol() {
        String why = "{\"ErrorCode\":\"InvalidProtocol\",\"ErrorMessage\":\"There is " + FIRST + " alone\"}";
        return new Answer(400, Answer.JSON, why, Map.of());
    }
}
