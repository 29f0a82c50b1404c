package org.posthorn.net;

import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.net.ServerKeys;

/** The door's certificate, for the doors beside it. */
@Component(service = ServerKeys.class)
public final class SharedKeys implements ServerKeys {

    private final Door door;

    @Activate
    public SharedKeys(@Reference Door door) {
        this.door = door;
    }

    @Override
    public Optional<Pair> pair() {
        return door.keys().pair();
    }
}
