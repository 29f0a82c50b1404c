package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.intake.ChainTrial;
import org.posthorn.api.intake.Judgement;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.mime.StoredMessage;

/** Chains tried on mail that is here already. */
class TrialTest {

    private static final Finding FAIL = new Finding("spf", "fail", Map.of(), "");

    private final World world = new World();
    private final Trials trials = new Trials(world.intake);

    @AfterEach
    void close() {
        world.close();
    }

    private void add(String name, String version, Map<String, Object> more, MailFilter filter) {
        var properties = new java.util.HashMap<String, Object>(more);
        properties.put("name", name);
        world.intake.parts().filters().add(filter, properties, new Home(version, !version.equals("1")));
    }

    private static Mail mail() throws IOException {
        Envelope envelope = new Envelope(
                Optional.of(Address.of("ann@there.test")),
                World.NONE,
                List.of(new Recipient(Address.of("bob@here.test"))));
        StoredMessage message = StoredMessage.of("Received: x\r\nSubject: old\r\n\r\nbody\r\n");
        return new Mail(MailId.next(), java.time.Instant.now(), World.origin(), envelope, message, false);
    }

    private Judgement judge(String... chain) throws IOException {
        try (ChainTrial trial = trials.begin(List.of(chain))) {
            return trial.judge(mail());
        }
    }

    @Test
    void all_four_moments_are_asked_and_the_gravest_word_stands() throws IOException {
        List<String> asked = new ArrayList<>();
        add("a", "1", Map.of(), new MailFilter() {
            @Override
            public Verdict client(Origin origin) {
                asked.add("client " + origin.helo());
                return new Verdict.Pass(List.of(FAIL), List.of());
            }

            @Override
            public Verdict sender(Origin origin, Optional<Address> sender) {
                asked.add("sender " + sender.orElseThrow());
                return new Verdict.Quarantine("odd");
            }

            @Override
            public Verdict recipient(Origin origin, Envelope before, Recipient recipient) {
                asked.add("recipient " + recipient.address());
                return Verdict.PASS;
            }
        });
        add("b", "1", Map.of(), new MailFilter() {
            @Override
            public Verdict message(Mail mail) throws IOException {
                asked.add("message " + mail.message().header().get(0).name());
                return Verdict.refuse("no");
            }
        });
        assertThat(judge("a")).isEqualTo(new Judgement(new Verdict.Quarantine("odd"), "a", List.of(FAIL), ""));
        asked.clear();
        assertThat(judge("a", "b")).isEqualTo(new Judgement(Verdict.refuse("no"), "b", List.of(FAIL), ""));
        assertThat(asked)
                .containsExactly(
                        "client client.example",
                        "sender ann@there.test",
                        "recipient bob@here.test",
                        "message Authentication-Results");
        assertThat(judge()).isEqualTo(new Judgement(Verdict.PASS, "", List.of(), ""));
        assertThat(world.queued).isEmpty();
    }

    @Test
    void one_that_remembers_is_not_asked() throws IOException {
        add("greylist", "1", Map.of(MailFilter.STATEFUL, "true"), new MailFilter() {
            @Override
            public Verdict client(Origin origin) {
                throw new AssertionError("it was asked");
            }
        });
        try (ChainTrial trial = trials.begin(List.of("greylist"))) {
            assertThat(trial.unasked()).containsExactly("greylist");
            assertThat(trial.judge(mail()).trouble()).isEmpty();
        }
    }

    @Test
    void failures_are_told_and_not_held_against_the_filter() throws IOException {
        add("a", "1", Map.of(), new MailFilter() {
            @Override
            public Verdict message(Mail mail) throws IOException {
                throw new IOException("broken");
            }
        });
        try (ChainTrial trial = trials.begin(List.of("a"))) {
            for (int i = 0; i < 3; i++)
                assertThat(trial.judge(mail()).trouble()).contains("broken");
            assertThat(trial.judge(mail()).trouble()).contains("left alone");
        }
        assertThat(world.intake.watchdog().breaker("filter a").state().failures())
                .isZero();
        assertThat(judge("a").trouble()).as("a trial begins anew").contains("broken");
    }

    @Test
    void a_version_that_runs_beside_takes_the_place_of_another() throws IOException {
        add("a", "1", Map.of(), new MailFilter() {});
        add("a", "2", Map.of(), new MailFilter() {
            @Override
            public Verdict client(Origin origin) {
                return Verdict.refuse("two");
            }
        });
        assertThat(trials.with("a@2", List.of("a", "b"))).containsExactly("a@2", "b");
        assertThat(trials.with("c@1", List.of("a", "b"))).containsExactly("a", "b", "c@1");
        assertThat(judge("a@2").filter()).isEqualTo("a@2");
        assertThatThrownBy(() -> judge("nosuch", "a@3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no filter nosuch, a@3; there are a, a@2");
    }
}
