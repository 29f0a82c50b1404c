package org.posthorn.deploy;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.mail.HeaderField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM remembers the types of the record whose {@code equals} it made last, and with them its class loader (JDK-8078641); of {@code hashCode} and {@code
 * toString} likewise. Here it gets others to remember.
 */
final class LastRecord {

    private static final Logger LOG = LoggerFactory.getLogger(LastRecord.class);

    private LastRecord() {}

    /** From now on it is one of the api, which nobody swaps. */
    static void forget() {
        try {
            make("equals", MethodType.methodType(boolean.class, HeaderField.class, Object.class));
            make("hashCode", MethodType.methodType(int.class, HeaderField.class));
            make("toString", MethodType.methodType(String.class, HeaderField.class));
        } catch (Throwable e) {
            LOG.debug("The JVM remembers the record that it made last", e);
        }
    }

    private static void make(String method, MethodType type) throws Throwable {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle name = lookup.findVirtual(HeaderField.class, "name", MethodType.methodType(String.class));
        ObjectMethods.bootstrap(lookup, method, type, HeaderField.class, "name", name);
    }

    /** What a version has given out is in use when it is gone, and may compare its records then for the first time. */
    static void forget(ScheduledExecutorService clock, Duration every) {
        clock.scheduleWithFixedDelay(LastRecord::forget, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }
}
