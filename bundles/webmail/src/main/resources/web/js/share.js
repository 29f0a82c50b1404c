// With whom a mailbox is shared, RFC 9670: who may read it, and who may change what is in it.
import { dialog } from './dialog.js';
import { h, iconButton } from './dom.js';
import { mailboxName } from './mailboxes.js';
import { inAccount } from './shared.js';
import { t } from './texts.js';

const READ = { mayReadItems: true, maySetSeen: true };
const LEVELS = { read: READ, write: { ...READ, mayAddItems: true, mayRemoveItems: true, maySetKeywords: true } };

const OTHER = 'other';

/** The level that rights are, or `other` where they are none of them. */
function levelOf(rights) {
  const granted = Object.keys(rights).filter((right) => rights[right]).sort().join();
  return Object.keys(LEVELS).find((level) => Object.keys(LEVELS[level]).sort().join() === granted) ?? OTHER;
}

function levels(chosen, label, onChange = () => {}) {
  const options = [...Object.keys(LEVELS), ...(chosen === OTHER ? [OTHER] : [])];
  return h('select', { class: 'field share-level', aria: { label }, on: { change: (event) => onChange(event.target.value) } },
    options.map((level) => h('option', { value: level, selected: level === chosen }, t(`share.${level}`))));
}

/** Shows it, and shares with whoever is named there. */
export function openShare({ client, store, mailbox }) {
  const share = new Share(client, mailbox);
  share.draw();
  return dialog({ title: t('share.title', { name: mailboxName(mailbox) }), class: 'share', body: share.body(), buttons: [] }).then(() => store.get('sync').run());
}

class Share {
  #client;
  #mailbox;
  #with;
  #names = new Map();

  constructor(client, mailbox) {
    this.#client = client;
    this.#mailbox = mailbox;
    this.#with = { ...mailbox.shareWith };
    this.list = h('ul', { class: 'share-list', aria: { label: t('share.people') } });
    this.note = h('p', { class: 'share-note', role: 'status' });
  }

  body() {
    const email = h('input', { type: 'email', class: 'field', id: 'share-email', autocomplete: 'off', aria: { describedby: 'share-note' }, data: { testid: 'share-email' } });
    const level = levels('read', t('share.may'));
    const add = () => this.#add(email, level.value);
    this.note.id = 'share-note';
    email.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      add();
    });
    return [
      h('label', { for: 'share-email' }, t('share.whom')),
      h('div', { class: 'share-add' }, email, level, h('button', { type: 'button', class: 'button primary', data: { testid: 'share-add' }, on: { click: add } }, t('share.add'))),
      this.note,
      this.list,
    ];
  }

  async draw() {
    await this.#learn();
    const people = Object.keys(this.#with);
    this.list.replaceChildren(...people.map((id) => this.#line(id, this.#names.get(id) ?? id)));
    this.list.hidden = people.length === 0;
  }

  #line(id, name) {
    const level = levels(levelOf(this.#with[id]), t('share.mayOf', { name }), (chosen) => LEVELS[chosen] && this.#set(id, LEVELS[chosen]));
    return h('li', {}, h('span', { class: 'share-name' }, name), level, iconButton('close', t('share.remove', { name }), () => this.#set(id, null)));
  }

  /** What those are called that are not known yet. */
  async #learn() {
    const ids = Object.keys(this.#with).filter((id) => !this.#names.has(id));
    if (ids.length === 0) return;
    const { people } = await this.#client.call([['Principal/get', { ids, properties: ['name'] }, 'people']], { partial: true });
    for (const { id, name } of people.list ?? []) this.#names.set(id, name);
  }

  async #add(input, level) {
    const email = input.value.trim().toLowerCase();
    if (!email) return input.focus();
    try {
      const found = await this.#find(email);
      if (!found) this.#say(t('share.nobody', { email }));
      else if (await this.#set(found.id, LEVELS[level])) input.value = '';
    } catch (error) {
      this.#say(t('error.notDone', { why: error.message }));
    }
    // Who has mistyped types over it.
    input.focus();
    return input.select();
  }

  async #find(email) {
    const { query } = await this.#client.call([['Principal/query', { filter: { email } }, 'query']]);
    if (query.ids.length === 0) return null;
    const { people } = await this.#client.call([['Principal/get', { ids: query.ids, properties: ['name', 'email'] }, 'people']]);
    return people.list.find((one) => one.email?.toLowerCase() === email && one.email.toLowerCase() !== this.#client.username.toLowerCase());
  }

  /** At once at the server. @returns whether it is done; if not, that is said */
  async #set(id, rights) {
    try {
      const update = { [this.#mailbox.id]: { [`shareWith/${id}`]: rights } };
      const { set } = await this.#client.call([['Mailbox/set', { ...inAccount(this.#mailbox), update }, 'set']]);
      const refused = set.notUpdated?.[this.#mailbox.id];
      if (refused) throw new Error(refused.description ?? refused.type);
      if (rights) this.#with[id] = rights;
      else delete this.#with[id];
      await this.draw();
      this.#say(t(rights ? 'share.done' : 'share.removed', { name: this.#names.get(id) ?? id }));
      return true;
    } catch (error) {
      this.#say(t('error.notDone', { why: error.message }));
      return false;
    }
  }

  #say(text) {
    this.note.textContent = text;
  }
}
