// A conversation that is read: each mail of it, one below the other.
import { Client } from './jmap.js';
import { downloadMail } from './attachments.js';
import { Body, WHOLE } from './body.js';
import { Delivery } from './delivery.js';
import { h, icon, iconButton } from './dom.js';
import { SUMMARY } from './emails.js';
import { avatarOf, longDate, mediumDate, personName, shortDate } from './format.js';
import { scheduledNote } from './scheduled.js';
import { mayActHere, permit } from './shared.js';
import { canSnooze, snoozeNote } from './snooze.js';
import { t } from './texts.js';
import { EXPLAIN, why } from './why.js';

export class Conversation {
  #client;
  #store;
  #emails;
  #actions;
  #pane;
  #open = null;
  #asked = new AbortController();
  #articles = new Map();

  /** @param onAct does what a button says with the conversation: `(name, ids)` */
  constructor({ client, store, emails, actions, pane, onAct, onBack, onStep }) {
    this.#client = client;
    this.#store = store;
    this.#emails = emails;
    this.#actions = actions;
    this.#pane = pane;
    this.onAct = onAct;
    this.onBack = onBack;
    this.onStep = onStep;
    store.on('emails', () => this.#marks());
    store.on('changed', () => this.#grow());
    store.on('submissions', () => this.#deliveries());
    this.close();
  }

  /** The id of the Email that was asked for, or null. */
  get id() {
    return this.#open;
  }

  /** The Email that a reply is to: the newest that is open, or the one that was asked for. */
  get email() {
    const open = [...this.#articles.values()].filter((article) => article.body);
    return (open.find((article) => article.id === this.#open) ?? open[open.length - 1])?.email ?? null;
  }

  close() {
    this.#clear();
    this.#open = null;
    this.#pane.replaceChildren(h('div', { class: 'reading-empty' }, h('img', { src: new URL('../img/posthorn.svg', import.meta.url).href, alt: '' }), h('p', {}, t('reading.empty'))));
  }

  #clear() {
    this.#asked.abort();
    this.#asked = new AbortController();
    for (const article of this.#articles.values()) article.body?.close();
    this.#articles.clear();
  }

  /** Shows the conversation of an Email, as somebody wants to read it. @param mailboxId where it was found, if it was in one */
  async open(id, mailboxId) {
    await this.show(id, mailboxId);
    if (this.#open === id && this.#articles.has(id)) await this.#actions.seenOne(id);
  }

  /** Shows the conversation of an Email, that one open, and leaves it unread. @param mailboxId where it was found, if it was in one */
  async show(id, mailboxId) {
    if (this.#open === id && this.#articles.size > 0) return;
    this.#clear();
    this.#open = id;
    const { signal } = this.#asked;
    try {
      const { first, threads, all } = await this.#client.call(
        [
          ['Email/get', { ids: [id], ...WHOLE }, 'first'],
          ['Thread/get', { '#ids': Client.ref('first', 'Email/get', '/list/*/threadId') }, 'threads'],
          ['Email/get', { '#ids': Client.ref('threads', 'Thread/get', '/list/*/emailIds'), properties: SUMMARY }, 'all'],
        ],
        { signal, partial: true },
      );
      if (first.error) throw first.error;
      if (first.list.length === 0) return this.#missing(t('message.gone'), { label: t('back'), run: () => this.onBack() });
      this.#emails.put([...(all.list ?? []), summary(first.list[0])]);
      this.#emails.putThreads(threads.list ?? []);
      this.#show(first.list[0], mailboxId);
    } catch (error) {
      if (error.name !== 'AbortError') this.fail(error, () => this.open(id, mailboxId));
    }
  }

  /** Shows why a mail that was asked for is not shown. @param again asks once more */
  fail(error, again) {
    this.#missing(error.status === 0 ? error.message : t('error.server', { why: error.message }), { label: t('retry'), run: again });
  }

  /** Says why nothing is shown, and what can be done. On a phone the list is behind it. */
  #missing(why, { label, run }) {
    this.#pane.replaceChildren(
      h('div', { class: 'message-tools' }, iconButton('back', t('back'), () => this.onBack(), { key: 'u' })),
      h('div', { class: 'reading-empty', role: 'alert' }, h('p', {}, why), h('button', { type: 'button', class: 'button', on: { click: run } }, label)),
    );
  }

  #show(email, mailboxId) {
    const members = this.#members(email, mailboxId);
    this.#pane.replaceChildren(this.#tools(email), h('h1', { class: 'message-subject', tabindex: -1 }, email.subject || t('no.subject')), ...[snoozeNote(email, this.onAct), scheduledNote({ client: this.#client, store: this.#store }, email)].filter(Boolean), h('div', { class: 'articles' }, members.map((member) => this.#article(member, email))));
    this.#pane.scrollTop = 0;
    const article = this.#articles.get(email.id);
    if (members.length > 1 && members[0].id !== email.id) article.element.scrollIntoView({ block: 'start' });
  }

  /** What lies in Trash or Junk is shown there alone. */
  #members(email, mailboxId) {
    const hidden = ['trash', 'junk'].map((role) => this.#store.mailboxByRole(role)?.id).filter((id) => id && id !== mailboxId);
    const members = this.#emails.conversation(email.id).filter((other) => other.id === email.id || Object.keys(other.mailboxIds).some((id) => !hidden.includes(id)));
    return members.some((other) => other.id === email.id) ? members : [email];
  }

  #tools(email) {
    const act = (name, symbol, key) => iconButton(symbol, t(name), () => this.onAct(name, [this.#open]), { key, data: { act: name } });
    const tools = h(
      'div',
      { class: 'message-tools', role: 'toolbar', aria: { label: t('message.tools') } },
      iconButton('back', t('back'), () => this.onBack(), { key: 'u' }),
      act('archive', 'archive', 'e'),
      act('delete', 'trash', '#'),
      act('junk', 'junk', '!'),
      act('move', 'move', 'v'),
      canSnooze(this.#client) && act('snooze', 'snoozed', 'b'),
      act('markUnread', 'unread', 'Shift+U'),
      h('span', { class: 'grow' }),
      iconButton('back', t('previous'), () => this.onStep(-1), { key: 'k', class: 'icon-button turned-up' }),
      iconButton('back', t('next'), () => this.onStep(1), { key: 'j', class: 'icon-button turned-down' }),
    );
    return permit(tools, this.#store);
  }

  #article(summaryOf, first) {
    const whole = summaryOf.id === first.id ? first : null;
    const article = { id: summaryOf.id, email: whole ?? summaryOf, body: null };
    article.content = h('div', { class: 'message-content' });
    article.head = h('div', { class: 'message-head' });
    article.element = h('article', { class: 'message', aria: { label: t('message.by', { who: personName(summaryOf.from?.[0] ?? {}) }) } }, article.head, article.content);
    if (whole) article.content.dataset.testid = 'message-body';
    this.#articles.set(article.id, article);
    if (whole) this.#expand(article);
    else this.#head(article);
    return article.element;
  }

  /** Who, when, how it begins; opened or folded by a click on it. */
  #head(article) {
    const { email, body } = article;
    const from = email.from?.[0] ?? {};
    const fold = h(
      'button',
      { type: 'button', class: 'message-fold', aria: { expanded: String(Boolean(body)) }, on: { click: () => this.#toggle(article) } },
      h('span', { ...avatarOf(from), aria: { hidden: true } }),
      h('span', { class: 'message-who' },
        h('span', { class: 'message-from' }, h('span', { class: 'message-name' }, personName(from)), body && from.email && from.name ? h('span', { class: 'message-address', title: from.email }, from.email) : null),
        h('span', { class: 'message-line' }, body ? this.#recipients(email) : email.preview ?? '')),
      h('time', { class: 'message-date', dateTime: email.receivedAt, title: longDate(email.receivedAt) }, h('span', { class: 'date-short' }, shortDate(email.receivedAt)), body && h('span', { class: 'date-whole' }, mediumDate(email.receivedAt))),
    );
    const star = iconButton('star', t('star'), () => this.#actions.flag([article.id], !this.#emails.get(article.id)?.keywords.$flagged), { class: 'icon-button message-star', data: { act: 'star' }, disabled: !mayActHere('star', this.#store) });
    article.head.replaceChildren(fold, star);
    this.#mark(article);
  }

  #recipients(email) {
    const all = [...(email.to ?? []), ...(email.cc ?? [])];
    const self = this.#client.username.toLowerCase();
    return t('to.people', { who: all.map((a) => (a.email?.toLowerCase() === self ? t('me.to') : personName(a))).join(', ') || t('nobody') });
  }

  async #toggle(article) {
    if (article.body) {
      article.body.close();
      article.body = null;
      article.delivery = null;
      article.content.replaceChildren();
      this.#head(article);
      return;
    }
    try {
      const { emails } = await this.#client.call([['Email/get', { ids: [article.id], ...WHOLE }, 'emails']], { signal: this.#asked.signal });
      if (emails.list.length === 0) return;
      article.email = emails.list[0];
      this.#expand(article);
      if (!article.email.keywords.$seen) this.#actions.seenOne(article.id);
    } catch (error) {
      if (error.name !== 'AbortError') article.content.replaceChildren(h('p', { class: 'message-none', role: 'alert' }, t('error.server', { why: error.message })));
    }
  }

  #expand(article) {
    const onMailto = (mailto) => this.#store.emit('compose', { mailto });
    article.body = new Body({ client: this.#client, email: article.email, onMailto });
    this.#head(article);
    article.delivery = this.#isSent(article.email) ? new Delivery(this.#client, article.email) : null;
    article.content.replaceChildren(...[article.delivery?.element, article.body.element, this.#answers(article.email)].filter(Boolean));
  }

  #isSent(email) {
    const sent = this.#store.mailboxByRole('sent');
    return Boolean(sent && email.mailboxIds[sent.id] && !this.#store.mailbox()?.accountId);
  }

  #deliveries() {
    for (const { delivery } of this.#articles.values()) delivery?.refresh();
  }

  #answers(email) {
    const button = (name, symbol, options) => h('button', { type: 'button', class: 'button', on: { click: () => this.#store.emit('compose', { accountId: this.#client.accountId, ...options }) } }, icon(symbol), t(name));
    const quiet = (name, symbol, run) => h('button', { type: 'button', class: 'button quiet', data: { testid: name }, on: { click: run } }, icon(symbol), t(name));
    const file = quiet('download.mail', 'download', () => downloadMail(this.#client, email));
    if (email.keywords.$draft && !this.#store.account()) return h('div', { class: 'message-answers' }, button('draft.edit', 'pen', { draft: email }), file);
    const several = [...(email.to ?? []), ...(email.cc ?? [])].length > 1;
    return h(
      'div',
      { class: 'message-answers' },
      button('reply', 'reply', { replyTo: email }),
      several && button('replyAll', 'replyAll', { replyTo: email, all: true }),
      button('forward', 'forward', { forward: email }),
      file,
      this.#client.capability(EXPLAIN) && !this.#isOwn(email) && quiet('why', 'help', () => why(this.#client, email.id)),
    );
  }

  /** Whether it lies only where what one writes oneself does: that did not come, and has no story. */
  #isOwn(email) {
    const own = ['sent', 'drafts', 'scheduled'].map((role) => this.#store.mailboxByRole(role)?.id);
    return !this.#store.account() && Object.keys(email.mailboxIds).every((id) => own.includes(id));
  }

  #mark(article) {
    const email = this.#emails.get(article.id) ?? article.email;
    const flagged = Boolean(email.keywords.$flagged);
    article.element.classList.toggle('unread', !email.keywords.$seen);
    article.element.classList.toggle('flagged', flagged);
    article.head.querySelector('.message-star')?.setAttribute('aria-pressed', String(flagged));
  }

  #marks() {
    for (const article of this.#articles.values()) this.#mark(article);
  }

  /** What has come meanwhile stands below. */
  async #grow() {
    this.#marks();
    const threadId = this.#emails.get(this.#open)?.threadId;
    const place = this.#pane.querySelector('.articles');
    if (!threadId || !place) return;
    const { signal } = this.#asked;
    const answers = await this.#client
      .call([['Thread/get', { ids: [threadId] }, 'threads'], ['Email/get', { '#ids': Client.ref('threads', 'Thread/get', '/list/*/emailIds'), properties: SUMMARY }, 'all']], { signal, partial: true })
      .catch(() => null);
    if (signal.aborted || !answers?.all?.list) return;
    this.#emails.put(answers.all.list);
    this.#emails.putThreads(answers.threads.list);
    const fresh = answers.all.list.filter((email) => !this.#articles.has(email.id) && Object.keys(email.mailboxIds).length > 0 && email.receivedAt >= (this.#emails.get(this.#open)?.receivedAt ?? ''));
    for (const email of fresh) if (this.#members(email).length > 0 && !this.#hidden(email)) place.append(this.#article(email, {}));
  }

  #hidden(email) {
    const hidden = ['trash', 'junk', 'drafts'].map((role) => this.#store.mailboxByRole(role)?.id);
    return Object.keys(email.mailboxIds).every((id) => hidden.includes(id));
  }
}

/** What the list knows of it. */
function summary(email) {
  return Object.fromEntries(SUMMARY.map((property) => [property, email[property]]));
}
