package org.posthorn.users.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.junit.jupiter.api.Test;
import org.posthorn.api.lease.Leased;

class DatabaseTest {

    private final Leased<DataSource> sources = new Leased<>();

    @Test
    void a_call_waits_for_a_database_that_still_boots() throws Exception {
        Database database = new Database(sources, Duration.ofSeconds(30));
        CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return database.transaction(c -> Query.count(c, "SELECT COUNT(*) FROM users_domain"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        System.setProperty("derby.stream.error.file", "target/derby.log");
        EmbeddedDataSource source = new EmbeddedDataSource();
        source.setDatabaseName("memory:late");
        source.setCreateDatabase("create");
        sources.add(source, Map.of());
        assertThat(answer.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void without_a_database_it_fails_after_the_grace() {
        Database database = new Database(sources, Duration.ofMillis(1));
        assertThatThrownBy(() -> database.transaction(c -> 1))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no database");
    }
}
