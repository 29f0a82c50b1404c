package org.posthorn.events;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.events.MailStories;
import org.posthorn.api.events.SentTo;
import org.posthorn.api.events.StoryStep;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;

/** Stories for those whom mail was delivered to, and for those who sent it. */
@Component(service = MailStories.class)
public final class OwnStories implements MailStories {

    private final Chronicle chronicle;

    @Activate
    public OwnStories(@Reference Chronicle chronicle) {
        this.chronicle = chronicle;
    }

    @Override
    public Optional<List<StoryStep>> delivered(Address account, MailId mail) throws IOException {
        return told(mail, story -> OwnStory.of(story, account));
    }

    @Override
    public Optional<List<SentTo>> sent(Address account, MailId mail) throws IOException {
        return told(mail, story -> SentStory.of(story, account));
    }

    private <T> Optional<T> told(MailId mail, Function<Told, Optional<T>> how) throws IOException {
        Lookup.Found found = find(mail);
        Optional<T> told = found.stories().stream().findFirst().flatMap(how);
        if (told.isEmpty() && !found.away().isEmpty())
            throw new IOException("the database cannot be asked: " + found.away());
        return told;
    }

    private Lookup.Found find(MailId mail) throws IOException {
        try {
            return chronicle.find(mail.text(), 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the story of " + mail + " was looked for");
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
