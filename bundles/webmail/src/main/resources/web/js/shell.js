// The page around the three panes (mailboxes, list, reading), and what leads from one to another: the address.
import { Actions } from './actions.js';
import { toggleTheme } from './appearance.js';
import { h, icon, iconButton } from './dom.js';
import { Emails } from './emails.js';
import { help } from './keys.js';
import { keptOf, mayLeave } from './leaving.js';
import { List } from './list.js';
import { mailboxName, Mailboxes } from './mailboxes.js';
import { Conversation } from './message.js';
import { chooseMailbox } from './move.js';
import { Notices } from './notices.js';
import { follow, go, searchHash } from './router.js';
import { watchSendTimes } from './scheduled.js';
import { parseSearch } from './search.js';
import { accountOf, ownerShown, Scope } from './scope.js';
import { AccountClient, refusing } from './shared.js';
import { registerKeys } from './shortcuts.js';
import { Sync } from './sync.js';
import { askUntil, canSnooze, snooze, snoozeOrder } from './snooze.js';
import { justChosen, t } from './texts.js';
import { toast } from './toast.js';

/** As long as somebody types, nothing is searched. */
const PAUSE = 220;

/** A single letter is in every mail. */
const SHORTEST = 2;

/** Builds the page for who is logged in. */
export function openShell({ app, client, store }) {
  return new Shell(app, client, store).start();
}

class Shell {
  #app;
  #client;
  #store;
  #emails = new Emails();
  #base = null;
  /** The Email that is shown because the one before it was done with, and that nobody opened. */
  #unasked = null;

  constructor(app, client, store) {
    this.#app = app;
    this.#client = client;
    this.#store = store;
    this.reader = new AccountClient(client, store);
    this.actions = new Actions({ client: this.reader, store, emails: this.#emails });
    store.set('client', client);
    store.set('sync', new Sync({ client, store, emails: this.#emails }));
    store.on('compose', (options) => this.compose(options));
    watchSendTimes(client, store);
    // Heard before the list hears it, which then knows no longer what stands next.
    store.on('removed', (ids) => this.#leave(ids, true));
  }

  start() {
    const side = h('nav', { class: 'side', id: 'side', aria: { label: t('mailboxes') } }, h('button', { type: 'button', class: 'button primary compose', title: `${t('compose')} (c)`, data: { testid: 'compose' }, on: { click: () => this.compose() } }, icon('pen'), t('compose')));
    const pane = h('section', { class: 'list-pane', aria: { label: t('list') } });
    pane.append(h('button', { type: 'button', class: 'button primary float', aria: { label: t('compose') }, on: { click: () => this.compose() } }, icon('pen')));
    const reading = h('main', { class: 'reading', id: 'reading', aria: { label: t('reading') } });
    this.panes = h('div', { class: 'panes' }, side, h('button', { type: 'button', class: 'veil', tabindex: -1, aria: { label: t('close') }, on: { click: () => this.menu(false) } }), pane, reading);
    this.offline = h('p', { class: 'offline', role: 'status', hidden: true }, t('offline'));
    this.#app.append(h('a', { class: 'skip', href: '#reading', on: { click: (event) => { event.preventDefault(); this.list.focus(); } } }, t('skip')), this.#header(), this.offline, this.panes);
    this.#app.insertBefore(new Notices({ client: this.#client, store: this.#store }).element, this.panes);
    const parts = { client: this.reader, store: this.#store, emails: this.#emails, actions: this.actions };
    this.mailboxes = new Mailboxes({ ...parts, client: this.#client, pane: side });
    this.list = new List({ ...parts, pane, onOpen: (id) => this.open(id) });
    this.scope = new Scope(this.#store);
    pane.querySelector('.list-head').after(this.scope.element);
    this.list.onAct = (name, ids) => this.act(name, ids);
    this.conversation = new Conversation({ ...parts, pane: reading, onAct: (name, ids) => this.act(name, ids), onBack: () => this.back(), onStep: (by) => this.step(by) });
    registerKeys(this);
    this.#listen();
    return this.#begin();
  }

  get canSnooze() {
    return canSnooze(this.#client);
  }

  #listen() {
    this.#store.on('mailboxes', () => this.#heading());
    this.#store.on('online', (online) => this.#line(online));
    side(this.panes).addEventListener('click', (event) => event.target.closest('a') && this.menu(false));
    side(this.panes).addEventListener('keydown', (event) => event.key === 'Escape' && this.menu(false));
  }

  async #begin() {
    try {
      await this.#store.get('sync').start();
    } catch (error) {
      toast(error.status === 0 ? t('error.connection') : t('error.server', { why: error.message }), { error: true, seconds: 3600, label: t('retry'), action: () => this.#begin() });
      return;
    }
    follow((route) => this.#route(route));
    if (justChosen()) this.settings();
    // What a page could not save before it went.
    if (keptOf(this.#client.accountId).length > 0) this.#open('./compose.js', 'recoverUnsaved', { client: this.#client, store: this.#store });
  }

  #header() {
    this.search = h('input', { type: 'search', class: 'search-field', placeholder: t('search'), autocomplete: 'off', spellcheck: false, aria: { label: t('search'), describedby: 'search-help' }, data: { testid: 'search' }, on: { input: () => this.#typed(), keydown: (event) => this.#searchKey(event) } });
    return h(
      'header',
      { class: 'head' },
      iconButton('menu', t('menu'), () => this.menu(true), { class: 'icon-button menu' }),
      h('a', { class: 'brand', href: '#/INBOX' }, h('img', { src: new URL('../img/posthorn.svg', import.meta.url).href, alt: '' }), h('span', {}, 'Posthorn')),
      h('div', { class: 'head-search', role: 'search' }, icon('search'), this.search, h('span', { class: 'visually-hidden', id: 'search-help' }, t('search.hint'))),
      h('div', { class: 'head-tools' },
        iconButton('sun', t('theme'), toggleTheme, { class: 'icon-button wide-only' }),
        iconButton('help', t('keys.title'), help, { key: '?', class: 'icon-button wide-only' }),
        iconButton('settings', t('settings'), () => this.settings(), { data: { testid: 'settings' } }),
        h('span', { class: 'who', title: this.#client.username }, this.#client.username),
        iconButton('out', t('logout'), () => this.logout(), { data: { testid: 'logout' } })),
    );
  }

  /** What is only sometimes needed is fetched when it is. */
  async #open(module, name, options) {
    try {
      return (await import(module))[name](options);
    } catch (error) {
      return toast(t('error.notDone', { why: error.message }), { error: true });
    }
  }

  compose(options = {}) {
    this.menu(false);
    return this.#open('./compose.js', 'openCompose', { client: this.#client, store: this.#store, ...options });
  }

  settings() {
    return this.#open('./settings.js', 'openSettings', { client: this.#client, store: this.#store });
  }

  async logout() {
    if (!(await mayLeave({ client: this.#client }))) return;
    await this.#client.logout();
    location.replace(`${location.pathname}#/INBOX`);
    location.reload();
  }

  /** The mailboxes, where there is no room for them beside the list. */
  menu(open) {
    const inside = side(this.panes).contains(document.activeElement);
    this.panes.classList.toggle('menu-open', open);
    if (!open && inside) this.#app.querySelector('.menu').focus();
    if (open) side(this.panes).querySelector('a, button').focus();
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      const words = this.search.value.trim();
      const searching = this.#store.get('route')?.search !== undefined;
      if (words.length >= SHORTEST) go(searchHash(words, ownerShown(this.#store)), { replace: searching });
      else if (searching && !words) go('#/INBOX', { replace: true });
    }, PAUSE);
  }

  /** What is shown stands in the search, unless somebody is typing there right now. */
  #say(words) {
    if (document.activeElement === this.search && this.timer) return;
    clearTimeout(this.timer);
    this.timer = null;
    if (this.search.value.trim() !== words) this.search.value = words;
  }

  #searchKey(event) {
    if (event.key === 'Escape') {
      this.search.value = '';
      this.#typed();
    } else if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    this.list.focus();
  }

  /** Shows what the address says. */
  async #route(route) {
    this.#store.set('route', route);
    const moved = route.base !== this.#base;
    this.#base = route.base;
    if (moved) this.#show(route);
    this.#heading();
    const one = route.uid !== undefined || route.email !== undefined;
    this.panes.classList.toggle('reading-open', one);
    if (!one) return this.#closed();
    const id = await this.#idOf(route);
    if (id === undefined || this.#store.get('route') !== route) return undefined;
    if (!id) return toast(t('message.gone'), { error: true });
    const how = this.#unasked === id ? 'show' : 'open';
    this.#unasked = null;
    this.conversation[how](id, this.#store.get('mailboxId')).then(() => this.list.setCurrent(this.conversation.id));
    return this.list.setCurrent(id);
  }

  #closed() {
    this.conversation.close();
    this.list.setCurrent(null);
  }

  #show(route) {
    if (route.search !== undefined) return this.#showSearch(route);
    this.#say('');
    const mailbox = this.#byPath(route.mailbox);
    this.#place(mailbox?.id ?? null, null);
    this.#store.emit('route', route);
    if (!mailbox) {
      this.list.open({ title: route.mailbox.join(' / '), filter: null });
      return toast(t('mailbox.gone', { name: route.mailbox.join('/') }), { error: true });
    }
    return this.list.open({ title: mailboxName(mailbox), filter: { inMailbox: mailbox.id }, sort: snoozeOrder(this.#client, mailbox), mailboxId: mailbox.id, outgoing: ['sent', 'drafts', 'scheduled'].includes(mailbox.role) });
  }

  /** What is shown, and whose it is; what is typed into the search is searched for there. @param searched another one's account */
  #place(mailboxId, searched, words) {
    this.#store.set('searched', searched);
    this.#store.set('mailboxId', mailboxId);
    const owner = ownerShown(this.#store);
    this.search.placeholder = owner ? t('search.of', { owner }) : t('search');
    this.search.setAttribute('aria-label', this.search.placeholder);
    this.scope.show(words);
  }

  #showSearch({ search: words, of }) {
    this.#say(words);
    const account = of && accountOf(this.#store, of);
    this.#place(null, account ?? null, words);
    this.#store.emit('route', null);
    if (of && !account) {
      this.list.open({ title: t('search.results'), filter: null });
      return toast(t('mailbox.gone', { name: of }), { error: true });
    }
    const leaveOut = account ? [] : ['trash', 'junk'].map((role) => this.#store.mailboxByRole(role)?.id).filter(Boolean);
    const filter = parseSearch(words, (name) => this.#byName(name)?.id, leaveOut);
    return this.list.open({ title: t('search.results'), filter, words: true });
  }

  /** By the names from the top down; INBOX in any case, RFC 9051 5.1. */
  #byPath(path) {
    const wanted = path.join('/');
    return [...this.#store.get('mailboxes').values()].find((mailbox) => {
      const own = this.#store.mailboxPath(mailbox.id).join('/');
      return own === wanted || (mailbox.role === 'inbox' && /^inbox$/i.test(wanted));
    });
  }

  #byName(name) {
    const wanted = name.toLowerCase();
    const all = [...this.#store.get('mailboxes').values()].filter((mailbox) => mailbox.accountId === this.#store.account());
    return all.find((mailbox) => this.#store.mailboxPath(mailbox.id).join('/').toLowerCase() === wanted) ?? all.find((mailbox) => [mailbox.name.toLowerCase(), mailbox.role].includes(wanted));
  }

  /** The path of the mailbox with a role, if there is one. */
  mailboxOf(role) {
    const mailbox = this.#store.mailboxByRole(role);
    return mailbox && this.#store.mailboxPath(mailbox.id);
  }

  /** The Email that an address names; null where there is none, undefined where the server did not say: that is shown. */
  async #idOf(route) {
    try {
      return route.email ?? this.list.withUid(route.uid) ?? (await this.#byUid(route.uid));
    } catch (error) {
      if (this.#store.get('route') === route) this.conversation.fail(error, () => this.#route(route));
      return undefined;
    }
  }

  async #byUid(uid) {
    const mailboxId = this.#store.get('mailboxId');
    if (!mailboxId || !this.reader.capability('urn:posthorn:imap')) return null;
    const { places } = await this.reader.call([['Email/locate', { mailboxId, uids: [uid] }, 'places']]);
    return places.list[0]?.emailId ?? null;
  }

  #heading() {
    const mailbox = this.#store.get('mailboxes')?.get(this.#store.get('mailboxId'));
    const name = mailbox ? mailboxName(mailbox) : t('search.results');
    document.title = `${mailbox?.unreadThreads > 0 ? `(${mailbox.unreadThreads}) ` : ''}${name} – Posthorn`;
  }

  #line(online) {
    clearTimeout(this.lineTimer);
    if (online) this.offline.hidden = true;
    // A stream that ends after its hour is back before anybody sees it.
    else this.lineTimer = setTimeout(() => (this.offline.hidden = false), 4000);
  }

  /** Reads a conversation: by its UID, where it has one here, so that the address can be handed on. */
  open(id) {
    this.#unasked = null;
    if (id === this.conversation.id) this.conversation.open(id);
    this.#goTo(id);
  }

  #goTo(id) {
    const uid = this.list.uid(id);
    go(uid ? `${this.#base}/uid/${uid}` : `${this.#base}/email/${encodeURIComponent(id)}`);
  }

  back() {
    go(this.#base);
    this.list.focus();
  }

  /** The next conversation, or the one before: read, where one is, else where the cursor stands. */
  step(by) {
    if (!this.conversation.id) return this.list.step(by);
    const next = this.list.neighbour(by);
    return next ? this.open(next) : undefined;
  }

  /** Does with conversations what a button or key says. */
  async act(name, ids) {
    const mailboxId = this.#store.get('mailboxId') ?? undefined;
    const emails = ids.map((id) => this.#emails.get(id));
    const mailbox = refusing(name, emails, this.#store);
    if (mailbox) return void toast(t('shared.mayNot', { owner: mailbox.owner ?? t('me') }), { error: true });
    const leaves = ['archive', 'delete', 'junk', 'move', 'snooze'].includes(name);
    const target = await this.#target(name, ids, mailboxId);
    if (['move', 'snooze'].includes(name) && !target) return;
    const options = { mailboxId };
    const done = await this.#does(name, ids, target, options);
    if (!done) return;
    if (name === 'markUnread') this.#leave(ids, false);
    if (leaves) this.list.clearSelection();
  }

  /** Where to, or until when, as far as that is asked; null where it was not answered. */
  #target(name, ids, mailboxId) {
    if (name === 'snooze') return askUntil(ids.map((id) => this.#emails.get(id)));
    return name === 'move' ? chooseMailbox(this.#store, ids.map((id) => this.#emails.get(id)), mailboxId) : null;
  }

  /** @returns a promise of whether it is done; if not, that is said */
  #does(name, ids, target, options) {
    if (name === 'archive') return this.actions.archive(ids, options);
    if (name === 'delete') return this.actions.trash(ids, options);
    if (name === 'junk') return this.actions.junk(ids, options);
    if (name === 'move') return this.actions[target.copy ? 'copy' : 'move'](ids, target.id, options);
    if (name === 'snooze' || name === 'awake') return snooze({ actions: this.actions, store: this.#store }, ids, target ?? { until: null }, options);
    if (name === 'star') return this.actions.flag(ids, ids.some((id) => !this.#emails.conversation(id).some((email) => email.keywords.$flagged)), options);
    return this.actions.seen(ids, name === 'markRead', options);
  }

  /** What is read is done with: the next one, which stays unread until somebody opens it, or the list. */
  #leave(ids, leaves) {
    const current = this.conversation.id;
    if (!current || !ids.some((id) => id === current || this.list.position(id) === this.list.position(current))) return;
    const next = leaves && innerWidth > 900 ? (this.list.neighbour(1) ?? this.list.neighbour(-1)) : null;
    this.#unasked = next;
    if (next) this.#goTo(next);
    else go(this.#base);
  }
}

function side(panes) {
  return panes.querySelector('.side');
}

