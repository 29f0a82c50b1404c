package org.posthorn.testkit.disk;

import java.util.Random;

/** What becomes of that which was not forced when the power failed. Asked once a question, in the order of the operations. */
public interface Survival {

    /** Whether a change of names, size or time got to the disk. */
    boolean change();

    /** Whether a sector of what was written got there. */
    boolean sector();

    /** All that was done is there: the process died, not the machine. */
    Survival ALL = new Constant(true);

    /** Nothing but what was forced. */
    Survival NOTHING = new Constant(false);

    /** Always the same. */
    record Constant(boolean sector) implements Survival {
        @Override
        public boolean change() {
            return sector;
        }
    }

    /** Drawn by lot: a share of all that differs from seed to seed. */
    static Survival drawn(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        double changes = random.nextDouble();
        double sectors = random.nextDouble();
        return new Survival() {
            @Override
            public boolean change() {
                return random.nextDouble() < changes;
            }

            @Override
            public boolean sector() {
                return random.nextDouble() < sectors;
            }

            @Override
            public String toString() {
                return "drawn with seed " + seed;
            }
        };
    }
}
