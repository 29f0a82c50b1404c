package org.posthorn.queue.memory;

import java.util.Optional;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.testkit.QueueStoreContract;

class MemoryQueueStoreTest extends QueueStoreContract {

    @Override
    protected QueueStore open() {
        return new MemoryQueueStore();
    }

    @Override
    protected Optional<QueueStore> reopen() {
        return Optional.empty();
    }
}
