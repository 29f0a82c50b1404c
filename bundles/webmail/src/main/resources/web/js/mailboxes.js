// The mailboxes at the side: with how much is unread, one in another, and where conversations are dropped.
import { ask, confirm } from './dialog.js';
import { h, icon, iconButton } from './dom.js';
import { openMenu } from './menu.js';
import { PRINCIPALS } from './notices.js';
import { mailboxHash } from './router.js';
import { inAccount, mayActHere, subscribe } from './shared.js';
import { LANGUAGES, locale, t } from './texts.js';
import { toast } from './toast.js';

const ROLES = ['inbox', 'snoozed', 'drafts', 'scheduled', 'sent', 'archive', 'all', 'flagged', 'important', 'junk', 'trash'];

const FOLDED = 'posthorn.folded';

/** What a mailbox is called here: by its role, where nobody has given it a name of his own. */
export function mailboxName(mailbox) {
  const text = `role.${mailbox.role}`;
  return mailbox.role === 'inbox' || mailbox.name === LANGUAGES.en[text] ? t(text) : mailbox.name;
}

function rank(mailbox) {
  const place = ROLES.indexOf(mailbox.role);
  return place < 0 ? ROLES.length : place;
}

/** Those with a role first, then by name. */
export function inOrder(mailboxes) {
  return [...mailboxes].sort((a, b) => rank(a) - rank(b) || a.sortOrder - b.sortOrder || a.name.localeCompare(b.name));
}

/** A mailbox with all that lie in it. */
function below(all, mailbox) {
  return [mailbox, ...all.filter((one) => one.parentId === mailbox.id).flatMap((one) => below(all, one))];
}

function folded() {
  try {
    return new Set(JSON.parse(localStorage.getItem(FOLDED)) ?? []);
  } catch {
    return new Set();
  }
}

export class Mailboxes {
  #client;
  #store;
  #actions;
  #drawn = '';
  #folded = folded();

  constructor({ client, store, actions, pane }) {
    this.#client = client;
    this.#store = store;
    this.#actions = actions;
    this.element = h('div', { class: 'mailboxes' });
    // Not seen before the mailboxes are, which would push it down.
    this.below = h('div', { class: 'side-below', hidden: true }, h('button', { type: 'button', class: 'side-new', on: { click: () => this.create(null) } }, icon('plus'), t('mailbox.new')));
    if (client.capability(PRINCIPALS)) this.below.append(h('button', { type: 'button', class: 'side-new', data: { testid: 'subscriptions' }, on: { click: () => this.#subscriptions() } }, icon('folder'), t('subscriptions.open')));
    pane.append(this.element, this.below);
    store.on('mailboxes', () => this.#draw());
    store.on('route', () => this.#draw());
  }

  #draw() {
    const mailboxes = [...(this.#store.get('mailboxes')?.values() ?? [])];
    const current = this.#store.get('mailboxId') ?? '';
    const drawn = JSON.stringify([current, [...this.#folded], mailboxes.map((m) => [m.id, m.name, m.parentId, m.role, m.unreadThreads, m.totalEmails, m.accountId, m.myRights, m.shareWith])]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.below.hidden = false;
    const focus = this.element.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    this.element.replaceChildren(this.#level(mailboxes.filter((mailbox) => !mailbox.accountId), null, current), ...this.#shared(mailboxes, current));
    if (focus) this.element.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
  }

  /** Those of others, under their names. */
  #shared(all, current) {
    const accounts = [...new Set(all.map((mailbox) => mailbox.accountId).filter(Boolean))];
    return accounts.flatMap((id) => {
      const theirs = all.filter((mailbox) => mailbox.accountId === id);
      const { owner } = theirs[0];
      return [h('h2', { class: 'shared-of', title: owner }, owner), this.#level(theirs, null, current)];
    });
  }

  #level(all, parentId, current) {
    const here = inOrder(all.filter((mailbox) => mailbox.parentId === parentId));
    return h('ul', { class: 'mailbox-level' }, here.map((mailbox) => this.#item(all, mailbox, current)));
  }

  #item(all, mailbox, current) {
    const parent = all.some((other) => other.parentId === mailbox.id);
    const open = !this.#folded.has(mailbox.id);
    const name = mailboxName(mailbox);
    const link = h(
      'a',
      { class: 'mailbox-link', href: mailboxHash(this.#store.mailboxPath(mailbox.id)), draggable: false, data: { focus: mailbox.id }, aria: { current: mailbox.id === current ? 'page' : null } },
      icon(mailbox.role ?? 'folder'),
      h('span', { class: 'mailbox-name' }, name),
      this.#count(mailbox),
    );
    const fold = parent && iconButton('down', t(open ? 'mailbox.fold' : 'mailbox.unfold', { name }), () => this.#fold(mailbox.id), { class: open ? 'icon-button mailbox-fold' : 'icon-button mailbox-fold closed', aria: { expanded: String(open), label: t(open ? 'mailbox.fold' : 'mailbox.unfold', { name }) }, data: { focus: `fold-${mailbox.id}` } });
    const more = iconButton('more', t('mailbox.more', { name }), (event) => this.#menu(event.currentTarget, mailbox), { class: 'icon-button mailbox-more', data: { focus: `more-${mailbox.id}` } });
    const line = h('div', { class: mailbox.unreadThreads > 0 ? 'mailbox-line unread' : 'mailbox-line' }, link, more, fold);
    this.#takes(line, mailbox);
    return h('li', {}, line, parent && open ? this.#level(all, mailbox.id, current) : null);
  }

  #count(mailbox) {
    const n = mailbox.role === 'drafts' ? mailbox.totalEmails : ['sent', 'trash', 'snoozed'].includes(mailbox.role) ? 0 : mailbox.unreadThreads;
    if (!n) return null;
    return h('span', { class: 'mailbox-count' }, n.toLocaleString(locale), h('span', { class: 'visually-hidden' }, ` ${t(mailbox.role === 'drafts' ? 'drafts' : 'unread')}`));
  }

  #fold(id) {
    if (!this.#folded.delete(id)) this.#folded.add(id);
    localStorage.setItem(FOLDED, JSON.stringify([...this.#folded]));
    this.#draw();
  }

  /** Conversations can be dropped on it; with Ctrl, or Option on a Mac, they stay where they are as well. */
  #takes(line, mailbox) {
    const ours = (event) => event.dataTransfer.types.includes('application/x-posthorn-mail') && mailbox.myRights.mayAddItems;
    const copies = (event) => event.ctrlKey || event.altKey || !mayActHere('leave', this.#store);
    line.addEventListener('dragover', (event) => {
      if (!ours(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = copies(event) ? 'copy' : 'move';
      line.classList.add('target');
    });
    line.addEventListener('dragleave', () => line.classList.remove('target'));
    line.addEventListener('drop', (event) => {
      line.classList.remove('target');
      if (!ours(event)) return;
      event.preventDefault();
      const ids = JSON.parse(event.dataTransfer.getData('application/x-posthorn-mail'));
      this.#actions[copies(event) ? 'copy' : 'move'](ids, mailbox.id, { mailboxId: this.#store.get('mailboxId') });
    });
  }

  #menu(anchor, mailbox) {
    const { mayCreateChild, mayRename, mayDelete, mayShare } = mailbox.myRights;
    const own = mailbox.role === null;
    openMenu(anchor, [
      mailbox.myRights.maySetSeen && mailbox.accountId === this.#store.account() && { label: t('mailbox.readAll'), run: () => this.#actions.readAll(mailbox.id) },
      mayShare && { label: t('share'), run: () => this.#share(mailbox) },
      mayCreateChild && { label: t('mailbox.newIn'), run: () => this.create(mailbox) },
      mayRename && own && { label: t('mailbox.rename'), run: () => this.#rename(mailbox) },
      mailbox.accountId && { label: t('subscriptions.remove'), run: () => this.#putAway(mailbox) },
      mayDelete && own && { label: t('mailbox.delete'), run: () => this.#delete(mailbox), danger: true },
    ].filter(Boolean));
  }

  /** Out of the list, with what lies in it, and not out of the world. */
  async #putAway(mailbox) {
    const all = [...this.#store.get('mailboxes').values()];
    const ids = below(all, mailbox).map((one) => one.id);
    if (ids.includes(this.#store.get('mailboxId'))) location.hash = '#/INBOX';
    const change = async (isSubscribed) => {
      try {
        await subscribe(this.#client, mailbox.accountId, ids, isSubscribed);
        return true;
      } catch (error) {
        toast(t('error.notDone', { why: error.message }), { error: true });
        return false;
      } finally {
        await this.#store.get('sync').run();
      }
    };
    if (await change(false)) toast(t('subscriptions.removed', { name: mailboxName(mailbox) }), { action: () => change(true) });
  }

  async #subscriptions() {
    const { openSubscriptions } = await import('./subscriptions.js');
    await openSubscriptions({ client: this.#client, store: this.#store });
  }

  /** What is only sometimes needed is fetched when it is. */
  async #share(mailbox) {
    const { openShare } = await import('./share.js');
    await openShare({ client: this.#client, store: this.#store, mailbox });
  }

  /** @param parent a mailbox, or null for one at the top */
  async create(parent) {
    const name = await ask(t(parent ? 'mailbox.newIn' : 'mailbox.new'), t('mailbox.name'), '', t('mailbox.create'));
    if (name) await this.#set({ ...inAccount(parent), create: { it: { name, parentId: parent?.id ?? null, isSubscribed: true } } }, t('mailbox.created', { name }));
  }

  async #rename(mailbox) {
    const name = await ask(t('mailbox.rename'), t('mailbox.name'), mailbox.name, t('mailbox.rename'));
    if (!name || name === mailbox.name) return;
    const back = () => this.#set({ ...inAccount(mailbox), update: { [mailbox.id]: { name: mailbox.name } } });
    await this.#set({ ...inAccount(mailbox), update: { [mailbox.id]: { name } } }, t('mailbox.renamed', { name }), back);
  }

  async #delete(mailbox) {
    const text = mailbox.totalEmails > 0 ? t('mailbox.deleteFull', { name: mailbox.name, n: mailbox.totalEmails }) : t('mailbox.deleteEmpty', { name: mailbox.name });
    if (!(await confirm(t('mailbox.delete'), text, t('mailbox.delete')))) return;
    if (this.#store.get('mailboxId') === mailbox.id) location.hash = '#/INBOX';
    await this.#set({ ...inAccount(mailbox), destroy: [mailbox.id], onDestroyRemoveEmails: true }, t('mailbox.deleted', { name: mailbox.name }));
  }

  async #set(change, text, action) {
    try {
      const { set } = await this.#client.call([['Mailbox/set', change, 'set']]);
      const refused = Object.values({ ...set.notCreated, ...set.notUpdated, ...set.notDestroyed })[0];
      if (refused) throw new Error(refused.description ?? refused.type);
      if (text) toast(text, { action });
    } catch (error) {
      toast(t('error.notDone', { why: error.message }), { error: true });
    }
    await this.#store.get('sync').run();
  }
}
