package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StashTest {

    /** In memory, at its limit, and in a file. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 65536, 65537, 300_000})
    void octets_come_back_and_no_file_has_a_name(int size, @TempDir Path folder) throws IOException {
        byte[] octets = new byte[size];
        new Random(size).nextBytes(octets);
        try (Stash stash = new Stash(folder, "test-")) {
            for (int from = 0; from < size; from += 7001) stash.write(octets, from, Math.min(7001, size - from));
            assertThat(stash.size()).isEqualTo(size);
            Octets middle = stash.octets(size / 3, size);
            byte[] expected = Arrays.copyOfRange(octets, size / 3, size);
            assertThat(middle.size()).isEqualTo(expected.length);
            assertThat(middle.open().readAllBytes()).isEqualTo(expected);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (long n, at = 0; (n = middle.transferTo(at, 5000, Channels.newChannel(out))) > 0; ) at += n;
            assertThat(out.toByteArray()).isEqualTo(expected);
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files).isEmpty();
            }
        }
    }
}
