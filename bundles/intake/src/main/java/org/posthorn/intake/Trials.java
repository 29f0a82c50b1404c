package org.posthorn.intake;

import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.intake.ChainTrial;
import org.posthorn.api.intake.ChainTrials;

/** Tries chains of the filters that the way in has. */
@Component
public final class Trials implements ChainTrials {

    private final Intake intake;

    /** Of that way in. */
    @Activate
    public Trials(@Reference Intake intake) {
        this.intake = intake;
    }

    @Override
    public List<String> chain() {
        return intake.settings().filters();
    }

    @Override
    public List<String> with(String filter, List<String> chain) {
        return Promotions.with(filter, chain);
    }

    @Override
    public ChainTrial begin(List<String> chain) {
        Filters filters = intake.parts().filters();
        List<String> missing =
                chain.stream().filter(name -> !filters.there(name)).toList();
        if (!missing.isEmpty())
            throw new IllegalArgumentException("there is no filter " + String.join(", ", missing) + "; there are "
                    + String.join(
                            ", ",
                            Stream.concat(filters.names().stream(), filters.aside().stream())
                                    .toList()));
        return new Trial(chain, intake.parts(), intake.settings(), intake.clock());
    }
}
