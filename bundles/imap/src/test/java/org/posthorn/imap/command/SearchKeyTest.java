package org.posthorn.imap.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthorn.api.mailbox.UidSet;

class SearchKeyTest {

    private static final UidSet ALL = UidSet.range(1, 9);

    private static UidSet scope(SearchKey one, SearchKey other) {
        return new SearchKey.Or(one, other).scope(ALL);
    }

    @Test
    void or_rules_out_what_both_rule_out() {
        SearchKey low = new SearchKey.Among(UidSet.range(1, 3));
        SearchKey high = new SearchKey.Among(UidSet.range(8, 12));
        SearchKey any = new SearchKey.Known(c -> true);
        assertThat(scope(low, high)).hasToString("1:3,8:9");
        assertThat(scope(low, any)).isSameAs(ALL);
        assertThat(scope(any, high)).isSameAs(ALL);
    }
}
