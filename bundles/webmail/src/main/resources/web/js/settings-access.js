import { button } from './compose-dom.js';
import { h } from './dom.js';
import { locale, t } from './texts.js';
import { toast } from './toast.js';

/** Who gets in: the sessions of browsers, and a password for each mail program. */
export function accessSections(client) {
  return [sessions(client), appPasswords(client)];
}

const when = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

function used(one) {
  return one.lastUsed ? t('settings.lastUsed', { when: when.format(new Date(one.lastUsed)) }) : t('settings.never');
}

function why(fault) {
  return fault.status === 404 || fault.status === 503 ? t('settings.notThere') : t('settings.failed', { why: fault.message });
}

/** A list that is fetched again after each change. */
function listing(client, { url, member, row, testid }) {
  const list = h('ul', { class: 'access', data: { testid } });
  const refresh = async () => {
    try {
      const answer = await (await client.fetch(url)).json();
      const rows = answer[member].map((one) => row(one, refresh));
      list.replaceChildren(...(rows.length ? rows : [h('li', { class: 'faint' }, t('settings.none'))]));
    } catch (fault) {
      list.replaceChildren(h('li', { class: 'faint' }, why(fault)));
    }
  };
  refresh();
  return { list, refresh };
}

/** Takes one away, and says so. */
async function remove(client, url, done, refresh) {
  try {
    await client.fetch(url, { method: 'DELETE' });
    toast(done);
  } catch (fault) {
    toast(why(fault), { error: true });
  }
  await refresh();
}

function row(one, note, action) {
  return h('li', {}, h('div', {}, h('strong', {}, one.name), h('span', { class: 'faint' }, note)), action);
}

function sessions(client) {
  const { list } = listing(client, {
    url: '/auth/tokens',
    member: 'tokens',
    testid: 'session-list',
    row: (one, refresh) => row(one, one.current ? `${t('settings.current')}, ${used(one)}` : used(one),
      one.current ? null : button(t('settings.end'), () => remove(client, `/auth/tokens/${encodeURIComponent(one.id)}`, t('settings.ended'), refresh),
        { class: 'button', 'aria-label': `${t('settings.end')}: ${one.name}`, 'data-testid': 'session-end' })),
  });
  return h('section', {}, h('h3', {}, t('settings.sessions')), h('p', { class: 'faint' }, t('settings.sessionsHint')), list);
}

function appPasswords(client) {
  const { list, refresh } = listing(client, {
    url: '/auth/app-passwords',
    member: 'appPasswords',
    testid: 'app-password-list',
    row: (one, again) => row(one, used(one), button(t('settings.revoke'), () => remove(client, `/auth/app-passwords/${encodeURIComponent(one.id)}`, t('settings.revoked'), again),
      { class: 'button', 'aria-label': `${t('settings.revoke')}: ${one.name}`, 'data-testid': 'app-password-revoke' })),
  });
  const name = h('input', { id: 'app-password-name', type: 'text', class: 'field', maxLength: 100, data: { testid: 'app-password-name' } });
  const shown = h('div', { class: 'made', role: 'status' });
  const maker = button(t('settings.make'), () => make(), { class: 'button', 'data-testid': 'app-password-make' });
  const make = async () => {
    if (maker.disabled) return;
    maker.disabled = true;
    await makePassword(client, name, shown);
    await refresh();
    maker.disabled = false;
    // It is shown this once, and the list above it has just grown.
    shown.querySelector('code')?.focus();
    shown.scrollIntoView({ block: 'center' });
  };
  name.addEventListener('keydown', (event) => event.key === 'Enter' && make());
  return h('section', {}, h('h3', {}, t('settings.appPasswords')), h('p', { class: 'faint' }, t('settings.appPasswordsHint')), list,
    h('div', { class: 'field-row' }, h('label', { for: name.id }, t('settings.appName')), name, maker),
    shown);
}

async function makePassword(client, name, shown) {
  if (!name.value.trim()) {
    name.focus();
    return;
  }
  try {
    const response = await client.fetch('/auth/app-passwords', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: name.value.trim() }),
    });
    const made = await response.json();
    const copy = () => navigator.clipboard.writeText(made.password).then(() => toast(t('settings.copied')), (fault) => toast(why(fault), { error: true }));
    shown.replaceChildren(h('p', {}, t('settings.made', { name: made.name })), h('code', { tabindex: 0, data: { testid: 'app-password' } }, made.password), ...(navigator.clipboard ? [button(t('settings.copy'), copy, { class: 'button' })] : []));
    name.value = '';
  } catch (fault) {
    shown.replaceChildren(h('p', { class: 'field-error' }, why(fault)));
  }
}
