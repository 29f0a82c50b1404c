package org.posthorn.api.net;

/**
 * What a listener's file says, as far as protocols care.
 *
 * @param name the file's: {@code submission} of {@code org.posthorn.net.listener-submission.cfg}
 * @param protocol the name of the {@link Protocol}
 * @param startTls whether STARTTLS may be offered: TLS is set up and not implicit
 * @param clearLogin whether passwords may come without TLS
 */
public record Listener(String name, String protocol, boolean startTls, boolean clearLogin) {}
