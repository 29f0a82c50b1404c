package org.posthorn.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.api.config.SettingsCheck.Problem;
import org.posthorn.api.mail.Address;
import org.posthorn.api.routing.Route;
import org.posthorn.api.shell.CommandLine;

class RoutingTest {

    private final Routing routing = new Routing();

    @Test
    void before_its_directory_is_there_nobody_is_unknown() throws IOException {
        routing.configure(config("", new String[0]));
        assertThatThrownBy(() -> routing.route(Address.of("alice@example.test")))
                .isInstanceOf(IOException.class)
                .hasMessage("the user directory sql is not there");
        FakeDirectory directory = new FakeDirectory().domain("example.test").user("alice@example.test");
        routing.addDirectory(directory, Map.of("name", "sql"));
        assertThat(routing.route(Address.of("alice@example.test")).map(WayTest::text))
                .contains("local alice@example.test ours");
        routing.removeDirectory(directory);
        assertThatThrownBy(() -> routing.route(Address.of("alice@example.test")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void a_smarthost_is_asked_for_no_mx() throws IOException {
        routing.addDirectory(new FakeDirectory(), Map.of("name", "sql"));
        routing.configure(config("smart.example:587", new String[] {" Relay.example = [10.0.0.1]:26;tls=never"}));
        assertThat(routing.route(Address.of("x@y.example")).map(WayTest::text))
                .contains("smtp [smart.example]:587;tls=may");
        assertThat(routing.route(Address.of("x@relay.example")).map(WayTest::text))
                .contains("smtp [10.0.0.1]:26;tls=never ours");
        routing.configure(config("[::1]:2525", new String[0]));
        assertThat(routing.route(Address.of("x@y.example")).map(WayTest::text)).contains("smtp [::1]:2525;tls=may");
    }

    @Test
    void the_check_names_every_setting_that_cannot_be() {
        Map<String, Object> settings = Map.of(
                "defaultDomain", "not a domain",
                "smarthost", "mail.example.org",
                "postmaster", "root",
                "relays", new String[] {"example.org", "a.example=[10.0.0.1]:70000", "b.example=[10.0.0.1]:25"});
        assertThat(new RoutingCheck().check(settings))
                .extracting(Problem::key, Problem::value)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("defaultDomain", "not a domain"),
                        org.assertj.core.groups.Tuple.tuple("smarthost", "mail.example.org"),
                        org.assertj.core.groups.Tuple.tuple("postmaster", "root"),
                        org.assertj.core.groups.Tuple.tuple("relays", "example.org"),
                        org.assertj.core.groups.Tuple.tuple("relays", "a.example=[10.0.0.1]:70000"));
        assertThat(new RoutingCheck()
                        .check(Map.of(
                                "defaultDomain", "example.org",
                                "smarthost", "[2001:db8::1]:587",
                                "postmaster", "",
                                "relays", new String[] {".x.example=mx.example;tls=must"})))
                .isEmpty();
    }

    @Test
    void route_show_prints_each_step_and_ends_in_a_circle() throws Exception {
        FakeDirectory directory = new FakeDirectory()
                .domain("example.test")
                .user("alice@example.test")
                .alias("a@example.test", "b@example.test", "alice@example.test")
                .alias("b@example.test", "a@example.test");
        routing.configure(config("", new String[0]));
        routing.addDirectory(directory, Map.of("name", "sql"));
        RouteCommands commands = new RouteCommands();
        commands.addRouter(routing, Map.of());
        Object shown = commands.commands()
                .get(0)
                .action()
                .run(new CommandLine(List.of("a@example.test"), Map.of(), line -> {}));
        assertThat(shown)
                .asInstanceOf(LIST)
                .containsExactly(
                        new RouteCommands.Step("a@example.test", "alias", "b@example.test"),
                        new RouteCommands.Step("a@example.test", "alias", "alice@example.test"),
                        new RouteCommands.Step("b@example.test", "alias", "a@example.test"),
                        new RouteCommands.Step("alice@example.test", "local", "alice@example.test"));
    }

    @Test
    void route_show_asks_the_routers_by_rank_until_one_answers() throws Exception {
        RouteCommands commands = new RouteCommands();
        commands.addRouter(address -> Optional.empty(), Map.of("name", "silent", "service.ranking", 9));
        commands.addRouter(address -> Optional.of(new Route.Via("discard", "", true)), Map.of("name", "loud"));
        Object shown =
                commands.commands().get(0).action().run(new CommandLine(List.of("x@y.example"), Map.of(), line -> {}));
        assertThat(shown).asInstanceOf(LIST).containsExactly(new RouteCommands.Step("x@y.example", "discard", ""));
    }

    private static Routing.Config config(String smarthost, String[] relays) {
        return new Routing.Config() {
            @Override
            public String defaultDomain() {
                return "example.test";
            }

            @Override
            public String smarthost() {
                return smarthost;
            }

            @Override
            public String smarthostTls() {
                return "may";
            }

            @Override
            public String[] relays() {
                return relays;
            }

            @Override
            public String detailSeparator() {
                return "+";
            }

            @Override
            public String postmaster() {
                return "";
            }

            @Override
            public String[] directories() {
                return new String[] {"sql"};
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return Routing.Config.class;
            }
        };
    }
}
