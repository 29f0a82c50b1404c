package org.posthorn.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsTextTest {

    /** two.test. MX 10 mail.two.test., with a pointer in each name: RFC 1035 4.1.4. */
    private static final byte[] ANSWER = HexFormat.of()
            .parseHex("1234" + "8400" + "0001" + "0001" + "0000" + "0000" //
                    + "0374776f0474657374" + "00" + "000f" + "0001" //
                    + "c00c" + "000f" + "0001" + "0000003c" + "0009" + "000a" + "046d61696c" + "c00c");

    @Test
    void a_question_and_its_answer_are_told_as_people_write_them() {
        assertThat(DnsText.question(ANSWER)).isEqualTo("two.test. MX?");
        assertThat(DnsText.answers(ANSWER)).containsExactly("two.test. MX 10 mail.two.test.");
    }

    @Test
    void a_no_is_told() {
        byte[] no = HexFormat.of().parseHex("123484030001000000000000" + "0374776f0474657374" + "00" + "000f0001");
        assertThat(DnsText.answers(no)).containsExactly("NXDOMAIN");
        no[3] = 0;
        assertThat(DnsText.answers(no)).containsExactly("there is none");
    }

    @Test
    void a_name_that_goes_round_in_circles_ends() {
        byte[] circle = HexFormat.of().parseHex("123484000001000000000000" + "c00c" + "000f0001");
        assertThat(DnsText.question(circle)).contains("not understood");
        assertThat(DnsText.answers(circle)).last().asString().contains("not understood");
    }

    @Test
    void whatever_comes_something_is_told() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = ANSWER.clone();
            for (int j = random.nextInt(4); j >= 0; j--)
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            byte[] cut = java.util.Arrays.copyOf(broken, random.nextInt(broken.length + 1));
            assertThat(DnsText.question(cut)).isNotEmpty().matches("\\P{Cntrl}*");
            assertThat(DnsText.answers(cut)).isNotEmpty().allMatch(line -> line.matches("\\P{Cntrl}*"));
        }
    }
}
