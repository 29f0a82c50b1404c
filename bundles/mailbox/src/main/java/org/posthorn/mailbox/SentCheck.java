package org.posthorn.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** Looks whether it is told of domains and accounts alone, and in words that are understood, whose sent mail is kept. */
@Component(property = "pid=org.posthorn.mailbox")
public final class SentCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        for (String override : settings.get("sentCopies") instanceof String[] all ? all : new String[0]) {
            try {
                Choice.of(true, new String[] {override}, SentCheck::yesOrNo);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("sentCopies", override, "DOMAIN=true, ADDRESS=true, or the same with false"));
            }
        }
        return problems;
    }

    /** @throws IllegalArgumentException for anything but {@code true} and {@code false} */
    static boolean yesOrNo(String word) {
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(word + ": expected true or false");
        };
    }
}
