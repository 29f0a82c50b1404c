package org.posthorn.config;

import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.start.StartProblem;
import org.posthorn.api.start.StartReport;

/** A server does not start on settings that are wrong: nobody would know which part of them counts. */
@Component
public final class ConfigReport implements StartReport {

    private final ConfigFolder folder;

    @Activate
    public ConfigReport(@Reference ConfigFolder folder) {
        this.folder = folder;
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public List<StartProblem> problems() {
        return folder.faults().stream()
                .map(f -> new StartProblem(StartProblem.Cause.CONFIG, f.toString()))
                .toList();
    }
}
