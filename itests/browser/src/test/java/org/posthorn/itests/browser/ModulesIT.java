package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;

/** The page's own modules, each imported alone, on the page where nobody is logged in. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModulesIT {

    private final Webmail webmail;

    ModulesIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void open() {
        webmail.open();
    }

    /** What a function of a module gives, as JSON with apostrophes for quotes. */
    private String json(String module, String expression, Object... arguments) {
        String text = (String) webmail.module(module, "return JSON.stringify(" + expression + ")", arguments);
        return text == null ? "undefined" : text.replace("'", "’").replace('"', '\'');
    }

    private static String lines(String text) {
        return text.replace('|', '\n').replace('_', ' ');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "color:red~color: red",
                "COLOR:RED !important~color: red !important",
                "position:fixed;color:blue~color: blue",
                "background:url(https://far.test/a)~``",
                "background-color:#fff~background-color: rgb(255, 255, 255)",
                "list-style-image:url(x)~``",
                "width:10vh;height:5cqw;max-width:2px~max-width: 2px",
                "width:expression(alert(1))~``",
                "color:var(--x);--x:red~``",
                "color:r\\65 d~color: red",
                "color:/*}*/red;}p{color:blue~color: red"
            })
    void inline_styles_keep_what_only_changes_looks(String css, String kept) {
        assertThat(webmail.module("css.js", "return module.inlineStyle(args[0])", css))
                .isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "@import url(x);p{color:red}~p { color: red }|",
                "<!-- p{color:red} -->~p { color: red }|",
                "@media print{p{color:red}}~@media print {|p { color: red }|}|",
                "@media (max-height:9px){p{color:red}}~``",
                "@font-face{font-family:x;src:url(y)}~``",
                "p{background:url(x);color:red~p { color: red }|",
                "p[title=\"<\"]{color:red}~``"
            })
    void style_sheets_keep_rules_of_looks(String css, String kept) {
        assertThat(webmail.module("css.js", "return module.styleSheet(args[0])", css))
                .isEqualTo(lines(kept));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "<p onclick=x>a</p>~<p>a</p>~0",
                "<script>x</script>a~a~0",
                "<a href=javascript:x>a</a>~<a>a</a>~0",
                "<form><input>a</form>~a~0",
                "<p id=app>a</p>~<p id=\"user-content-app\">a</p>~0",
                "<svg><script>x</script></svg>a~a~0",
                "<img src='cid:x' alt=a>~<img alt=\"a\">~0",
                "<img src=//far.test/x alt=a>~<img alt=\"a\">~0"
            })
    void html_of_strangers_keeps_words(String html, String kept, int blocked) {
        assertThat(webmail.module(
                        "sanitise.js",
                        "const { fragment, blocked } = module.sanitise(args[0]); const holder = document.createElement('div'); holder.append(fragment); return [holder.innerHTML, blocked]",
                        html))
                .isEqualTo(List.of(kept, (long) blocked));
    }

    @Test
    void pictures_of_other_servers_are_counted_and_left_out_unless_they_are_wanted() {
        String code = "const found = module.sanitise('<img src=\"https://far.test/x\">', { pictures: args[0] });"
                + "return [found.blocked, found.fragment.querySelector('img').src.split(':')[0]]";
        assertThat(webmail.module("sanitise.js", code, false)).isEqualTo(List.of(1L, "data"));
        assertThat(webmail.module("sanitise.js", code, true)).isEqualTo(List.of(0L, "https"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "https://far.test/a).~['https://far.test/a']",
                "(see:http://far.test)~['http://far.test']",
                "ann@far.test,bob@far.test.~['ann@far.test','bob@far.test']",
                "a@b~[]",
                "mailto:ann@far.test~['mailto:ann@far.test']",
                "javascript:alert(1)~[]",
                "@@@far.test~[]"
            })
    void links_in_text_are_found(String word, String links) {
        assertThat(json("plain.js", "module.linksIn(args[0]).map(([from, to]) => args[0].slice(from, to))", word))
                .isEqualTo(links);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "ann@far.test~[{'name':null,'email':'ann@far.test'}]",
                "Ann <ann@far.test>; bob@far.test~[{'name':'Ann','email':'ann@far.test'},{'name':null,'email':'bob@far.test'}]",
                "\"Doe, Ann\" <ann@far.test>~[{'name':'Doe, Ann','email':'ann@far.test'}]",
                "mailto:ann@far.test~[{'name':null,'email':'ann@far.test'}]",
                " , ;~[]"
            })
    void addresses_are_read_as_people_type_them(String typed, String addresses) {
        assertThat(json("compose-addresses.js", "module.parseAddresses(args[0])", typed))
                .isEqualTo(addresses);
    }

    @ParameterizedTest
    @CsvSource({
        "ann@far.test,true",
        "ann@münchen.test,true",
        "ann@[127.0.0.1],true",
        "ann,false",
        "@far.test,false",
        "ann@far..test,false",
        "a b@far.test,false"
    })
    void what_is_no_address_is_known(String email, boolean valid) {
        assertThat(webmail.module("compose-addresses.js", "return module.isValid({ email: args[0] })", email))
                .isEqualTo(valid);
    }

    @Test
    void names_are_quoted_where_they_must_be() {
        String write = "module.writeAddress({ name: args[0], email: 'a@b.test' })";
        assertThat(json("compose-addresses.js", write, "Ann Lee")).isEqualTo("'Ann Lee <a@b.test>'");
        assertThat(webmail.module("compose-addresses.js", "return " + write, "Lee, \"Ann\""))
                .isEqualTo("\"Lee, \\\"Ann\\\"\" <a@b.test>");
        assertThat(json("compose-addresses.js", write, "")).isEqualTo("'a@b.test'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "<p>a</p><p>b</p>~a||b",
                "<div>a</div><div><br></div><div>b</div>~a||b",
                "a<br>b~a|b",
                "<ul><li>a</li><li>b</li></ul>~*_a|*_b",
                "<ol start=7><li>a</li></ol>~7._a",
                "<blockquote>a<blockquote>b</blockquote></blockquote>~>_a|>>_b",
                "<a href='https://far.test/'>there</a>~there_<https://far.test/>",
                "<a href='mailto:a@b.test'>a@b.test</a>~a@b.test",
                "<img alt=cat>~[cat]",
                "<pre>a  b|c</pre>~a__b|c",
                "<div>-- </div><div>Ann</div>~--_|Ann"
            })
    void html_is_said_as_text(String html, String text) {
        String code = "const page = document.implementation.createHTMLDocument('');"
                + "const range = page.createRange(); range.selectNodeContents(page.body);"
                + "const { default: purify } = await import(new URL('../lib/dompurify/purify.es.mjs', document.querySelector('script[type=module]').src));"
                + "return module.textOf(purify.sanitize(args[0], { RETURN_DOM: true }))";
        assertThat(webmail.module("compose-text.js", code, html.replace('|', '\n')))
                .isEqualTo(lines(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a|b~<div>a</div><div>b</div>",
                "a||b~<div>a</div><div><br></div><div>b</div>",
                ">_a|>>_b|c~<blockquote><div>a</div><blockquote><div>b</div></blockquote></blockquote><div>c</div>",
                "<b>~<div>&lt;b&gt;</div>"
            })
    void text_becomes_nodes(String text, String html) {
        String code =
                "const holder = document.createElement('div'); holder.append(module.nodesOf(args[0])); return holder.innerHTML";
        assertThat(webmail.module("compose-text.js", code, lines(text))).isEqualTo(html);
    }

    @Test
    void elements_stand_no_deeper_in_each_other_than_can_be_edited() {
        String code =
                "const holder = document.createElement('div'); holder.append(module.cleaned('<b>'.repeat(args[0]) + 'words'));"
                        + "let depth = 0; for (let node = holder; node.firstElementChild; node = node.firstElementChild) depth++;"
                        + "return [depth, holder.textContent]";
        assertThat(webmail.module("compose-clean.js", code, 100)).isEqualTo(List.of(100L, "words"));
        assertThat(webmail.module("compose-clean.js", code, 400)).isEqualTo(List.of(100L, "words"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a||--_|Ann~--_|Ann",
                "a||--_|Ann||and more~--_|Ann||and more",
                "a||--|Ann||and more~--|Ann||and more",
                "a||--_|Old||b~--_|Old",
                ">_--_|>_Bob~``",
                "a||>_b||--_|Bob~``",
                "a~``",
                "a --_|Ann~``"
            })
    void signature_is_known_in_a_text(String text, String signature) {
        assertThat(webmail.module(
                        "compose-signature.js",
                        "return module.signatureIn(args[0], ['Ann', 'Ann\\n\\nand more', ''], '---')",
                        lines(text)))
                .isEqualTo(lines(signature));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-30T08:05:00,8:05 AM",
        "2026-11-28T08:05:00,Sat",
        "2026-11-20T08:05:00,Nov 20",
        "2025-11-20T08:05:00,'Nov 20, 2025'",
        "2026-12-24T08:05:00,Dec 24"
    })
    void dates_are_as_short_as_can_be(String date, String shown) {
        String code = "return module.shortDate(args[0], new Date('2026-11-30T12:00:00')).replace('\\u202f', ' ')";
        assertThat(webmail.module("format.js", code, date)).isEqualTo(shown);
    }

    @Test
    void people_and_sizes_are_written_short() {
        assertThat(
                        json(
                                "format.js",
                                "module.people([{ name: 'Ann Lee', email: 'a@x.test' }, { email: 'me@x.test' }, { email: 'bob@x.test' }], 'me@x.test')"))
                .isEqualTo("'Ann, me, bob'");
        assertThat(json("format.js", "[1, 999, 1500, 12345678].map(module.size)"))
                .isEqualTo("['1 byte','999 bytes','1.5 kB','12 MB']");
        assertThat(json("format.js", "module.avatarOf({ name: '\"élan' }).textContent"))
                .isEqualTo("'É'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "#/INBOX~{'base':'#/INBOX','mailbox':['INBOX']}",
                "''~{'base':'#/INBOX','mailbox':['INBOX']}",
                "#/Work/New%2FOld~{'base':'#/Work/New%2FOld','mailbox':['Work','New/Old']}",
                "#/INBOX/uid/42~{'base':'#/INBOX','uid':42,'mailbox':['INBOX']}",
                "#/search/from%3Aann/email/M1~{'base':'#/search/from%3Aann','email':'M1','search':'from:ann'}",
                "#/search/a%2Fof%2Fb/of/ann%40x.test/email/M1~{'base':'#/search/a%2Fof%2Fb/of/ann%40x.test','email':'M1','search':'a/of/b','of':'ann@x.test'}",
                "#/%73earch~{'base':'#/%73earch','mailbox':['search']}",
                "#/100%~{'base':'#/100%','mailbox':['100%']}"
            })
    void addresses_lead_somewhere(String hash, String route) {
        assertThat(json("router.js", "module.parse(args[0])", hash.equals("''") ? "" : hash))
                .isEqualTo(route);
    }

    @Test
    void mail_that_the_server_copies_in_part_is_brought_back_as_far_as_it_went() {
        String code =
                "const said = []; const client = { session: { capabilities: { 'urn:ietf:params:jmap:core': { maxObjectsInSet: 2 } } }, call: async ([[name, args]]) => { said.push(name + ' ' + (args.accountId) + ' ' + (args.destroy ?? Object.keys(args.create ?? args.update)).join());"
                        + " if (name === 'Email/set') return { set: {} };"
                        + " const { M2, ...rest } = args.create; const created = Object.fromEntries(Object.keys(rest).map((id) => [id, { id: 'copy' + id }]));"
                        + " return { copy: { created, notCreated: M2 ? { M2: { type: 'overQuota' } } : null, implied: { notDestroyed: rest.M3 ? { M3: { type: 'forbidden' } } : null } } }; } };"
                        + "const carriage = new module.Carriage(client, { from: 'A', to: 'B', targetId: 'T', mailboxes: new Map() });"
                        + "const email = (id) => ({ id, mailboxIds: { X: true }, keywords: {} });"
                        + "const refused = await carriage.go([email('M1'), email('M3'), email('M2')], () => ['X']).catch((error) => error.message);"
                        + "await carriage.back(); return [refused, carriage.hasArrived, ...said].join('|');";
        assertThat(webmail.module("carry.js", code))
                .isEqualTo("forbidden|true|Email/copy B M1,M3|Email/copy A copyM1|Email/set B copyM3");
    }

    @Test
    void mail_goes_without_the_keywords_that_may_not_be_set_there() {
        String code =
                "let sent; const client = { session: { capabilities: { 'urn:ietf:params:jmap:core': {} } }, call: async ([[, args]]) => { sent = args.create; return { copy: { created: {} } }; } };"
                        + "const mailboxes = new Map([['T', { myRights: { maySetSeen: args[0], maySetKeywords: args[1] } }]]);"
                        + "const carriage = new module.Carriage(client, { from: 'A', to: 'B', targetId: 'T', mailboxes });"
                        + "await carriage.go([{ id: 'M1', mailboxIds: { X: true }, keywords: { $seen: true, $flagged: true } }], () => ['X']);"
                        + "return Object.keys(sent.M1.keywords).join()";
        assertThat(webmail.module("carry.js", code, false, false)).isEqualTo("");
        assertThat(webmail.module("carry.js", code, true, false)).isEqualTo("$seen");
        assertThat(webmail.module("carry.js", code, false, true)).isEqualTo("$flagged");
    }

    /** The server breaks once; of three mails one is on its way by then, and one may not go where it is to go. */
    @Test
    void what_is_called_off_is_moved_in_the_same_step_and_the_rest_is_told() {
        String code = "let breaks = true; const said = []; const names = { 'EmailSubmission/query': 'ids' };"
                + "const client = { session: { primaryAccounts: { 'urn:ietf:params:jmap:submission': 'A' }, accounts: { A: { accountCapabilities: {} } }, capabilities: { 'urn:ietf:params:jmap:submission': {}, 'urn:ietf:params:jmap:core': {} } },"
                + " call: async ([[name, given]]) => {"
                + "  if (names[name]) return { which: { list: given.filter.emailIds.map((id) => ({ id: 's' + id, emailId: id })) } };"
                + "  said.push(name + ' ' + JSON.stringify(given.onSuccessUpdateEmail ?? given.update));"
                + "  if (name === 'Email/set') return { place: {} };"
                + "  if (breaks) { breaks = false; throw Object.assign(new Error('away'), { status: 503 }); }"
                + "  return { set: { updated: { s1: null, s3: null }, notUpdated: { s2: { type: 'cannotUnsend' } }, implied: { notUpdated: { 3: { type: 'notFound' } } } } }; } };"
                + "const patch = { 'mailboxIds/W': null, 'mailboxIds/T': true };"
                + "let told = 0; const { ids, refused } = await module.callOff(client, { patches: { 1: patch, 2: patch, 3: patch }, draftsId: 'D', told: () => told++ });"
                + "return [ids, told, refused.message, refused.isPartial, said[0] === said[1], said[0].includes('\"s1\":{\"mailboxIds/W\":null'), said[2]].join('|')";
        assertThat(webmail.module("compose-send.js", code))
                .isEqualTo(
                        "1|1|cannotUnsend|true|true|true|Email/set {\"3\":{\"mailboxIds/W\":null,\"mailboxIds/D\":true,\"keywords/$draft\":true}}");
    }

    @Test
    void draft_that_was_sent_from_elsewhere_is_neither_put_aside_nor_destroyed() {
        String code =
                "const said = []; const client = { call: async ([[name]]) => { said.push(name); return { now: { list: [{ id: 'M1', keywords: {} }] } }; } };"
                        + "const draft = new module.Draft({ client, accountId: 'A', draftsId: 'D', id: 'M1', messageId: 'm@x.test', mail: () => ({}), stored: () => {}, told: () => {} });"
                        + "return [await draft.putAside('T'), await draft.discard(), ...said].join()";
        assertThat(webmail.module("compose-draft.js", code)).isEqualTo("false,true,Email/get,Email/get");
    }

    @Test
    void an_action_goes_on_in_the_account_where_it_began() {
        String code =
                "let shown = 'B'; const client = { accountId: 'A', call: async ([[, { accountId }]]) => accountId };"
                        + "const reader = new module.AccountClient(client, { account: () => shown });"
                        + "const at = reader.pinned(); shown = undefined;"
                        + "return [at.accountId, await at.call([['Email/set', {}, 'set']]), reader.accountId].join()";
        assertThat(webmail.module("shared.js", code)).isEqualTo("B,B,A");
    }

    @Test
    void what_is_held_is_said_to_wait() {
        assertThat(webmail.module("delivery.js", "return module.outcome({ delivered: 'queued' }, true)"))
                .isEqualTo("Waits to be sent");
    }

    @Test
    void mailbox_that_is_called_as_a_word_of_ours_has_an_address_of_its_own() {
        assertThat(json("router.js", "module.parse(module.mailboxHash(['search', 'a/b'])).mailbox"))
                .isEqualTo("['search','a/b']");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "plan~{'text':'plan'}",
                "from:ann plan~{'operator':'AND','conditions':[{'text':'plan'},{'from':'ann'}]}",
                "-is:unread~{'operator':'NOT','conditions':[{'notKeyword':'$seen'}]}",
                "in:work~{'inMailbox':'W'}",
                "has:wings~{'text':'has:wings'}",
                "after:2026-13-99x~{'text':'after:2026-13-99x'}",
                "``~null"
            })
    void search_becomes_a_filter(String words, String filter) {
        assertThat(json(
                        "search.js",
                        "module.parseSearch(args[0], (name) => (name === 'work' ? 'W' : undefined))",
                        words))
                .isEqualTo(filter);
    }

    /** A server of three Emails that tells which patches it was sent. */
    private static final String SERVER =
            "const sent = []; const client = { session: { capabilities: { 'urn:ietf:params:jmap:core': { maxObjectsInSet: 1 } } }, pinned() { return this; },"
                    + " call: async ([[name, given]]) => { sent.push(given.update); return { set: { updated: {} } }; } };"
                    + "const { Emails } = await import(new URL('emails.js', document.querySelector('script[type=module]').src));"
                    + "const { Store } = await import(new URL('store.js', document.querySelector('script[type=module]').src));"
                    + "const { undoLatest } = await import(new URL('toast.js', document.querySelector('script[type=module]').src));"
                    + "const store = new Store(); const emails = new Emails();"
                    + "store.set('mailboxes', new Map([['A', { id: 'A', role: 'archive', name: 'Archive' }], ['I', { id: 'I', role: 'inbox' }], ['S', { id: 'S', role: 'sent' }]]));"
                    + "store.set('client', client); store.set('sync', { during: (work) => work(), run: async () => {} });"
                    + "emails.put([{ id: '1', threadId: 'T', mailboxIds: { I: true }, keywords: {} }, { id: '2', threadId: 'T', mailboxIds: { S: true }, keywords: { $seen: true } }, { id: '3', threadId: 'U', mailboxIds: { I: true, A: true }, keywords: { $flagged: true } }]);"
                    + "emails.putThreads([{ id: 'T', emailIds: ['1', '2'] }, { id: 'U', emailIds: ['3'] }]);"
                    + "const actions = new module.Actions({ client, store, emails });";

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "archive(['1','3'], { mailboxId: 'I' })~[{'1':{'mailboxIds/I':null,'mailboxIds/A':true}},{'3':{'mailboxIds/I':null}}]",
                "archive(['1'])~[{'1':{'mailboxIds/I':null,'mailboxIds/A':true}}]",
                "seen(['1','3'], true, { mailboxId: 'I' })~[{'1':{'keywords/$seen':true}},{'3':{'keywords/$seen':true}}]",
                "seen(['1'], true)~[{'1':{'keywords/$seen':true}}]",
                "flag(['3'], false)~[{'3':{'keywords/$flagged':null}}]",
                "flag(['3'], true)~[]",
                "move(['1'], 'S')~[{'1':{'mailboxIds/I':null,'mailboxIds/S':true}}]"
            })
    void actions_become_patches(String action, String patches) {
        Object sent =
                webmail.module("actions.js", SERVER + "await actions." + action + "; return JSON.stringify(sent)");
        assertThat(sent.toString().replace('"', '\'')).isEqualTo(patches);
    }

    /** Another account is shown as soon as the server is asked. */
    @Test
    void all_of_a_mailbox_is_read_in_the_account_where_it_was_asked_for() {
        String code = SERVER + "let shown = 'X'; client.pinned = () => { const accountId = shown; return { accountId,"
                + " call: async ([[name, given]]) => { shown = 'Y'; sent.push(accountId + ' ' + name + ' ' + JSON.stringify(given.filter ?? given.ids ?? given.update));"
                + " if (name === 'Email/query') return { query: { ids: given.position ? ['3'] : ['1', '2'], total: 3 } };"
                + " return name === 'Email/get' ? { emails: { list: given.ids.map((id) => emails.get(id)) } } : { set: { updated: {} } }; } }; };"
                + "await actions.readAll('I'); return sent.join('|')";
        String filter = "{'inMailbox':'I','notKeyword':'$seen'}";
        assertThat(webmail.module("actions.js", code).toString().replace('"', '\''))
                .isEqualTo("X Email/query " + filter + "|X Email/query " + filter + "|X Email/get ['1','2','3']"
                        + "|X Email/set {'1':{'keywords/$seen':true}}|X Email/set {'3':{'keywords/$seen':true}}");
    }

    /** Of three questions the second is answered when a notice is dismissed that its answer still has. */
    @Test
    void a_notice_that_is_dismissed_does_not_come_back_by_a_late_answer() {
        String code =
                "const asked = []; const notice = (name) => ({ id: name, name, objectId: name, changedBy: { email: 'ann@x.test' }, newRights: {} });"
                        + "const client = { session: { capabilities: { 'urn:ietf:params:jmap:core': {} } }, capability: () => ({}),"
                        + " call: ([[name]]) => (name.endsWith('/set') ? Promise.resolve({ set: {} }) : new Promise((done) => asked.push((...names) => done({ query: {}, notices: { list: names.map(notice) } })))) };"
                        + "const { Store } = await import(new URL('store.js', document.querySelector('script[type=module]').src));"
                        + "const store = new Store(); const { element } = new module.Notices({ client, store });"
                        + "const shown = async () => { await new Promise((done) => setTimeout(done)); return [...element.querySelectorAll('[data-testid=notice-dismiss]')].map((one) => one.getAttribute('aria-label').match(/shared (.*) with/)[1]).join(); };"
                        + "asked[0]('a', 'b'); const said = [await shown()]; store.emit('shares');"
                        + "element.querySelector('[data-testid=notice-dismiss]').click(); said.push(await shown());"
                        + "asked[1]('a', 'b'); said.push(await shown()); asked[2]('b', 'c'); said.push(await shown()); return said.join('|')";
        assertThat(webmail.module("notices.js", code)).isEqualTo("a,b|b|b|b,c");
    }

    /** Who sends by the mouse has the pointer where the notice comes. */
    @Test
    void what_is_offered_for_a_time_goes_with_it_whoever_points_at_it() {
        webmail.module(
                "toast.js",
                "for (const ends of [false, true]) { module.toast(`Ends: ${ends}`, { action() {}, seconds: .1, ends });"
                        + " document.querySelector('.toast:last-child').dispatchEvent(new Event('pointerenter')); }");
        By first = By.xpath("//*[contains(@class, 'toast')]/span[.='Ends: true']");
        webmail.until("sees it no more", d -> d.findElements(first).isEmpty());
        webmail.text("Ends: false");
        webmail.dismissNotices();
    }

    @Test
    void undo_sends_what_takes_each_patch_back() {
        Object sent = webmail.module(
                "actions.js",
                SERVER
                        + "await actions.archive(['1', '3'], { mailboxId: 'I' }); sent.length = 0; undoLatest();"
                        + "while (sent.length < 2) await new Promise((done) => setTimeout(done)); return JSON.stringify([sent, emails.get('1').mailboxIds])");
        assertThat(sent.toString().replace('"', '\''))
                .isEqualTo(
                        "[[{'1':{'mailboxIds/I':true,'mailboxIds/A':null}},{'3':{'mailboxIds/I':true}}],{'I':true}]");
    }

    @Test
    void what_is_gone_in_part_is_said_to_be_and_has_no_undo() {
        Object said = webmail.module(
                "actions.js",
                SERVER
                        + "store.set('mailboxes', new Map([['I', { id: 'I', role: 'trash' }]]));"
                        + "emails.put([{ id: '2', mailboxIds: { I: true } }]);"
                        + "client.call = async ([[name, given]]) => { if (name === 'Email/get') return { emails: { list: given.ids.map((id) => emails.get(id)) } };"
                        + " if (sent.push(given.destroy) > 1) throw new Error('cut'); return { set: { destroyed: given.destroy } }; };"
                        + "const done = actions.trash(['1', '2'], { mailboxId: 'I' }); document.querySelector('dialog .danger').click(); await done;"
                        + "const toast = document.querySelector('.toast:last-child'); return [sent.length, toast.querySelector('span').textContent, toast.querySelector('.toast-action') === null]");
        assertThat(said).isEqualTo(List.of(2L, "That was done in part only: cut", true));
    }

    @Test
    void text_that_a_language_lacks_is_shown_in_english_and_a_key_that_none_has_as_it_is() {
        webmail.script("localStorage.setItem('posthorn.language', 'de')");
        webmail.driver().navigate().refresh();
        webmail.text("Anmelden");
        Object shown = webmail.module(
                "texts.js",
                "const { de } = module.LANGUAGES; const { cancel } = de; delete de.cancel;"
                        + "try { return [module.t('cancel'), module.t('none.such'), module.t('close')]; } finally { de.cancel = cancel; }");
        assertThat(shown).isEqualTo(List.of("Cancel", "none.such", "Schließen"));
        webmail.open();
    }
}
