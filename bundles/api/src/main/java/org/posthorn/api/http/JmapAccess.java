package org.posthorn.api.http;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Where the same mail is had by JMAP, for those who tell others, RFC 9698. Safe for several threads. */
@ProviderType
public interface JmapAccess {

    /** The URL of the session resource, RFC 8620 2.2; empty when the settings name no public URL. */
    Optional<String> session();
}
