package org.posthorn.api.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "192.168.0.0/16, 192.168.255.1, true",
        "192.168.0.0/16, 192.169.0.1, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "fc00::/7, fd12::1, true",
        "fc00::/7, fe80::1, false",
        "::1, ::1, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 127.0.0.1, false"
    })
    void an_address_is_of_a_network_when_its_first_bits_are(String network, String address, boolean holds)
            throws UnknownHostException {
        assertThat(Network.parse(network).holds(InetAddress.getByName(address))).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.org", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/x", "::1/129", "/8"})
    void what_is_no_network_is_refused(String text) {
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_name_is_not_looked_up() {
        assertThatThrownBy(() -> Network.parse("localhost")).isInstanceOf(IllegalArgumentException.class);
    }
}
