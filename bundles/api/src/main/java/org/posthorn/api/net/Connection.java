package org.posthorn.api.net;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** A client's connection, as its conversation has it. All methods may be called from any thread. */
@ProviderType
public interface Connection extends Input, Output, Layers {

    /** The client's address; where a proxy stands before the server, the one that it named. */
    InetSocketAddress client();

    /** The address the client reached. */
    InetSocketAddress local();

    Listener listener();

    /** Nothing coming for so long is {@link Farewell#IDLE}. Holds from now on. */
    void timeout(Duration quiet);

    /** Runs the task between two calls of the conversation, and never beside one: how news from other threads come in. */
    void run(Runnable task);

    /**
     * Takes no more lines until the stage ends, either way, then runs the task; no thread waits. How a conversation waits for a part that
     * is being replaced, or lets a client wait that guesses passwords. The last thing to do in a call.
     */
    void await(CompletionStage<?> stage, Runnable then);
}
