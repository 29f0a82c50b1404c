package org.posthorn.api.lease;

/** A service in use, until this is closed. Closing twice is once. */
public interface Lease<T> extends AutoCloseable {

    T get();

    @Override
    void close();
}
