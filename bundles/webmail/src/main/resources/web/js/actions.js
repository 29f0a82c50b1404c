// What is done with conversations: at once on the screen, then at the server, and back again by Undo.
import { Carriage } from './carry.js';
import { callOff } from './compose-send.js';
import { Client } from './jmap.js';
import { confirm } from './dialog.js';
import { SUMMARY } from './emails.js';
import { mailboxName } from './mailboxes.js';
import { mayActHere } from './shared.js';
import { t } from './texts.js';
import { toast } from './toast.js';

/** So many Emails a call changes or tells, where the server allows as many. */
const BATCH = 1000;

/** So many conversations are asked for with all their Emails. */
const THREADS = 50;

const MANY = 500;

/** With what the list knows of sleep, where the server does. */
const fields = () => SUMMARY.filter((property) => ['id', 'threadId', 'mailboxIds', 'keywords', 'snoozed'].includes(property));

/** Where no mailbox is shown: what lies there alone is left as it is, unless the whole conversation does. */
const HIDDEN = ['trash', 'junk', 'drafts'];

/** Who moves a conversation, but to Trash, leaves also the answers where they are, those that wait to be sent too. */
const KEPT = [...HIDDEN, 'sent', 'scheduled'];

/** What takes patches back; each of them changes something. */
function inverse(patches) {
  const back = (patch) => Object.fromEntries(Object.entries(patch).map(([path, value]) => [path, value ? null : true]));
  return Object.fromEntries(Object.entries(patches).map(([id, patch]) => [id, back(patch)]));
}

function refusedBy(set) {
  const error = Object.values({ ...set.notUpdated, ...set.notDestroyed })[0];
  return error ? new Error(error.description ?? error.type) : null;
}

export class Actions {
  #client;
  #store;
  #emails;

  constructor({ client, store, emails }) {
    this.#client = client;
    this.#store = store;
    this.#emails = emails;
  }

  /** Parts of an array, as large as a call may be. @param limit its name in RFC 8620 2 */
  #batches(all, limit) {
    const most = Math.min(BATCH, this.#client.session.capabilities['urn:ietf:params:jmap:core'][limit] ?? BATCH);
    return Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));
  }

  /** Does it, or says why not. @param back takes back what is done in part @returns whether it is done */
  async #told(work, back) {
    try {
      return (await work()) ?? true;
    } catch (error) {
      if (error.isPartial) toast(t('error.partly', { why: error.message }), { error: true, action: back, seconds: 20 });
      else toast(t('error.notDone', { why: error.message }), { error: true });
      return false;
    }
  }

  /**
   * All Emails of the conversations: those of `mailboxId` alone if there is one, else those that lie elsewhere than in mailboxes `aside` (roles). Of a
   * conversation that lies there whole, those that were asked for.
   */
  async #members(ids, mailboxId, aside = []) {
    if (mailboxId && ids.length > MANY) return this.#many(ids, mailboxId);
    await this.#know(ids.filter((id) => !this.#emails.hasThread(id)));
    const members = ids.flatMap((id) => this.#emails.conversation(id));
    const all = [...new Map(members.map((email) => [email.id, email])).values()];
    if (mailboxId) return all.filter((email) => email.mailboxIds[mailboxId]);
    const open = all.filter((email) => this.#open(email, aside).length > 0);
    const threads = new Set(open.map((email) => email.threadId));
    return [...open, ...all.filter((email) => ids.includes(email.id) && !threads.has(email.threadId))];
  }

  /** The mailboxes of an Email but those. */
  #open(email, roles) {
    const aside = roles.map((role) => this.#store.mailboxByRole(role)?.id);
    return Object.keys(email.mailboxIds).filter((id) => !aside.includes(id));
  }

  /** Of very many conversations it is faster to look at the whole mailbox. */
  async #many(ids, mailboxId) {
    const all = [];
    for (let position = 0, total = 1; position < total; ) {
      const { query } = await this.#client.call([['Email/query', { filter: { inMailbox: mailboxId }, position, calculateTotal: true }, 'query']]);
      all.push(...query.ids);
      position += query.ids.length;
      total = query.ids.length > 0 ? query.total : 0;
    }
    const emails = await this.#places([...new Set(all)]);
    this.#emails.put([...emails.values()].filter((email) => this.#emails.has(email.id)));
    const threads = new Set(ids.map((id) => emails.get(id)?.threadId));
    return [...emails.values()].filter((email) => threads.has(email.threadId));
  }

  /** Where Emails are now, by id; more than are kept in `Emails`. */
  async #places(ids) {
    const found = new Map();
    for (const some of this.#batches(ids, 'maxObjectsInGet')) {
      const { emails } = await this.#client.call([['Email/get', { ids: some, properties: fields() }, 'emails']]);
      for (const email of emails.list) found.set(email.id, email);
    }
    return found;
  }

  async #know(ids) {
    for (let i = 0; i < ids.length; i += THREADS) {
      const answers = await this.#client.call([
        ['Email/get', { ids: ids.slice(i, i + THREADS), properties: fields() }, 'first'],
        ['Thread/get', { '#ids': Client.ref('first', 'Email/get', '/list/*/threadId') }, 'threads'],
        ['Email/get', { '#ids': Client.ref('threads', 'Thread/get', '/list/*/emailIds'), properties: fields() }, 'all'],
      ]);
      this.#emails.put([...answers.first.list, ...answers.all.list]);
      this.#emails.putThreads(answers.threads.list);
    }
  }

  /** Carries out patches by id. @throws JmapError, or with the first that the server refused; `isPartial` says whether some are done */
  async #set(patches, accountId) {
    let refused = null;
    let isPartial = false;
    try {
      for (const some of this.#batches(Object.entries(patches), 'maxObjectsInSet')) {
        const { set } = await this.#client.call([['Email/set', { accountId, update: Object.fromEntries(some) }, 'set']]);
        isPartial ||= Object.keys(set.updated ?? {}).length > 0;
        refused ??= refusedBy(set);
      }
    } catch (error) {
      refused = error;
    }
    if (refused) throw Object.assign(refused, { isPartial });
  }

  /** Applies patches to what is known here. */
  #apply(patches) {
    for (const [id, patch] of Object.entries(patches)) {
      const email = this.#emails.get(id);
      if (!email) continue;
      const changed = { id, mailboxIds: { ...email.mailboxIds }, keywords: { ...email.keywords } };
      for (const [path, value] of Object.entries(patch)) {
        const [set, name] = path.split('/');
        if (name === undefined) changed[set] = value;
        else if (value) changed[set][name] = true;
        else delete changed[set][name];
      }
      this.#emails.put([changed]);
    }
  }

  /** @param back takes it back @param accountId where the Emails lie, also when another mailbox is shown by then. @returns whether the server has done it; if not, that is said */
  async #do(patches, text, back = inverse(patches), accountId = this.#client.accountId) {
    if (Object.keys(patches).length === 0) return true;
    this.#apply(patches);
    this.#store.emit('emails');
    const takeBack = () => this.#do(back, '', patches, accountId);
    const done = this.#told(() => this.#store.get('sync').during(() => this.#set(patches, accountId)), takeBack);
    const close = text ? toast(text, { action: () => done.then((isDone) => isDone && takeBack()) }) : () => {};
    if (!(await done)) {
      close();
      this.#apply(back);
      this.#store.emit('reload');
    }
    this.#store.refresh();
    return done;
  }

  #keyword(members, keyword, on) {
    const changed = members.filter((email) => Boolean(email.keywords[keyword]) !== on);
    return Object.fromEntries(changed.map((email) => [email.id, { [`keywords/${keyword}`]: on ? true : null }]));
  }

  /** @param quiet when it was not asked for, as a mail that is opened is read */
  seen(ids, on, { mailboxId, quiet = false } = {}) {
    return this.#told(async () => {
      const members = await this.#members(ids, mailboxId, HIDDEN);
      return this.#do(this.#keyword(members, '$seen', on), quiet ? '' : t(on ? 'done.read' : 'done.unread', { n: ids.length }));
    });
  }

  /** One Email alone. */
  async seenOne(id) {
    const email = this.#emails.get(id);
    if (email && mayActHere('markRead', this.#store)) await this.#do(this.#keyword([email], '$seen', true), '');
  }

  /** The star of the newest of each conversation, or none at all. */
  flag(ids, on, { mailboxId } = {}) {
    return this.#told(async () => {
      const members = await this.#members(ids, mailboxId);
      const newest = on ? members.filter((email) => ids.includes(email.id)) : members;
      return this.#do(this.#keyword(newest, '$flagged', on), ids.length > 1 ? t(on ? 'done.flag' : 'done.unflag', { n: ids.length }) : '');
    });
  }

  /** Out of where it is, into that one. Where no mailbox is shown, what lies in those of roles `aside` stays there. */
  move(ids, targetId, { mailboxId, text, aside = KEPT } = {}) {
    return this.#told(async () => {
      const members = await this.#members(ids, mailboxId, aside);
      const leaving = (email) => this.#leaving(email, mailboxId, aside);
      const target = this.#store.get('mailboxes').get(targetId);
      const told = text ?? t('done.moved', { n: ids.length, name: target ? mailboxName(target) : '' });
      const calledOff = await this.#callOff(members, targetId, leaving);
      if (this.#isElsewhere(target)) return this.#carry(ids, members, { target, leaving, text: told });
      const patches = this.#moves(members, targetId, leaving);
      for (const id of calledOff) patches[id]['keywords/$draft'] = true;
      if (Object.keys(patches).length === 0) return true;
      this.#store.emit('removed', ids);
      if (calledOff.length === 0) return this.#do(patches, told);
      toast(t('done.calledOff'));
      return this.#do(patches, '');
    });
  }

  /** What leaves Scheduled is not sent, and a draft again; nothing brings that back. @returns its ids */
  async #callOff(members, targetId, leaving) {
    const scheduled = this.#store.mailboxByRole('scheduled')?.id;
    if (!scheduled || targetId === scheduled || this.#store.account()) return [];
    const waiting = members.filter((email) => email.mailboxIds[scheduled] && leaving(email).includes(scheduled));
    return waiting.length > 0 ? callOff(this.#client, waiting.map(({ id }) => id)) : [];
  }

  /** Into that one, and it stays where it is as well. */
  copy(ids, targetId, { mailboxId } = {}) {
    return this.#told(async () => {
      const members = await this.#members(ids, mailboxId, KEPT);
      const target = this.#store.get('mailboxes').get(targetId);
      const text = t('done.copied', { n: ids.length, name: mailboxName(target) });
      if (this.#isElsewhere(target)) return this.#carry([], members, { target, leaving: () => [], text });
      return this.#do(this.#moves(members, targetId, () => []), text);
    });
  }

  /** Whether a mailbox is in another account than what is shown. */
  #isElsewhere(mailbox) {
    return mailbox !== undefined && mailbox.accountId !== this.#store.account();
  }

  /** The mailboxes that an Email leaves when it is moved. */
  #leaving(email, mailboxId, aside) {
    if (mailboxId) return [mailboxId];
    const open = this.#open(email, aside);
    return open.length > 0 ? open : Object.keys(email.mailboxIds);
  }

  #moves(members, targetId, leaving) {
    const patches = {};
    for (const email of members) {
      const patch = Object.fromEntries(leaving(email).filter((id) => id !== targetId).map((id) => [`mailboxIds/${id}`, null]));
      if (!email.mailboxIds[targetId]) patch[`mailboxIds/${targetId}`] = true;
      if (Object.keys(patch).length > 0) patches[email.id] = patch;
    }
    return patches;
  }

  /** Into a mailbox of another account. @param gone ids of what leaves the list @param leaving gives the mailboxes that an Email leaves */
  async #carry(gone, members, { target, leaving, text }) {
    const all = this.#store.get('mailboxes');
    const client = this.#store.get('client');
    const carriage = new Carriage(client, { from: this.#client.accountId, to: target.accountId ?? client.accountId, targetId: target.id });
    const mayReturn = target.myRights.mayRemoveItems && members.flatMap(leaving).every((id) => all.get(id)?.myRights.mayAddItems);
    const told = (words) => toast(words, { action: mayReturn && (() => this.#during(() => carriage.back())) });
    this.#store.emit('removed', gone);
    const done = await this.#during(() => carriage.go(members, leaving));
    if (done) told(text);
    else if (carriage.hasArrived) told(t('done.partly', { name: mailboxName(target) }));
    return done;
  }

  /** Does what changes much. @returns whether it is done; if not, that is said, and the list is asked for anew */
  async #during(work) {
    const done = await this.#told(() => this.#store.get('sync').during(work));
    if (!done) this.#store.emit('reload');
    this.#store.refresh();
    return done;
  }

  /** To sleep, or back: the server moves it. @param details the property `snoozed` of an Email @param before what it was, or null @param stays whether the list shows them as before */
  snooze(ids, details, before, { mailboxId, text, stays } = {}) {
    return this.#told(async () => {
      const members = await this.#members(ids, mailboxId, KEPT);
      const patches = (of) => Object.fromEntries(members.map((email) => [email.id, { snoozed: of(email) }]));
      if (!stays) this.#store.emit('removed', ids);
      return this.#do(patches(details), text, patches(before));
    });
  }

  /** The mailbox of that role, made where there is none. */
  async #role(role) {
    const there = this.#store.mailboxByRole(role);
    if (there) return there.id;
    const { set } = await this.#client.call([['Mailbox/set', { create: { it: { name: t(`role.${role}`), parentId: null, role } } }, 'set']]);
    if (!set.created?.it) throw new Error(set.notCreated?.it?.description ?? role);
    await this.#store.get('sync').run();
    return set.created.it.id;
  }

  #toRole(ids, role, options) {
    return this.#told(async () => this.move(ids, await this.#role(role), { ...options, text: t(`done.${role}`, { n: ids.length }) }));
  }

  archive(ids, options) {
    return this.#toRole(ids, 'archive', options);
  }

  junk(ids, options) {
    return this.#toRole(ids, 'junk', options);
  }

  /** To Trash; what is there already, and what others share, is gone from there for good, if somebody says so. */
  async trash(ids, options = {}) {
    const trash = this.#store.mailboxByRole('trash');
    if (!this.#store.account() && (!trash || options.mailboxId !== trash.id)) return this.#toRole(ids, 'trash', { ...options, aside: HIDDEN });
    if (!(await confirm(t('destroy.title'), t('destroy.text', { n: ids.length }), t('destroy')))) return false;
    return this.#destroy(ids, options.mailboxId);
  }

  /** @param mailboxId what they leave; undefined, where another one's mail is searched, for all */
  #destroy(ids, mailboxId) {
    return this.#during(async () => {
      const members = await this.#members(ids, mailboxId);
      // An Email is all its places: one that lies in another mailbox as well only leaves this one. Where it lies is asked for now, as there is no way back.
      const emails = [...(await this.#places(members.map((email) => email.id))).values()].filter((email) => !mailboxId || email.mailboxIds[mailboxId]);
      this.#store.emit('removed', ids);
      for (const some of this.#batches(emails, 'maxObjectsInSet')) await this.#leave(some, mailboxId);
      toast(t('done.destroyed', { n: ids.length }));
    });
  }

  async #leave(emails, mailboxId) {
    const isElsewhere = (email) => mailboxId && Object.keys(email.mailboxIds).length > 1;
    const update = Object.fromEntries(emails.filter(isElsewhere).map((email) => [email.id, { [`mailboxIds/${mailboxId}`]: null }]));
    const destroy = emails.filter((email) => !isElsewhere(email)).map((email) => email.id);
    const { set } = await this.#client.call([['Email/set', { update, destroy }, 'set']]);
    const refused = refusedBy(set);
    if (refused) throw refused;
  }
}
