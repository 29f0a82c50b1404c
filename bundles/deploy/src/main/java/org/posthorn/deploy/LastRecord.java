package org.posthorn.deploy;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import org.posthorn.api.mail.HeaderField;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The JVM remembers the types of the record whose {@code equals} it made last, and with them its class loader (JDK-8078641). Here it gets others to remember. */
final class LastRecord {

    private static final Logger LOG = LoggerFactory.getLogger(LastRecord.class);

    private LastRecord() {}

    /** From now on it is one of the api, which nobody swaps. */
    static void forget() {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        MethodType equals = MethodType.methodType(boolean.class, HeaderField.class, Object.class);
        try {
            MethodHandle name = lookup.findVirtual(HeaderField.class, "name", MethodType.methodType(String.class));
            ObjectMethods.bootstrap(lookup, "equals", equals, HeaderField.class, "name", name);
        } catch (Throwable e) {
            LOG.debug("The JVM remembers the record that it made last", e);
        }
    }
}
