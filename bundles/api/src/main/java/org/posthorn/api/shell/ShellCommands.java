package org.posthorn.api.shell;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Commands that a bundle gives to people and scripts. Registered as a service; the shell does the rest: help, completion, tables, JSON. */
@ConsumerType
public interface ShellCommands {

    /** The noun before the colon: {@code queue}. Several services may share one. */
    String scope();

    List<ShellCommand> commands();
}
