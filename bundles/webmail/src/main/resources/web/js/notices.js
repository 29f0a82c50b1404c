// What others share with the user from now on, or no longer: RFC 9670 3. It stands above the mail until he opens or dismisses it.
import { h } from './dom.js';
import { batches } from './jmap.js';
import { mailboxHash } from './router.js';
import { subscribe } from './shared.js';
import { t } from './texts.js';
import { toast } from './toast.js';

export const PRINCIPALS = 'urn:ietf:params:jmap:principals';

/** So many stand there at a time; those behind them move up. */
const SHOWN = 3;
const MOST = 500;

export class Notices {
  #client;
  #store;
  #all = [];
  /** How often the list was asked for or changed: an answer to an earlier question is too late. */
  #turn = 0;
  /** Those that are shown, by the ids of the notices. */
  #lines = new Map();
  #more = h('p', { class: 'share-notice' }, h('span', {}), button('notices.dismissAll', 'notices-dismiss-all', () => this.#dismiss(this.#all)));

  constructor({ client, store }) {
    this.#client = client;
    this.#store = store;
    // There before the first notice, so that a screen reader watches it.
    this.element = h('section', { class: 'notices', aria: { label: t('notices'), live: 'polite' }, data: { testid: 'notices' } });
    if (!client.capability(PRINCIPALS)) return;
    store.on('shares', () => this.#fetch());
    store.on('mailboxId', (id) => this.#dismiss(this.#all.filter((notice) => notice.objectId === id)));
    this.#fetch();
  }

  async #fetch() {
    const turn = ++this.#turn;
    const { query, notices } = await this.#client.call(
      [
        ['ShareNotification/query', { sort: [{ property: 'created', isAscending: false }], limit: MOST }, 'query'],
        ['ShareNotification/get', { '#ids': { resultOf: 'query', name: 'ShareNotification/query', path: '/ids' } }, 'notices'],
      ],
      { partial: true },
    ).catch((error) => ({ query: { error } }));
    // The next sign of a change asks again.
    if (query.error || notices.error || turn !== this.#turn) return;
    this.#all = notices.list;
    this.#draw();
  }

  /** What stays is not touched, so that nothing is read aloud twice. */
  #draw() {
    const before = this.#lines;
    const shown = this.#all.slice(0, SHOWN);
    this.#lines = new Map(shown.map((notice) => [notice.id, before.get(notice.id) ?? this.#line(notice)]));
    const wanted = [...this.#lines.values(), ...this.#rest(this.#all.length - SHOWN)];
    for (const line of [...this.element.children]) if (!wanted.includes(line)) line.remove();
    wanted.forEach((line, i) => line !== this.element.children[i] && this.element.insertBefore(line, this.element.children[i] ?? null));
  }

  /** How many are not shown. */
  #rest(more) {
    if (more <= 0) return [];
    const [words] = this.#more.children;
    const text = t('notices.more', { n: more });
    if (words.textContent !== text) words.textContent = text;
    return [this.#more];
  }

  #line(notice) {
    const text = words(notice);
    return h('p', { class: 'share-notice' },
      h('span', {}, text),
      notice.newRights?.mayReadItems && button('notices.open', 'notice-open', () => this.#open(notice), text),
      button('notices.dismiss', 'notice-dismiss', () => this.#dismiss([notice]), text));
  }

  /** What is opened is wanted in the list as well. */
  async #open(notice) {
    const { objectAccountId: accountId, objectId: id } = notice;
    try {
      await subscribe(this.#client, accountId, [id], true);
      await this.#dismiss([notice]);
      await this.#store.get('sync').run();
      if (this.#store.get('mailboxes').has(id)) location.hash = mailboxHash(this.#store.mailboxPath(id));
      else toast(t('mailbox.gone', { name: notice.name }), { error: true });
    } catch (error) {
      toast(t('error.notDone', { why: error.message }), { error: true });
    }
  }

  async #dismiss(notices) {
    if (notices.length === 0) return;
    const ids = notices.map((notice) => notice.id);
    const focused = [...this.element.children].findIndex((line) => line.contains(document.activeElement));
    this.#turn++;
    this.#all = this.#all.filter((notice) => !ids.includes(notice.id));
    this.#draw();
    if (focused >= 0) this.#focus(focused);
    try {
      for (const destroy of batches(this.#client, ids, 'maxObjectsInSet')) await this.#client.call([['ShareNotification/set', { destroy }, 'set']]);
    } catch (error) {
      toast(t('error.notDone', { why: error.message }), { error: true });
    }
    // What came meanwhile, and what is not gone.
    await this.#fetch();
  }

  /** Whose button is gone goes on with the notice that stands there now, or with the mail. */
  #focus(position) {
    if (this.element.contains(document.activeElement)) return;
    const line = this.element.children[position] ?? this.element.lastElementChild;
    (line?.querySelector('button:last-child') ?? document.querySelector('.rows'))?.focus();
  }
}

function button(text, testid, run, about) {
  return h('button', { type: 'button', class: 'button', data: { testid }, aria: { label: about && `${t(text)}: ${about}` }, on: { click: run } }, t(text));
}

function words({ changedBy, name, oldRights, newRights }) {
  const who = changedBy.email ?? t('notices.administrator');
  return t(!newRights ? 'notices.gone' : oldRights ? 'notices.changed' : 'notices.new', { who, name });
}
