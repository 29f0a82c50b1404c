package org.posthorn.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

class CatalogueTest {

    private final ServiceRegistration<?> registration = fake(ServiceRegistration.class, method -> null);
    private final Catalogue catalogue = new Catalogue(fake(BundleContext.class, method -> registration));

    private record Offer(String help) implements ShellCommands {

        @Override
        public String scope() {
            return "greylist";
        }

        @Override
        public List<ShellCommand> commands() {
            return List.of(new ShellCommand("list", "", help, line -> null));
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T fake(Class<?> type, Function<String, Object> answers) {
        return (T) Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> answers.apply(method.getName()));
    }

    private static ServiceReference<ShellCommands> from(String location, long id) {
        Bundle bundle = fake(Bundle.class, method -> location);
        return fake(ServiceReference.class, method -> method.equals("getBundle") ? bundle : id);
    }

    @Test
    void commands_of_a_bundle_that_runs_beside_hide_none_and_go_without_a_trace() {
        Offer counts = new Offer("counts");
        Offer beside = new Offer("beside");
        catalogue.bind(from("feature:greylist", 5), counts);
        catalogue.bind(from("beside:greylist.jar#7", 6), beside);
        assertThat(catalogue.all().values()).extracting(ShellCommand::help).containsExactly("counts");
        catalogue.remove(beside);
        assertThat(catalogue.find("greylist:list")).isPresent();
        catalogue.remove(counts);
        assertThat(catalogue.all()).isEmpty();
    }

    @Test
    void a_command_of_a_new_version_counts_when_the_one_before_has_gone() {
        Offer before = new Offer("before");
        catalogue.bind(from("deploy:greylist.jar#8", 7), new Offer("next"));
        catalogue.bind(from("feature:greylist", 5), before);
        assertThat(catalogue.all().values()).extracting(ShellCommand::help).containsExactly("before");
        catalogue.remove(before);
        assertThat(catalogue.all().values()).extracting(ShellCommand::help).containsExactly("next");
    }
}
