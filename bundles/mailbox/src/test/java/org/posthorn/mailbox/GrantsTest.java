package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;

class GrantsTest {

    private static final String ANN = "ann@example.org";
    private static final Address BOB = Address.of("bob@example.org");
    private static final Address CAROL = Address.of("carol@example.org");

    @TempDir
    private Path root;

    private Path folder() {
        return root.resolve(".shared").resolve(Homes.name(ANN));
    }

    private void changed(int secondsAgo) throws IOException {
        Files.setLastModifiedTime(folder(), FileTime.from(Instant.now().minusSeconds(secondsAgo)));
    }

    @Test
    void who_shares_something_is_known_at_once_and_who_shares_nothing_any_more() throws IOException {
        Grants grants = new Grants(root);
        assertThat(grants.owners(ANN)).isEmpty();
        grants.add(ANN, BOB);
        assertThat(grants.owners(ANN)).containsExactly(BOB);
        grants.add(ANN, CAROL);
        assertThat(grants.owners(ANN)).containsExactly(BOB, CAROL);
        grants.remove(List.of(ANN), BOB);
        grants.remove(List.of(ANN), CAROL);
        assertThat(grants.owners(ANN)).isEmpty();
    }

    @Test
    void a_folder_is_listed_again_only_when_its_time_is_another_one() throws IOException {
        Grants grants = new Grants(root);
        grants.add(ANN, BOB);
        changed(60);
        FileTime before = Files.getLastModifiedTime(folder());
        assertThat(grants.owners(ANN)).containsExactly(BOB);
        Files.createFile(folder().resolve(Homes.name(CAROL.toString())));
        Files.setLastModifiedTime(folder(), before);
        assertThat(grants.owners(ANN)).containsExactly(BOB);
        changed(30);
        assertThat(grants.owners(ANN)).containsExactly(BOB, CAROL);
    }
}
