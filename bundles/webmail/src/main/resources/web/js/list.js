// The list of conversations: only what can be seen is in the page, however many there are.
import { h, icon, iconButton } from './dom.js';
import { Listing } from './listing.js';
import { fillEmpty, fillRow, makeRow } from './row.js';
import { permit } from './shared.js';
import { canSnooze } from './snooze.js';
import { locale, t } from './texts.js';
import { toast } from './toast.js';

/** Rows beyond the edges that are drawn already. */
const MARGIN = 6;

/** So many mailboxes are shown at once when somebody comes back to them. */
const KEPT = 12;

export class List {
  #client;
  #store;
  #emails;
  #actions;
  #listing = null;
  /** Of one's own mailboxes, by their ids, the one that was seen last at the end: of those all that changes is told. */
  #kept = new Map();
  #title = '';
  #outgoing = false;
  #rows = new Map();
  #spare = [];
  #cursor = 0;
  #anchor = null;
  #selected = new Set();
  #current = null;
  #frame = 0;
  #timer = 0;
  #height = 0;

  /** @param onOpen is told the id of the Email that is to be read */
  constructor({ client, store, emails, actions, pane, onOpen }) {
    this.#client = client;
    this.#store = store;
    this.#emails = emails;
    this.#actions = actions;
    this.onOpen = onOpen;
    this.#build(pane);
    store.on('changed', () => this.#listing?.refresh().then(() => this.#draw()));
    store.on('reload', () => this.#reload());
    store.on('emails', () => this.#draw());
    store.on('mailboxes', () => permit(this.bar, store));
    store.on('removed', (ids) => this.#removed(ids));
  }

  #build(pane) {
    this.space = h('div', { class: 'rows-space', role: 'rowgroup' });
    this.rows = h('div', { class: 'rows', role: 'grid', tabindex: 0, aria: { label: t('list'), multiselectable: true }, data: { testid: 'message-list' } }, this.space);
    this.note = h('div', { class: 'list-note', role: 'status', hidden: true });
    this.all = h('input', { type: 'checkbox', aria: { label: t('select.all') }, on: { change: () => (this.all.checked ? this.selectAll() : this.clearSelection()) } });
    this.heading = h('h1', { class: 'list-title' });
    this.count = h('span', { class: 'list-count' });
    this.bar = h('div', { class: 'list-actions', role: 'toolbar', aria: { label: t('selection') } }, this.#tools());
    pane.append(h('div', { class: 'list-head' }, h('label', { class: 'list-all' }, this.all), this.heading, this.count, this.bar), this.note, this.rows);
    this.rows.addEventListener('scroll', () => this.#soon(), { passive: true });
    this.rows.addEventListener('click', (event) => this.#clicked(event));
    this.rows.addEventListener('focus', () => this.#row(this.#cursor)?.focus({ preventScroll: true }));
    this.rows.addEventListener('dragstart', (event) => this.#drag(event));
    new ResizeObserver(() => this.#soon()).observe(this.rows);
  }

  #tools() {
    const act = (name, symbol, key) => iconButton(symbol, t(name), () => this.act(name), { key, data: { act: name } });
    return [act('archive', 'archive', 'e'), act('delete', 'trash', '#'), act('move', 'move', 'v'), canSnooze(this.#client) && act('snooze', 'snoozed', 'b'), act('markRead', 'read', 'Shift+I'), act('markUnread', 'unread', 'Shift+U')];
  }

  /** Shows another query. */
  open({ title, filter, sort, mailboxId, words = false, outgoing = false }) {
    this.#listing?.close();
    this.#title = title;
    this.#outgoing = outgoing;
    permit(this.bar, this.#store);
    this.#selected.clear();
    this.#cursor = 0;
    this.#anchor = null;
    this.rows.scrollTop = 0;
    for (const row of this.#rows.values()) this.#release(row);
    this.#rows.clear();
    this.#listing = filter && this.#listingOf({ filter, sort, mailboxId, words });
    this.#draw();
    return this.#listing?.reopen();
  }

  /** The one that was left, as far as it is worth something, or another. */
  #listingOf(query) {
    const left = this.#kept.get(query.mailboxId);
    const listing = left && !left.error ? left : new Listing({ client: this.#client, emails: this.#emails, ...query, onChange: () => this.#draw() });
    if (!query.mailboxId || this.#store.account()) return listing;
    this.#kept.delete(query.mailboxId);
    this.#kept.set(query.mailboxId, listing);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value);
    return listing;
  }

  /** Something was not done that was shown as done, and not only in the mailbox that is shown. */
  #reload() {
    this.#kept.clear();
    this.#listing?.reload();
  }

  get mailboxId() {
    return this.#listing?.mailboxId;
  }

  /** The UID that an Email has in the mailbox that is listed, if that is known. */
  uid(id) {
    return this.#listing?.uids.get(id);
  }

  /** The Email that has a UID there, if that is known; else undefined. */
  withUid(uid) {
    return [...(this.#listing?.uids ?? [])].find(([, known]) => known === uid)?.[0];
  }

  /** What is being read. */
  setCurrent(id) {
    this.#current = id;
    const position = id ? this.position(id) : -1;
    if (position >= 0) {
      this.#cursor = position;
      this.#show(position);
    }
    const here = this.rows.contains(document.activeElement);
    this.#draw();
    if (here) this.#row(this.#cursor)?.focus({ preventScroll: true });
  }

  /** Where the conversation of an Email stands; -1 where that is not known. */
  position(id) {
    const ids = this.#listing?.ids ?? [];
    const place = ids.indexOf(id);
    if (place >= 0) return place;
    const thread = this.#emails.get(id)?.threadId;
    return thread ? ids.findIndex((other) => this.#emails.get(other)?.threadId === thread) : -1;
  }

  /** Where it is scrolled or resized, once a picture. */
  #soon() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#window(false));
  }

  /** Anew, as what is known of them may have changed. */
  #draw() {
    const total = this.#listing?.total ?? 0;
    this.#height ||= Number.parseFloat(getComputedStyle(this.rows).getPropertyValue('--row')) || 84;
    this.space.style.height = `${total * this.#height}px`;
    this.rows.setAttribute('aria-rowcount', this.#listing?.total ?? -1);
    this.#notes(this.#listing, total);
    this.#window(true);
  }

  /** The rows that can be seen. @param anew whether also those that are drawn already */
  #window(anew) {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const listing = this.#listing;
    const total = listing?.total ?? 0;
    const from = Math.max(0, Math.floor(this.rows.scrollTop / this.#height) - MARGIN);
    const to = Math.min(total, Math.ceil((this.rows.scrollTop + this.rows.clientHeight) / this.#height) + MARGIN);
    this.#place(from, to, total, anew);
    clearTimeout(this.#timer);
    // Who drags the bar through ten thousand asks for where he stops.
    if (listing && total > 0) this.#timer = setTimeout(() => listing.load(from, to), 40);
  }

  #place(from, to, total, anew) {
    const focused = this.rows.contains(document.activeElement) ? this.#cursor : -1;
    for (const [position, row] of this.#rows) {
      const wanted = (position >= from && position < to) || (position === focused && position < total);
      if (wanted) continue;
      this.#rows.delete(position);
      this.#release(row);
    }
    for (let position = from; position < to; position++) if (anew || !this.#rows.has(position)) this.#fill(position);
    if (focused >= 0 && (focused < from || focused >= to) && this.#rows.has(focused)) this.#fill(focused);
    this.#tab();
  }

  #release(row) {
    row.remove();
    if (this.#spare.length < 60) this.#spare.push(row);
  }

  #fill(position) {
    let row = this.#rows.get(position);
    if (!row) {
      row = this.#spare.pop() ?? makeRow();
      this.#rows.set(position, row);
      row.position = position;
      row.style.transform = `translateY(${position * this.#height}px)`;
      // In the order in which they stand, for whoever reads them aloud.
      const next = [...this.space.children].find((other) => other.position > position);
      this.space.insertBefore(row, next ?? null);
    }
    const id = this.#listing.ids[position];
    const email = id && this.#emails.get(id);
    if (!email?.from && !email?.receivedAt) fillEmpty(row, position);
    else fillRow(row, position, email, this.#emails.conversation(id), this.#look(id));
  }

  #look(id) {
    return {
      self: this.#client.username.toLowerCase(),
      outgoing: this.#outgoing,
      snippet: this.#listing.snippets.get(id),
      mailboxId: this.#listing.mailboxId,
      sendAt: this.#store.get('sendTimes')?.get(id),
      selected: this.#selected.has(id),
      current: this.#current !== null && (id === this.#current || this.#emails.get(id).threadId === this.#emails.get(this.#current)?.threadId),
    };
  }

  /** One row alone can be reached by Tab: the one where the cursor is. */
  #tab() {
    let reached = false;
    for (const [position, row] of this.#rows) {
      row.tabIndex = position === this.#cursor ? 0 : -1;
      reached ||= position === this.#cursor;
    }
    this.rows.tabIndex = reached ? -1 : 0;
  }

  #notes(listing, total) {
    const chosen = this.#selected.size;
    this.heading.textContent = chosen > 0 ? t('n.selected', { n: chosen }) : this.#title;
    this.count.textContent = chosen === 0 && listing?.total > 0 ? total.toLocaleString(locale) : '';
    this.heading.classList.toggle('chosen', chosen > 0);
    this.bar.hidden = chosen === 0;
    if (chosen > 0) this.#offerOne();
    this.all.checked = chosen > 0 && chosen >= total;
    this.all.indeterminate = chosen > 0 && chosen < total;
    this.all.disabled = total === 0;
    this.note.replaceChildren(...this.#note(listing, total));
    this.note.hidden = this.note.childNodes.length === 0;
  }

  /** To mark as read, or as unread where all of it is read: there is no room for both. */
  #offerOne() {
    const unread = [...this.#selected].some((id) => !this.#emails.has(id) || this.#emails.conversation(id).some((email) => !email.keywords.$seen));
    for (const button of this.bar.querySelectorAll('[data-act=markRead], [data-act=markUnread]')) button.hidden = (button.dataset.act === 'markRead') !== unread;
  }

  #note(listing, total) {
    if (!listing) return [h('p', {}, t('search.hint'))];
    if (listing.error) return [h('p', {}, listing.error.status === 0 ? t('error.connection') : t('error.server', { why: listing.error.message })), h('button', { type: 'button', class: 'button', on: { click: () => listing.reload() } }, t('retry'))];
    if (listing.total === null) return [];
    return total === 0 ? [icon(listing.mailboxId ? 'inbox' : 'search'), h('p', {}, t(listing.mailboxId ? 'list.empty' : 'search.nothing'))] : [];
  }

  #row(position) {
    return this.#rows.get(position);
  }

  #clicked(event) {
    const row = event.target.closest('.row');
    const id = row?.dataset.id;
    if (!id) return;
    const before = this.#anchor ?? this.#cursor;
    this.#cursor = row.position;
    if (event.target.closest('.row-star')) this.#actions.flag([id], !row.classList.contains('flagged'), { mailboxId: this.mailboxId });
    else if (event.shiftKey) this.#range(before, row.position);
    else if (event.target.closest('.row-lead') || event.ctrlKey || event.metaKey) this.toggle(row.position);
    else this.onOpen(id);
    if (!event.shiftKey) this.#anchor = row.position;
    this.#draw();
    row.focus({ preventScroll: true });
  }

  /** Chooses a conversation, or no longer. */
  toggle(position = this.#cursor) {
    const id = this.#listing?.ids[position];
    if (!id) return;
    if (!this.#selected.delete(id)) this.#selected.add(id);
    this.#anchor = position;
    this.#draw();
  }

  /** Chooses all from one position to another, also those whose ids were not asked for yet. */
  #range(from, to) {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    const part = (ids) => ids.slice(first, last + 1);
    const known = part(this.#listing.ids).filter(Boolean);
    if (known.length > last - first) for (const id of known) this.#selected.add(id);
    else this.#chooseOf((all) => [...this.#selected, ...part(all)]);
  }

  selectAll() {
    return this.#chooseOf((all) => all);
  }

  /** @param chosen gives what is chosen, of all ids that are listed */
  async #chooseOf(chosen) {
    const listing = this.#listing;
    if (!listing) return;
    try {
      const all = await listing.all();
      // Of another mailbox that was opened meanwhile they are none.
      if (listing === this.#listing) this.#selected = new Set(chosen(all));
    } catch (error) {
      toast(t('error.notDone', { why: error.message }), { error: true });
    }
    this.#draw();
  }

  clearSelection() {
    this.#selected.clear();
    this.#draw();
  }

  get hasSelection() {
    return this.#selected.size > 0;
  }

  /** What an action is about: what is chosen, else what is read, else where the cursor is. */
  targets() {
    if (this.#selected.size > 0) return [...this.#selected];
    const id = this.#current ?? this.#listing?.ids[this.#cursor];
    return id ? [id] : [];
  }

  /** The ids of one step from what is read, or null at the end. */
  neighbour(step) {
    return this.#listing?.ids[(this.#current ? this.position(this.#current) : this.#cursor) + step] ?? null;
  }

  /** Moves the cursor. @param extend whether what it passes is chosen */
  step(by, extend = false) {
    const total = this.#listing?.total ?? 0;
    if (total === 0) return;
    const before = this.#cursor;
    this.#cursor = Math.max(0, Math.min(total - 1, this.#cursor + by));
    if (extend) this.#range(before, this.#cursor);
    this.#show(this.#cursor);
    this.#draw();
    this.#fill(this.#cursor);
    this.#tab();
    this.#row(this.#cursor)?.focus({ preventScroll: true });
  }

  #show(position) {
    const top = position * this.#height;
    if (top < this.rows.scrollTop) this.rows.scrollTop = top;
    else if (top + this.#height > this.rows.scrollTop + this.rows.clientHeight) this.rows.scrollTop = top + this.#height - this.rows.clientHeight;
  }

  openCursor() {
    const id = this.#listing?.ids[this.#cursor];
    if (id) this.onOpen(id);
  }

  focus() {
    this.#draw();
    (this.#row(this.#cursor) ?? this.rows).focus({ preventScroll: true });
  }

  /** Does what a button or key says with the targets. */
  act(name) {
    const ids = this.targets();
    if (ids.length > 0) this.onAct(name, ids);
  }

  #removed(ids) {
    const gone = ids.flatMap((id) => this.#listing?.ids[this.position(id)] ?? []);
    for (const id of gone) this.#selected.delete(id);
    this.#listing?.remove(gone);
    this.#cursor = Math.max(0, Math.min(this.#cursor, (this.#listing?.total ?? 1) - 1));
    this.#draw();
  }

  #drag(event) {
    const row = event.target.closest?.('.row');
    if (!row?.dataset.id) return;
    const ids = this.#selected.has(row.dataset.id) ? [...this.#selected] : [row.dataset.id];
    event.dataTransfer.setData('application/x-posthorn-mail', JSON.stringify(ids));
    event.dataTransfer.effectAllowed = 'copyMove';
    const ghost = h('div', { class: 'drag-ghost' }, t('n.mails', { n: ids.length }));
    document.body.append(ghost);
    event.dataTransfer.setDragImage(ghost, -8, -8);
    setTimeout(() => ghost.remove());
  }
}
