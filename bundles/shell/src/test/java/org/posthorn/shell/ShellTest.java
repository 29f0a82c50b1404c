package org.posthorn.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.shell.BadNews;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;

class ShellTest {

    private record Row(String name, int lastCount, Optional<String> note, List<String> tags) {}

    private final List<Object> rows = List.of(
            new Row("a\"b", 3, Optional.empty(), List.of("x", "y")),
            new Row("c\u001b[2J", 10, Optional.of("n"), List.of()));

    @Test
    void words_are_split_as_a_posix_shell_does() {
        assertThat(Words.plain("user:add 'a b'@c \"x\\\"y\" p\\ q $w{}()"))
                .contains(List.of("user:add", "a b@c", "x\"y", "p q", "$w{}()"));
        assertThat(Words.plain("user:list | grep a")).isEmpty();
        assertThat(Words.plain("  ")).contains(List.of());
        assertThatThrownBy(() -> Words.plain("a 'b")).hasMessageContaining("quotation");
    }

    @Test
    void options_take_a_value_when_the_usage_says_so() {
        CommandLine line = Usage.of("ADDRESS [PASSWORD] [--password-file FILE] [--force]")
                .read(List.of("a@b", "--force", "--password-file", "f", "--", "--x"), s -> {});
        assertThat(line.words()).containsExactly("a@b", "--x");
        assertThat(line.options()).isEqualTo(Map.of("force", "", "password-file", "f"));
        assertThatThrownBy(() -> Usage.of("").read(List.of("--x"), s -> {})).hasMessage("there is no option --x");
        assertThatThrownBy(() -> Usage.of("--file FILE").read(List.of("--file"), s -> {}))
                .hasMessage("the option --file needs a value");
    }

    @Test
    void what_has_no_place_is_not_dropped() {
        Usage one = Usage.of("ADDRESS [PASSWORD] [--password-file FILE]");
        assertThat(one.read(List.of("a@b", "two words"), s -> {}).words()).hasSize(2);
        assertThatThrownBy(() -> one.read(List.of("a@b", "two", "words"), s -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 words can stand here, and not 3; what belongs together needs quotation marks");
        assertThatThrownBy(() -> Usage.of("").read(List.of("x"), s -> {})).hasMessageStartingWith("no word can");
        assertThatThrownBy(
                        () -> Usage.of("FILE --from ADDRESS --to ADDRESS,...").read(List.of("f", "g"), s -> {}))
                .hasMessageStartingWith("one word can");
        assertThatThrownBy(() -> Usage.of("[--limit N]").read(List.of("--limit", "1", "--limit=2"), s -> {}))
                .hasMessage("the option --limit is there twice");
        assertThat(Usage.of("ALIAS TARGET...")
                        .read(List.of("a", "b", "c", "d"), s -> {})
                        .words())
                .hasSize(4);
    }

    @Test
    void a_list_of_records_is_a_table_that_cannot_steer_the_terminal() {
        assertThat(new Table(false).of(rows))
                .isEqualTo("name   last count  note  tags\na\"b    3           -     x, y\nc?[2J  10          n");
        assertThat(new Table(false).of(List.of())).isEqualTo("nothing");
        assertThat(new Table(false).of(Instant.parse("2026-01-01T00:00:00.5Z"))).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void an_address_and_a_queue_id_are_words_wherever_they_stand() {
        record Line(MailId mail, Optional<Address> sender, List<Address> recipients) {}
        Address bob = Address.of("bob@far.test");
        assertThat(Json.of(List.of(new Line(MailId.of(1), Optional.of(bob), List.of(bob)))))
                .isEqualTo(
                        "[{\"mail\":\"0000000000001\",\"sender\":\"bob@far.test\",\"recipients\":[\"bob@far.test\"]}]");
        assertThat(Json.of(new Line(MailId.of(1), Optional.empty(), List.of()))).contains("\"sender\":null");
    }

    @Test
    void a_cell_is_one_line_and_a_text_has_its_lines() throws Exception {
        assertThat(new Table(false).of(List.of(new Row("a\nb\u009b\u202e", 1, Optional.empty(), List.of("x\ty")))))
                .isEqualTo("name   last count  note  tags\na?b??  1           -     x?y");
        assertThat(new Table(false).of("a\n\u001bb\u009bc")).isEqualTo("a\n?b?c");
        ShellCommand command = new ShellCommand("x", "", "", line -> {
            line.progress().accept("going \u001bon");
            throw new IllegalArgumentException("no \u009bway");
        });
        List<String> out = new ArrayList<>();
        Run run =
                new Run(false, false, Path.of("/here"), InputStream.nullInputStream(), out::add, out::add, () -> true);
        assertThatThrownBy(() -> run.command("x:x", command, List.of())).hasMessage("no ?way");
        assertThat(out).containsExactly("going ?on");
    }

    @Test
    void json_keeps_names_types_and_every_character() {
        assertThat(Json.of(rows))
                .isEqualTo("[{\"name\":\"a\\\"b\",\"lastCount\":3,\"note\":null,\"tags\":[\"x\",\"y\"]},"
                        + "{\"name\":\"c\\u001b[2J\",\"lastCount\":10,\"note\":\"n\",\"tags\":[]}]");
        assertThat(Json.of("\n\u009b\u202e\u2028ä")).isEqualTo("\"\\n\\u009b\\u202e\\u2028ä\"");
    }

    @Test
    void lines_that_may_hold_a_password_are_not_kept() {
        DiscreetHistory history = new DiscreetHistory(List.of("user:add", "user:passwd"));
        for (String line : List.of(
                "user:add bob secret",
                "add bob secret",
                "echo x; passwd bob 'two\nlines'",
                "{passwd bob secret}",
                "alias:add a b",
                "address x",
                "user:list")) history.add(Instant.EPOCH, line);
        List<String> kept = new ArrayList<>();
        history.forEach(entry -> kept.add(entry.line()));
        assertThat(kept).containsExactly("alias:add a b", "address x", "user:list");
    }

    @Test
    void bad_news_are_shown_and_the_command_fails() {
        ShellCommand command = new ShellCommand("check", "", "", line -> new BadNews(rows, "2 rows are wrong"));
        List<String> out = new ArrayList<>();
        Run run = new Run(true, false, Path.of("/here"), InputStream.nullInputStream(), out::add, out::add, () -> true);
        assertThatThrownBy(() -> run.command("x:check", command, List.of())).hasMessage("2 rows are wrong");
        assertThat(out).containsExactly(Json.of(rows));
    }

    @Test
    void a_command_knows_whether_somebody_looks_on() throws Exception {
        ShellCommand command = new ShellCommand("check", "", "", line -> line.terminal());
        List<String> out = new ArrayList<>();
        for (boolean terminal : List.of(true, false))
            new Run(false, terminal, Path.of("/here"), InputStream.nullInputStream(), out::add, out::add, () -> true)
                    .command("x:check", command, List.of());
        assertThat(out).containsExactly("true", "false");
    }

    @Test
    void every_command_has_help_and_json() throws Exception {
        ShellCommand command = new ShellCommand("list", "[DOMAIN]", "Lists them.", line -> rows);
        List<String> out = new ArrayList<>();
        Run run =
                new Run(false, false, Path.of("/here"), InputStream.nullInputStream(), out::add, out::add, () -> true);
        run.command("user:list", command, List.of("--help"));
        run.command("user:list", command, List.of("--json"));
        assertThat(out.get(0)).isEqualTo("Lists them.\nusage: user:list [DOMAIN] [--json]");
        assertThat(out.get(1)).startsWith("[{");
    }

    @Test
    void paths_begin_where_the_client_stands() throws Exception {
        ShellCommand command = new ShellCommand(
                "inject",
                "ADDRESS FILE [--from ADDRESS] [--password-file FILE]",
                "",
                line -> line.words() + " " + new java.util.TreeMap<>(line.options()));
        List<String> out = new ArrayList<>();
        Run run =
                new Run(false, false, Path.of("/here"), InputStream.nullInputStream(), out::add, out::add, () -> true);
        run.command("x", command, List.of("a", "--from", "b", "mail", "--password-file=p"));
        run.command("x", command, List.of("a", "/mail", "--password-file", "/p"));
        run.command("x", command, List.of("a"));
        assertThat(out)
                .containsExactly(
                        "[a, /here/mail] {from=b, password-file=/here/p}", "[a, /mail] {password-file=/p}", "[a] {}");
    }

    @Test
    void a_request_is_read_to_its_end_and_no_further() throws IOException {
        ByteArrayInputStream in =
                new ByteArrayInputStream("EXEC 1\njson: true\nlength: 3\n\nabcREST".getBytes(StandardCharsets.UTF_8));
        ControlRequest request = ControlRequest.read(in);
        assertThat(request.command()).isEqualTo("abc");
        assertThat(request.is("json")).isTrue();
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("REST");
    }

    @Test
    void any_bytes_are_a_request_or_an_ioexception() {
        Random random = new Random(3);
        String alphabet = "EXEC 1\n\n:length: 9999999a";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--)
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            try {
                assertThat(ControlRequest.read(
                                new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8))))
                        .isNotNull();
            } catch (IOException e) {
                assertThat(e).hasMessageMatching("(?s).*(request|header|length).*");
            }
        }
    }
}
