package org.posthorn.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClassNamesTest {

    private static byte[] file(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    private static Set<String> in(byte[] file) throws IOException {
        return ClassNames.in(new ByteArrayInputStream(file));
    }

    /** With each kind of constant that javac writes. */
    @SuppressWarnings("unused")
    private static final class Sample {
        final long number = 1L << 40;
        final double half = 0.5e100;
        final Runnable lambda = () -> System.out.println(number + " of " + half);

        Object arrays() {
            return new Object[] {new Thread[2][2], new int[3][3], lambda};
        }
    }

    @Test
    void it_names_itself_what_it_calls_and_the_elements_of_arrays() throws IOException {
        assertThat(in(file(Sample.class)))
                .contains(Sample.class.getName(), "java.lang.System", "java.lang.Thread")
                .noneMatch(name -> name.startsWith("[") || name.contains("/") || name.contains(";"));
    }

    @Test
    void what_is_none_or_cut_off_in_its_pool_is_told() throws IOException {
        byte[] whole = file(Sample.class);
        assertThatThrownBy(() -> in(new byte[100])).hasMessage("it is no class file");
        assertThatThrownBy(() -> in(Arrays.copyOf(whole, 40))).isInstanceOf(IOException.class);
    }

    @Test
    void damaged_ones_are_read_or_refused() throws IOException {
        Random random = new Random(1);
        byte[] whole = file(Sample.class);
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = whole.clone();
            for (int n = 0; n < 5; n++) damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                in(damaged);
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(250, 4_999);
    }
}
