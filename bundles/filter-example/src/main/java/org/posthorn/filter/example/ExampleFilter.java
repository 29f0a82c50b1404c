package org.posthorn.filter.example;

import java.io.IOException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Mail;

/** Refuses mail with a certain word in its subject. */
@Component(property = "name=example", configurationPid = "org.posthorn.filter.example")
@Designate(ocd = ExampleFilter.Config.class)
public final class ExampleFilter implements MailFilter {

    @ObjectClassDefinition(name = "Example filter")
    public @interface Config {
        @AttributeDefinition(description = "Mail with this word in its subject is refused")
        String word() default "lottery";
    }

    private volatile String word;

    @Activate
    @Modified
    void settings(Config config) {
        word = config.word().toLowerCase();
    }

    @Override
    public Verdict message(Mail mail) throws IOException {
        boolean found = mail.message().header().stream()
                .anyMatch(f -> f.is("Subject") && f.unfolded().toLowerCase().contains(word));
        return found ? Verdict.refuse("Nobody here wants to read about " + word) : Verdict.PASS;
    }
}
