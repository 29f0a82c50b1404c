package org.posthorn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;
import org.posthorn.api.shell.BadNews;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.Page;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;
import org.posthorn.api.store.StoreCheck;

class StoreCommandsTest {

    private final StoreCommands commands = new StoreCommands();
    private final List<String> happened = new ArrayList<>();

    private interface Looking {
        void at(Inspection inspection) throws IOException;
    }

    private StoreCheck store(String name, int turn, Looking looking) {
        return new StoreCheck() {
            @Override
            public String store() {
                return name;
            }

            @Override
            public int turn() {
                return turn;
            }

            @Override
            public void inspect(Inspection inspection) throws IOException {
                happened.add(name);
                looking.at(inspection);
            }
        };
    }

    private void add(StoreCheck check) {
        commands.addCheck(check, Map.of());
    }

    private Object run(String command, String... words) throws Exception {
        CommandLine line = new CommandLine(List.of(words), Map.of(), happened::add);
        return commands.commands().stream()
                .filter(c -> c.name().equals(command))
                .findFirst()
                .orElseThrow()
                .action()
                .run(line);
    }

    private void broken(Inspection inspection) {
        inspection.found(new Damage("f", "is torn", "is mended"), () -> happened.add("mended"));
    }

    @Test
    void stores_are_asked_in_their_turn_and_each_once() throws Exception {
        add(store("late", 3, i -> {}));
        add(store("early", 1, i -> {}));
        add(store("early", 1, i -> {}));
        assertThat(run("check")).isEqualTo(new Page("nothing is wrong", List.of()));
        assertThat(happened).containsExactly("early", "late");
    }

    @Test
    void a_check_tells_and_does_nothing() throws Exception {
        add(store("spool", 1, this::broken));
        BadNews news = (BadNews) run("check");
        assertThat(news.value()).isEqualTo(List.of(new Walk.Found("spool", "f", "is torn", "is mended")));
        assertThat(news.summary()).startsWith("1 thing is wrong");
        assertThat(happened).containsExactly("spool");
    }

    @Test
    void a_repair_does_what_a_check_tells() throws Exception {
        add(store("spool", 1, this::broken));
        assertThat(run("repair")).isEqualTo(List.of(new Walk.Found("spool", "f", "is torn", "is mended")));
        assertThat(happened).containsExactly("spool", "mended");
    }

    @Test
    void what_cannot_be_mended_is_told_and_the_walk_goes_on() throws Exception {
        add(store("a", 1, i -> {
            i.found(new Damage("f", "is torn", "is mended"), () -> {
                throw new IOException("no space");
            });
            i.found(new Damage("g", "is gone", "is gone for good"));
        }));
        add(store("b", 2, i -> {
            throw new IOException("away");
        }));
        add(store("c", 3, this::broken));
        BadNews news = (BadNews) run("repair");
        assertThat(news.value().toString())
                .contains("could not be mended: no space", "is gone for good", "could not be looked through: away");
        assertThat(news.summary()).isEqualTo("3 of 4 things could not be mended");
        assertThat(happened).containsExactly("a", "b", "c", "mended");
    }

    @Test
    void an_account_that_is_none_is_the_askers_fault() throws Exception {
        List<Address> asked = new ArrayList<>();
        add(store("mailbox", 3, i -> {
            asked.add(i.account().orElseThrow());
            throw new IllegalArgumentException("eve has no mailboxes");
        }));
        assertThatThrownBy(() -> run("check", "eve")).hasMessage("eve is not an address");
        assertThatThrownBy(() -> run("check", "eve@a.test")).hasMessage("eve has no mailboxes");
        assertThat(asked).containsExactly(Address.of("eve@a.test"));
        assertThatThrownBy(() -> run("check", "eve@a.test"))
                .as("it is not taken for one under way")
                .hasMessage("eve has no mailboxes");
    }
}
