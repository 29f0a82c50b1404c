package org.posthorn.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {

    /** From the specifications' own test programs, RFC 6070, RFC 7677, and the tools openssl passwd, crypt(3) and sha*sum. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "password {ARGON2ID}$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "U*U {BLF-CRYPT}$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "U*U $2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "Hello_world! {SHA512-CRYPT}$6$saltstring$IMTBZ97Lzn4VXfIQeQpMmiYDiu1Nm/0/ffMr0AF1yXj5YtySfIYzRj84E36bEgVWsx/SBVwPiyX6FAQ7Z0Pz8.",
                "Hello_world! {SHA256-CRYPT}$5$saltstring$rWJUGKYGCiGRTAmc5kpYKw/80EMm4wdRm1MuL7tkkL5",
                "Hello_world! {CRYPT}$6$rounds=10000$saltstringsaltst$sVMEj8G/xTt/ibgGOJ8LmFXLEAKUpmRKx0Tlrq1csJGkReay.cls2EyReoNRVD5nrdUaXEGjCdgN5Yj4db.pR0",
                "Hello_world! $5$rounds=10000$saltstringsaltst$9kmkXEA2nm9wYUqI9ntoJaP1a11koyXrf0cR6aA./b6",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx $6$abc$hJifFvspkMHRMTXYpDbrug4nrXgZmPzTx/f9.5eCxJlDdjBTMZHgOVcLnSdECLAAJM9qZtSos/rWPoZcqcKDx0",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx $5$abc$sWSqUH/k7TEPzX.dcr0pxMx49ncHuz9sHn6JV.4bdM0",
                "password {PBKDF2}$1$salt$4096$4b007901b765489abead49d926f721d065a429c1",
                "pencil {SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
                "secret {SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0",
                "secret {SSHA256}+E+iFJ27Yu1ODPH1UNKUmzOmUT06dwfghQJRHHnMsO5zYWx0",
                "secret {ssha512}E491yrR9AdCoE7rbOPYS3EZgSuZpVE65AD9xko08s6floNesY/Zpe9zMVvLix4S2FiQSJ99RIkNvhHomNO9uL3NhbHQ=",
                "secret {PLAIN}secret"
            })
    void known_hashes_fit_their_passwords(String password, String kept) throws IOException {
        assertThat(Passwords.fault(kept)).isEmpty();
        assertThat(Passwords.verify(password, kept)).isTrue();
        assertThat(Passwords.verify(password + "x", kept)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(PasswordScheme.class)
    void every_scheme_reads_what_it_makes(PasswordScheme scheme) throws IOException {
        Passwords passwords = new Passwords(new SecureRandom());
        String kept = passwords.hash("pass wörd", scheme);
        assertThat(kept).startsWith("{" + scheme.label() + "}");
        assertThat(Passwords.fault(kept)).isEmpty();
        assertThat(Passwords.verify("pass wörd", kept)).isTrue();
        assertThat(Passwords.verify("pass word", kept)).isFalse();
        if (scheme != PasswordScheme.PLAIN)
            assertThat(passwords.hash("pass wörd", scheme)).isNotEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=65536,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$2y$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "$5$rounds=999999999$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
                "{PBKDF2}$1$salt$2000000000$4b007901b765489abead49d926f721d065a429c1",
                "{SCRAM-SHA-256}2000000000,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
            })
    void hash_that_would_eat_the_machine_is_a_fault(String kept) throws IOException {
        assertThat(Passwords.fault(kept).orElseThrow()).contains("is not between");
        assertThat(Passwords.verify("secret", kept)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "{MD4}secret",
                "{SSHA}",
                "{SSHA}c2VjcmV0",
                "{PBKDF2}$1$salt",
                "{ARGON2ID}x",
                "$2y$",
                "$1$a$b"
            })
    void unreadable_hash_is_a_fault_and_fits_nothing(String kept) throws IOException {
        assertThat(Passwords.fault(kept)).isPresent();
        assertThat(Passwords.verify("", kept)).isFalse();
        assertThat(Passwords.verify("secret", kept)).isFalse();
    }

    @Test
    void scram_keys_of_rfc_7677_are_read_back() throws IOException {
        String kept = new Passwords(new SecureRandom()).hash("pencil", PasswordScheme.SCRAM_SHA_256);
        assertThat(Passwords.keptScramKeys(kept).orElseThrow().iterations()).isEqualTo(Passwords.SCRAM_ITERATIONS);
        assertThat(Passwords.keptScramKeys("{PLAIN}pencil")).isEmpty();
    }

    @Test
    void overlong_password_fits_nothing_and_is_not_kept() throws IOException {
        String overlong = "x".repeat(Passwords.LONGEST + 1);
        assertThat(Passwords.verify(overlong, "{PLAIN}" + overlong)).isFalse();
        assertThatThrownBy(() -> new Passwords(new SecureRandom()).hash(overlong, PasswordScheme.PLAIN))
                .hasMessageContaining("longer");
    }

    @Test
    void a_password_that_finds_no_room_in_time_is_not_judged() throws IOException {
        String kept = new Passwords(new SecureRandom()).hash("secret", PasswordScheme.ARGON2ID);
        int room = Argon2id.ROOM.drainPermits();
        try {
            assertThatThrownBy(() -> Passwords.verify("secret", kept)).isInstanceOf(IOException.class);
        } finally {
            Argon2id.ROOM.release(room);
        }
        assertThat(Passwords.verify("secret", kept)).isTrue();
    }

    @Test
    void mutated_hashes_are_never_an_exception() throws IOException {
        Random random = new Random(5802);
        String[] seeds = {
            "{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0",
            "$2a$04$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "{PBKDF2}$1$salt$1$4b007901b765489abead49d926f721d065a429c1",
            "$5$rounds=1000$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"
        };
        int readable = 0;
        for (int i = 0; i < 3000; i++) {
            StringBuilder kept = new StringBuilder(seeds[random.nextInt(seeds.length)]);
            for (int n = 1 + random.nextInt(3); n > 0; n--)
                kept.setCharAt(random.nextInt(kept.length()), (char) (' ' + random.nextInt(96)));
            if (Passwords.fault(kept.toString()).isPresent())
                assertThat(Passwords.verify("secret", kept.toString())).isFalse();
            else readable++;
        }
        assertThat(readable).isBetween(1, 2999);
    }
}
