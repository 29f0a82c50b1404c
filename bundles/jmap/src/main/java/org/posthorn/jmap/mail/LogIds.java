package org.posthorn.jmap.mail;

/** The ids of objects that an ObjectLog keeps: a letter and its number there. */
record LogIds(String letter) {

    String of(long number) {
        return letter + number;
    }

    /** The number of an id; below 0 of what is none: each has one id, without zeros in front. */
    long number(String id) {
        return id.matches(letter + "(0|[1-9][0-9]{0,17})") ? Long.parseLong(id.substring(letter.length())) : -1;
    }
}
