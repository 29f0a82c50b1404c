package org.posthorn.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;

/** A walk of a test, which writes down what it is told: a line each. A mend that fails fails the test. */
public final class TestInspection implements Inspection {

    private interface Deed {
        void about(Mend mend) throws IOException;
    }

    private final List<String> lines = new ArrayList<>();
    private final Deed deed;

    private TestInspection(Deed deed) {
        this.deed = deed;
    }

    /** One that changes nothing. */
    public static TestInspection looking() {
        return new TestInspection(mend -> {});
    }

    /** One that mends. */
    public static TestInspection mending() {
        return new TestInspection(Mend::run);
    }

    /** What was told: where, what, what is done about it. */
    public List<String> lines() {
        return lines;
    }

    @Override
    public Optional<Address> account() {
        return Optional.empty();
    }

    @Override
    public void found(Damage damage, Mend mend) {
        try {
            deed.about(mend);
        } catch (IOException e) {
            throw new AssertionError(damage + " cannot be mended", e);
        }
        found(damage);
    }

    @Override
    public void found(Damage damage) {
        lines.add(damage.where() + ": " + damage.what() + "; " + damage.mending());
    }

    @Override
    public void at(String place) {
        if (place.isBlank()) throw new AssertionError("a place without a name");
    }
}
