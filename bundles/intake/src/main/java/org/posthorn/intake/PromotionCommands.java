package org.posthorn.intake;

import java.io.IOException;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** Has filters in the shadow count, and count no more. */
@Component
public final class PromotionCommands implements ShellCommands {

    private final Intake intake;

    /** Of that way in. */
    @Activate
    public PromotionCommands(@Reference Intake intake) {
        this.intake = intake;
    }

    @Override
    public String scope() {
        return "filter";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand(
                        "promote",
                        "NAME [--share PERCENT]",
                        "Has a filter of the shadow count for a share of the mail, 1% if none is given.",
                        this::promote),
                new ShellCommand("demote", "NAME", "Makes a promoted filter a mere shadow again.", this::demote));
    }

    private Object promote(CommandLine line) throws IOException {
        String name = shadow(line);
        if (!intake.parts().filters().there(name))
            throw new IllegalArgumentException("the filter " + name + " is not there; there are "
                    + String.join(", ", intake.parts().filters().versions()));
        Promotion promotion =
                new Promotion(name, Promotion.share(line.option("share").orElse("1%")), "");
        intake.promotions().promote(name, promotion.share());
        String said = name + " counts for " + promotion.percent() + " of the mail from the next mail on; it falls back"
                + " to the shadow by itself when it fails " + intake.settings().shadowFailures()
                + " times within an hour";
        return promotion.share() < Promotion.ALL
                ? said
                : said + ". To make it permanent, write it into filters in org.posthorn.intake.cfg (" + permanent(name)
                        + ") and take it out of shadow";
    }

    /** The line of the settings that does without the promotion. */
    private String permanent(String name) {
        return "filters = "
                + String.join(", ", Promotions.with(name, intake.settings().filters()));
    }

    private Object demote(CommandLine line) throws IOException {
        String name = shadow(line);
        return intake.promotions().demote(name)
                ? name + " is a shadow again from the next mail on"
                : name + " is a mere shadow";
    }

    private String shadow(CommandLine line) {
        String name = line.word(0, "the filter's NAME");
        List<String> shadow = intake.settings().shadow();
        if (!shadow.contains(name))
            throw new IllegalArgumentException(name + " is not in the shadow"
                    + (shadow.isEmpty()
                            ? "; name it behind shadow in org.posthorn.intake.cfg first"
                            : "; there are " + String.join(", ", shadow)));
        return name;
    }
}
