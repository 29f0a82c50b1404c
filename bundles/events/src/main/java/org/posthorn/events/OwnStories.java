package org.posthorn.events;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.events.MailStories;
import org.posthorn.api.events.StoryStep;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;

/** Stories for those whom mail was delivered to. */
@Component(service = MailStories.class)
public final class OwnStories implements MailStories {

    private final Chronicle chronicle;

    @Activate
    public OwnStories(@Reference Chronicle chronicle) {
        this.chronicle = chronicle;
    }

    @Override
    public Optional<List<StoryStep>> delivered(Address account, MailId mail) throws IOException {
        Lookup.Found found = find(mail);
        Optional<List<StoryStep>> own =
                found.stories().stream().findFirst().flatMap(story -> OwnStory.of(story, account));
        if (own.isEmpty() && !found.away().isEmpty())
            throw new IOException("the database cannot be asked: " + found.away());
        return own;
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
