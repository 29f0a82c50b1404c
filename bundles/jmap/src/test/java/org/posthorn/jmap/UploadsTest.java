package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;

/** RFC 8620 6.1. */
class UploadsTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    @TempDir
    Path folder;

    private Uploads uploads;

    @BeforeEach
    void begin() {
        uploads = new Uploads(folder, () -> Talk.LIMITS, new SecureRandom(), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private String store(int size, int minutesAgo) throws IOException {
        String id = uploads.store(Talk.DEMO, new ByteArrayInputStream(new byte[size]))
                .id();
        Files.setLastModifiedTime(file(id), FileTime.from(NOW.minusSeconds(60L * minutesAgo)));
        return id;
    }

    private Path file(String id) {
        return folder.resolve("jmap/uploads").resolve(Talk.ACCOUNT).resolve(id);
    }

    private List<String> there() throws IOException {
        try (Stream<Path> files = Files.list(file("x").getParent())) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void an_upload_is_his_alone_who_made_it() throws IOException {
        String id = store(10, 0);
        assertThat(found(Talk.DEMO, id).orElseThrow().size()).hasValue(10);
        assertThat(found(Address.of("other@example.org"), id)).isEmpty();
        assertThat(found(Talk.DEMO, "../" + Talk.ACCOUNT + "/" + id)).isEmpty();
    }

    private Optional<Blob> found(Address user, String id) throws IOException {
        try (Context context = new Context(user, new Talk(folder).services(), new HashMap<>())) {
            return uploads.find(context, Talk.DEMO, id);
        }
    }

    @Test
    void the_oldest_make_room_when_their_hour_is_over() throws IOException {
        String old = store(1000, 90);
        String older = store(1000, 100);
        String next = store(1000, 0);
        assertThat(there()).containsExactlyInAnyOrder(old, next).doesNotContain(older);
        store(500, 0);
        assertThat(there()).hasSize(3);
    }

    @Test
    void within_their_hour_none_makes_room() throws IOException {
        store(1000, 10);
        store(1000, 10);
        assertThatThrownBy(() -> store(1000, 0)).isInstanceOf(Uploads.Full.class);
        assertThat(there()).hasSize(2);
    }

    @Test
    void none_goes_for_one_that_is_refused_all_the_same() throws IOException {
        store(100, 90);
        store(1000, 10);
        store(1000, 10);
        assertThatThrownBy(() -> store(1000, 0)).isInstanceOf(Uploads.Full.class);
        assertThat(there()).hasSize(3);
    }

    @Test
    void what_lies_among_the_accounts_keeps_none_from_being_swept() throws IOException {
        store(1, 121);
        for (String name : new String[] {"0", "a", "z"})
            Files.createFile(folder.resolve("jmap/uploads").resolve(name));
        uploads.sweep();
        assertThat(there()).isEmpty();
    }

    @Test
    void one_that_is_too_long_or_breaks_off_leaves_nothing() throws IOException {
        store(1, 0);
        assertThatThrownBy(() -> store(1001, 0)).isInstanceOf(Uploads.TooLarge.class);
        InputStream breaks = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }
        };
        assertThatThrownBy(() -> uploads.store(Talk.DEMO, breaks)).hasMessage("gone");
        assertThat(there()).hasSize(1);
    }

    @Test
    void those_whose_time_is_over_are_swept() throws IOException {
        uploads.sweep();
        store(1, 121);
        String kept = store(1, 119);
        Files.createFile(file("U" + "0".repeat(32) + ".part"));
        Files.setLastModifiedTime(file("U" + "0".repeat(32) + ".part"), FileTime.from(NOW.minusSeconds(10_000)));
        uploads.sweep();
        assertThat(there()).containsExactly(kept);
    }
}
