package org.posthorn.api.events;

import java.time.Instant;

/**
 * One step of a mail's story, for the eyes of one whom it was delivered to. Neither text has control characters.
 *
 * @param what happened, in one word: {@code begun}, {@code judged}, {@code answered}, {@code content}, {@code accepted}, {@code routed}, {@code attempted},
 *     {@code waiting}, {@code handled}, {@code shelved}, {@code report}, or {@code leftOut} for steps that are not kept; more may come
 * @param by who did it: {@code client}, {@code server}, {@code administrator}, or {@code filter} and its name
 * @param words a sentence in English
 */
public record StoryStep(Instant when, String what, String by, String words) {}
