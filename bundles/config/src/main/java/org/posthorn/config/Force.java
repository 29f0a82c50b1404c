package org.posthorn.config;

import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Set;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settings in force: the framework's configuration admin. */
class Force {

    private static final Logger LOG = LoggerFactory.getLogger(Force.class);
    /** A leading dot keeps a property from being shown as a service property. */
    private static final String FILE = ".posthorn.file";

    private final ConfigurationAdmin admin;

    Force(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    /** Brings a file into force. */
    void put(Checked checked) {
        ConfigFile file = checked.file();
        Dictionary<String, Object> values = new Hashtable<>(checked.values());
        values.put(FILE, file.name());
        try {
            Configuration configuration = file.instance().isPresent()
                    ? admin.getFactoryConfiguration(file.pid(), file.instance().get(), "?")
                    : admin.getConfiguration(file.pid(), "?");
            boolean first = configuration.getProperties() == null;
            boolean changed = configuration.updateIfDifferent(values);
            if (changed && !first) LOG.info("{} has changed and is in force", file.name());
        } catch (IOException e) {
            LOG.error("{} cannot be brought into force; the last good settings stay: {}", file.name(), e.getMessage());
        }
    }

    /** Takes out of force what came from files that are not there any more. */
    void keepOnly(Set<String> files) {
        try {
            Configuration[] all = admin.listConfigurations("(" + FILE + "=*)");
            for (Configuration configuration : all == null ? new Configuration[0] : all) {
                String file = String.valueOf(configuration.getProperties().get(FILE));
                if (!files.contains(file)) {
                    configuration.delete();
                    LOG.info("{} is gone; what it set has its defaults again", file);
                }
            }
        } catch (IOException | InvalidSyntaxException e) {
            LOG.error("Settings of files that are gone stay in force: {}", e.getMessage());
        }
    }
}
