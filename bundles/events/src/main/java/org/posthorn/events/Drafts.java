package org.posthorn.events;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.MailId;

/** Stories in memory: those that are not yet written, and those that were a moment ago, since more may come. Bounded. For one thread. */
final class Drafts {

    /** A story that goes on is written once a second: what a crash loses is no more than that. */
    private static final long LONGEST_NANOS = 1_000_000_000L;

    private static final long KEPT_NANOS = 10_000_000_000L;

    private static final class Draft {
        final Story story;
        /** 0 when all is written. */
        long dirtySince;

        long touched;

        Draft(Story story) {
            this.story = story;
        }
    }

    /** The one that was touched longest ago first. */
    private final Map<MailId, Draft> drafts = new LinkedHashMap<>(64, 0.75f, true);

    private final long most;
    private long length;
    private int dirty;

    /** @param most characters in all */
    Drafts(long most) {
        this.most = most;
    }

    /** @return the story, with the event at its end */
    Story add(MailEvent event, long now) {
        Draft draft = drafts.computeIfAbsent(event.mail(), id -> new Draft(new Story(id)));
        length -= draft.story.length();
        draft.story.add(event);
        length += draft.story.length();
        draft.touched = now;
        if (draft.dirtySince == 0) {
            draft.dirtySince = now;
            dirty++;
        }
        return draft.story;
    }

    /** Takes the place of what is here of that story, all of which is written. */
    void put(Story story, long now) {
        Draft draft = new Draft(story);
        draft.touched = now;
        draft.dirtySince = now;
        Draft before = drafts.put(story.id(), draft);
        if (before != null) length -= before.story.length();
        length += story.length();
        if (before == null || before.dirtySince == 0) dirty++;
    }

    boolean dirty() {
        return dirty > 0;
    }

    /** What is to be written now: stories that rest since then, or that have not been written for long. */
    List<Story> due(long restingSince, long now, int atMost) {
        List<Story> due = new ArrayList<>();
        if (dirty == 0) return due;
        for (Draft draft : drafts.values()) {
            boolean now2 = draft.touched - restingSince < 0 || now - draft.dirtySince > LONGEST_NANOS;
            if (draft.dirtySince != 0 && now2) due.add(draft.story);
            if (due.size() == atMost) break;
        }
        return due;
    }

    /** These are written. */
    void written(List<Story> stories) {
        for (Story story : stories) {
            Draft draft = drafts.get(story.id());
            if (draft == null || draft.dirtySince == 0) continue;
            draft.dirtySince = 0;
            dirty--;
        }
    }

    /** Lets go what is written and rests, and of the rest the oldest, where there is too much. @return how many were lost by that */
    int tidy(long now) {
        int lost = 0;
        Iterator<Draft> all = drafts.values().iterator();
        while (all.hasNext()) {
            Draft draft = all.next();
            boolean old = draft.dirtySince == 0 && now - draft.touched > KEPT_NANOS;
            if (!old && length <= most) return lost;
            all.remove();
            length -= draft.story.length();
            if (draft.dirtySince == 0) continue;
            dirty--;
            lost++;
        }
        return lost;
    }

    /** Those that have one of the keys. */
    List<Story> find(Set<Long> keys) {
        return drafts.values().stream()
                .map(d -> d.story)
                .filter(s -> s.has(keys))
                .toList();
    }

    /** Empty when it is not here. */
    List<Story> find(MailId id) {
        Draft draft = drafts.get(id);
        return draft == null ? List.of() : List.of(draft.story);
    }
}
