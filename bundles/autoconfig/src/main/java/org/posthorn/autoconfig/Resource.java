package org.posthorn.autoconfig;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Something that is asked for by a path. */
interface Resource {

    /** What is done with it, {@code GET} or {@code POST}. */
    String method();

    /**
     * @throws Unavailable when it cannot be told now whose domain it is
     * @throws IOException when the request does not come to its end
     */
    Answer answer(HttpServletRequest request) throws IOException;
}
