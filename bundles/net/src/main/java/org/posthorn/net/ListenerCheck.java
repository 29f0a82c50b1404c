package org.posthorn.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** Addresses are addresses. */
@Component(property = "pid=org.posthorn.net.listener")
public final class ListenerCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        for (String address : settings.get("address") instanceof String[] all ? all : new String[0]) {
            try {
                SocketListener.address(address);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("address", address, "IPv4 and IPv6 addresses, or *"));
            }
        }
        return problems;
    }
}
