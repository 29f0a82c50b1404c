package org.posthorn.itests.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Mails that want to run scripts, fetch something, or get out of their frame: none of them does. What they are is in {@code hostile.txt}. */
@ExtendWith(Site.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileHtmlIT {

    private final Webmail webmail;
    private Hostile hostile;

    HostileHtmlIT(Webmail webmail) {
        this.webmail = webmail;
    }

    @BeforeAll
    void login() throws Exception {
        hostile = new Hostile();
        Shelf shelf = new Shelf(webmail.server().maildir("target"));
        for (Map.Entry<String, String> mail : hostile.cases().entrySet())
            shelf.put(
                    "Mallory <mallory@far.test>",
                    "Subject: " + mail.getKey() + "\nContent-Type: text/html; charset=utf-8\n",
                    mail.getValue(),
                    true);
        webmail.login(webmail.server().user("target"));
    }

    @AfterAll
    void stop() {
        hostile.close();
    }

    @Test
    void what_watches_sees_what_is_fetched() {
        webmail.driver().get(hostile.url() + "/page");
        webmail.until(
                "sees the page fetch",
                d -> hostile.fetched().contains("/control.png")
                        && hostile.fetched().contains("/control"));
        webmail.driver().get(webmail.server().webmail());
        webmail.see("message-list");
        hostile.fetched().clear();
    }

    @Test
    void no_mail_runs_a_script_fetches_anything_or_leaves_its_frame() throws IOException {
        hostile.fetched().clear();
        List<String> faults = new ArrayList<>();
        String window = webmail.driver().getWindowHandle();
        int uid = 0;
        for (String name : hostile.cases().keySet()) {
            open(++uid, name);
            look(name, faults);
            hostile.fetched().forEach(url -> faults.add(name + " fetches " + url));
            hostile.fetched().clear();
        }
        webmail.picture("hostile-last");
        assertThat(faults).isEmpty();
        assertThat(webmail.driver().getWindowHandles()).containsExactly(window);
    }

    private void open(int uid, String name) {
        webmail.script("location.hash = '#/INBOX/uid/' + arguments[0]", uid);
        webmail.until(
                "reads " + name,
                d -> webmail.script(
                        "const s = document.querySelector('.message-subject'); if (!s || s.textContent !== arguments[0]) return null;"
                                + "const f = document.querySelector('[data-testid=message-body] iframe');"
                                + "return f ? (f.contentDocument?.readyState === 'complete' && f.contentDocument.querySelector('.posthorn-mail') ? true : null)"
                                + " : document.querySelector('.message-none') ? true : null",
                        name));
        // What begins by itself has begun when the page has been drawn twice.
        webmail.async(
                "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)))");
    }

    private void look(String name, List<String> faults) {
        Object found = webmail.script("const out = []; if (window.hit) out.push('runs a script'); delete window.hit;"
                + "const f = document.querySelector('[data-testid=message-body] iframe'); const d = f?.contentDocument;"
                + "if (d?.defaultView.hit) out.push('runs a script in its frame');"
                + "if (f && f.sandbox.contains('allow-scripts')) out.push('may run scripts');"
                + "if (d && !d.location.pathname.startsWith('/mail/')) out.push('has gone to ' + d.location);"
                + "const acts = 'script,iframe,frame,object,embed,form,input,button,link,meta,base,svg,math,template,video,audio,source';"
                + "for (const e of d?.body.querySelectorAll(acts) ?? []) out.push('keeps ' + e.outerHTML.slice(0, 200));"
                + "for (const e of d?.body.querySelectorAll('*') ?? []) for (const a of e.attributes)"
                + " if (/^on/i.test(a.name) || /^\\s*(javascript|vbscript|data:text)/i.test(a.value)) out.push('keeps ' + a.name + '=' + a.value.slice(0, 80));"
                + "for (const a of d?.body.querySelectorAll('a[href]') ?? []) if (!/^mailto:/.test(a.href) && (a.target !== '_blank' || !a.rel.includes('noopener'))) out.push('has a link out of its frame ' + a.outerHTML.slice(0, 200));"
                + "if (!location.pathname.startsWith('/mail/')) out.push('has taken the page to ' + location);"
                + "if (!document.getElementById('app')?.querySelector('[data-testid=message-list]')) out.push('has broken the page');"
                + "return out;");
        for (Object fault : (List<?>) found) faults.add(name + " " + fault);
    }
}
