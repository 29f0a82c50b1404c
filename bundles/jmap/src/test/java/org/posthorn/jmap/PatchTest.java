package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** RFC 8620 5.3. */
class PatchTest {

    private static Optional<ObjectNode> patched(String patch) throws IOException {
        ObjectNode object =
                (ObjectNode) Talk.json("{'mailboxIds': {'a': true, 'x/y': true}, 'list': [1], 'name': 'n'}");
        Optional<ObjectNode> patched = Patch.applied(object, (ObjectNode) Talk.json(patch));
        assertThat(object).isEqualTo(Talk.json("{'mailboxIds': {'a': true, 'x/y': true}, 'list': [1], 'name': 'n'}"));
        return patched;
    }

    @Test
    void paths_set_and_null_takes_away() throws IOException {
        assertThat(patched("{'mailboxIds/a': null, 'mailboxIds/b': true, 'name': 'm', 'list': [2]}"))
                .contains((ObjectNode) Talk.json("{'mailboxIds': {'x/y': true, 'b': true}, 'list': [2], 'name': 'm'}"));
        assertThat(patched("{'mailboxIds/x~1y': null}"))
                .contains((ObjectNode) Talk.json("{'mailboxIds': {'a': true}, 'list': [1], 'name': 'n'}"));
    }

    @Test
    void what_is_no_patch_is_told() throws IOException {
        assertThat(patched("{'mailboxIds/a': null, 'mailboxIds': {}}")).isEmpty();
        assertThat(patched("{'list/0': 2}")).isEmpty();
        assertThat(patched("{'not/there': 2}")).isEmpty();
        assertThat(patched("{'name/x': 2}")).isEmpty();
        assertThat(patched("{'mailboxIds/~2': 2}")).isEmpty();
        assertThat(patched("{'" + "a/".repeat(60) + "': 2}")).isEmpty();
    }
}
