package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.posthorn.itests.fuzz.Scratch;

class AccountFileFuzzTest {

    @FuzzTest
    @Timeout(60)
    void what_is_read_is_written_again(byte[] octets) throws IOException {
        try (Scratch scratch = Scratch.make()) {
            use(scratch.folder().resolve("account"), octets);
        }
    }

    private static void use(Path path, byte[] octets) throws IOException {
        Files.write(path, octets);
        AccountFile file = new AccountFile(path);
        if (!file.load()) return;
        file.save();
        AccountFile again = new AccountFile(path);
        assertThat(again.load()).isTrue();
        // It is another one with each opening, and does not stand in the file.
        assertThat(again)
                .usingRecursiveComparison()
                .ignoringFields("register.version")
                .isEqualTo(file);
    }
}
