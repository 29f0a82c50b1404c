package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriverException;

/** The same mails where they are answered, forwarded, gone on with as drafts, signed with, and shown as text: there no frame holds them, so less may stay. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileEditorIT {

    /** What is wrong with what lies below an element, and with the page. */
    private static final String LOOK = "const look = (selector, elements, attributes) => { const out = [];"
            + "if (window.hit) out.push('runs a script'); delete window.hit;"
            + "for (const e of document.querySelector(selector).querySelectorAll('*')) {"
            + "  if (!elements.test(e.localName) || e.namespaceURI !== 'http://www.w3.org/1999/xhtml') out.push('keeps ' + e.outerHTML.slice(0, 160));"
            + "  for (const a of e.attributes) if (!attributes.test(a.name)) out.push('keeps ' + a.name + '=' + a.value.slice(0, 80));"
            + "  if (e.hasAttribute('href') && !/^(https?|mailto|tel):/i.test(e.getAttribute('href').trim())) out.push('leads to ' + e.getAttribute('href'));"
            + "  if (e.hasAttribute('src') && !e.src.startsWith('blob:')) out.push('loads ' + e.src.slice(0, 80)); }"
            + "if (!location.pathname.startsWith('/mail/')) out.push('has taken the page to ' + location);"
            + "if (!document.getElementById('app')?.querySelector('[data-testid=message-list]')) out.push('has broken the page');"
            + "return out; };";

    private static final String EDITOR = "look('[data-testid=compose-body]',"
            + " /^(a|b|blockquote|br|code|dd|del|div|dl|dt|em|h[1-6]|hr|i|img|li|ol|p|pre|s|span|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|u|ul)$/,"
            + " /^(href|src|alt|title|width|height|colspan|rowspan|dir|lang|start|type|data-from|data-signature)$/)";

    private static final String TEXT =
            "look('.message-body', /^(a|details|div|summary)$/, /^(class|href|rel|target)$/)";

    private static final String SOON =
            "const soon = (what) => new Promise((resolve, reject) => { const end = performance.now() + 15000; const ask = () => { const is = what();"
                    + "if (is) resolve(is); else if (performance.now() > end) reject(new Error('waits for ' + what)); else requestAnimationFrame(ask); }; ask(); });"
                    + "const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 40))));"
                    + "const at = (id) => document.querySelector(`[data-testid=${id}]`);"
                    + "const press = (key) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));"
                    + "const discard = async () => { at('compose-discard').click(); await soon(() => !at('compose-window')); };"
                    + "const subject = (name) => soon(() => document.querySelector('.message-subject')?.textContent === name && at('message-body'));";

    private final Webmail webmail;
    private Hostile hostile;
    private Jmap mail;

    HostileEditorIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void fill() throws Exception {
        hostile = new Hostile();
        Shelf shelf = new Shelf(webmail.server().maildir("editor"));
        for (Map.Entry<String, String> one : hostile.cases().entrySet()) {
            String subject = "Subject: " + one.getKey() + "\n";
            String html = subject + "Content-Type: text/html; charset=utf-8\n";
            shelf.put("", "Mallory <mallory@far.test>", html, one.getValue(), true);
            shelf.put(".Drafts", "editor@one.test", html, one.getValue(), "DS");
            String text = subject + "Content-Type: text/plain; charset=utf-8\n";
            shelf.put(".Plain", "Mallory <mallory@far.test>", text, one.getValue(), true);
        }
        String user = webmail.server().user("editor");
        mail = new Jmap(webmail.server(), user);
        webmail.login(user);
    }

    @AfterAll
    void stop() {
        hostile.close();
    }

    @BeforeEach
    void forget() {
        hostile.fetched().clear();
    }

    private interface Use {
        /** @return what is wrong */
        List<?> of(int uid, String name) throws Exception;
    }

    /** Nothing is wrong with any of them, and none fetches anything. */
    private void each(Use use) throws Exception {
        List<String> faults = new ArrayList<>();
        String window = webmail.driver().getWindowHandle();
        int uid = 0;
        for (String name : hostile.cases().keySet()) {
            try {
                for (Object fault : use.of(++uid, name)) faults.add(name + " " + fault);
            } catch (WebDriverException late) {
                throw new AssertionError("stopped at " + name + ", after " + faults, late);
            }
            hostile.fetched().forEach(url -> faults.add(name + " fetches " + url));
            hostile.fetched().clear();
        }
        assertThat(faults).isEmpty();
        assertThat(webmail.driver().getWindowHandles()).containsExactly(window);
    }

    private List<?> page(String code, Object... arguments) {
        Object found = webmail.async(
                LOOK + SOON + "const args = arguments; const done = args[args.length - 1]; (async () => {" + code
                        + "})().then(done, (fault) => done([String(fault)]));",
                arguments);
        return (List<?>) found;
    }

    @Test
    void nothing_of_a_mail_acts_where_it_is_answered_or_forwarded() throws Exception {
        each((uid, name) -> page(
                "location.hash = '#/INBOX/uid/' + args[0]; await subject(args[1]); const out = [];"
                        + "for (const key of ['r', 'f']) { press(key); await soon(() => at('compose-body')); await drawn();"
                        + "out.push(..." + EDITOR + "); await discard(); } return out;",
                uid,
                name));
    }

    @Test
    void nothing_of_a_draft_acts_that_another_program_has_made() throws Exception {
        each((uid, name) -> page(
                "location.hash = '#/Drafts/uid/' + args[0]; await subject(args[1]);"
                        + "document.querySelector('.message-answers button').click(); await soon(() => at('compose-body')); await drawn();"
                        + "const out = " + EDITOR + "; await discard(); return out;",
                uid,
                name));
    }

    @Test
    void nothing_of_a_signature_acts() throws Exception {
        String id = mail.call("Identity/get", "\"ids\":null").at("/list/0/id").asText();
        webmail.script("location.hash = '#/INBOX'");
        each((uid, name) -> {
            String html =
                    JsonNodeFactory.instance.textNode(hostile.cases().get(name)).toString();
            mail.call("Identity/set", "\"update\":{\"" + id + "\":{\"htmlSignature\":" + html + "}}");
            return page("at('compose').click(); await soon(() => at('compose-body')); await drawn(); const out = "
                    + EDITOR + "; await discard(); return out;");
        });
        mail.call("Identity/set", "\"update\":{\"" + id + "\":{\"htmlSignature\":\"\"}}");
    }

    @Test
    void nothing_of_a_text_is_more_than_text_and_links() throws Exception {
        each((uid, name) -> page(
                "location.hash = '#/Plain/uid/' + args[0]; await subject(args[1]); await drawn(); return " + TEXT + ";",
                uid,
                name));
        assertThat(webmail.all(By.cssSelector("[data-testid=message-body] iframe")))
                .isEmpty();
    }
}
