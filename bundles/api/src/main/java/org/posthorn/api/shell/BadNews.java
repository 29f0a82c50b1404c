package org.posthorn.api.shell;

/**
 * What a command may return when its answer is that something is wrong: the value is shown as if it were returned alone, and the exit code is 1.
 *
 * @param summary one line behind it
 */
public record BadNews(Object value, String summary) {}
