package org.posthorn.database.derby;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.sql.SQLException;
import org.apache.derby.shared.common.error.StandardException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerbyFaultTest {

    private static boolean damage(String state, Throwable cause) {
        SQLException boot = new SQLException("Failed to start", "XJ040");
        boot.setNextException(new SQLException("why", state, cause));
        return DerbyFault.damage(boot);
    }

    @ParameterizedTest
    @ValueSource(strings = {"XSDB6", "XSLAN", "XSLA0", "XSLA4", "XSDG1", "XBM0H", "XJ049"})
    void what_is_not_known_for_damage_is_none(String state) {
        assertThat(damage(state, null)).isFalse();
    }

    @Test
    void a_disk_that_refuses_is_no_damage_in_any_language() {
        assertThat(damage("XSDG0", new IOException("Eingabe-/Ausgabefehler"))).isFalse();
        assertThat(damage("XSLA7", new FileNotFoundException("log1.dat (Keine Berechtigung)")))
                .isFalse();
        assertThat(damage("XJ001", new OutOfMemoryError("Java heap space"))).isFalse();
    }

    @Test
    void octets_that_are_missing_or_make_no_sense_are() {
        assertThat(damage("XSDG0", new EOFException())).isTrue();
        assertThat(damage("XSDG2", null)).isTrue();
        assertThat(damage("XJ001", new NullPointerException())).isTrue();
        assertThat(damage("XJ001", new EOFException())).isTrue();
        assertThat(damage("XJ001", new ClassNotFoundException("or"))).isTrue();
        assertThat(damage("XJ001", new NoClassDefFoundError("of this bundle"))).isFalse();
    }

    @Test
    void a_page_that_is_met_while_the_log_is_gone_through_is_one_though_derby_blames_the_disk_first() {
        StandardException page = StandardException.newException("XSDG2.D", new Exception());
        assertThat(damage("XSRS6", page)).isTrue();
        assertThat(damage("XSRS6", StandardException.newException("XSDG2.D", new IOException("EIO"))))
                .isFalse();
    }
}
