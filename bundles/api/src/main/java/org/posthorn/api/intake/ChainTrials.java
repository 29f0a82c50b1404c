package org.posthorn.api.intake;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Tries chains of filters without any effect on mail. Safe for several threads. */
@ProviderType
public interface ChainTrials {

    /** The filters that judge mail, by name, in their order. */
    List<String> chain();

    /** That chain with a filter in the place of another version of it, or, where it has none, behind all. */
    List<String> with(String filter, List<String> chain);

    /** Begins to try a chain. @throws IllegalArgumentException naming filters that are not there, and those that are */
    ChainTrial begin(List<String> chain);
}
