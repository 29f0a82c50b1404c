package org.posthorn.imap.command;

import java.util.List;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.mime.Needle;

/**
 * What is searched for.
 *
 * @param text the keys as they came
 * @param key which messages are found
 * @param words what is looked for in the text of messages
 * @param fixed what sequence numbers and the dollar sign in the keys stand for, one after the other: the messages that had them when the command came
 * @param modSeq whether a key asked for mod-sequences
 * @param numbers whether a key spoke of sequence numbers
 * @param timed whether what is found changes with the time alone
 */
record SearchProgram(
        String text,
        SearchKey.And key,
        List<Needle> words,
        List<UidSet> fixed,
        boolean modSeq,
        boolean numbers,
        boolean timed) {}
