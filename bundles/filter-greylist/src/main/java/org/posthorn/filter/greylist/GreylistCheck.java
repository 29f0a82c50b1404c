package org.posthorn.filter.greylist;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;
import org.posthorn.api.net.Network;

/** Checks networks. */
@Component(property = "pid=" + GreylistFilter.PID)
public final class GreylistCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        if (!(settings.get("exempt") instanceof String[] networks)) return problems;
        for (String network : networks) {
            try {
                Network.parse(network);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("exempt", network, "a network as 192.168.0.0/16 or fc00::/7"));
            }
        }
        return problems;
    }
}
