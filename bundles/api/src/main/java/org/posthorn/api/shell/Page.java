package org.posthorn.api.shell;

/**
 * What a command may return when its answer has one form for people and one for programs.
 *
 * @param text lines for people; the shell takes out what could steer a terminal
 * @param value what becomes JSON: records, maps, collections, numbers, booleans; the rest as strings
 */
public record Page(String text, Object value) {}
