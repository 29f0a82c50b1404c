// What is done with conversations: at once on the screen, then at the server, and back again by Undo.
import { Carriage } from './carry.js';
import { callOff } from './compose-send.js';
import { batches, Client } from './jmap.js';
import { confirm } from './dialog.js';
import { SUMMARY } from './emails.js';
import { mailboxName } from './mailboxes.js';
import { holding, mayActHere } from './shared.js';
import { t } from './texts.js';
import { toast } from './toast.js';

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

/** An Email as a patch leaves it. */
function patched(email, patch) {
  const changed = { ...email, mailboxIds: { ...email.mailboxIds }, keywords: { ...email.keywords } };
  for (const [path, value] of Object.entries(patch)) {
    const [set, name] = path.split('/');
    if (name === undefined) changed[set] = value;
    else if (value) changed[set][name] = true;
    else delete changed[set][name];
  }
  return changed;
}

function refusedBy(set) {
  const error = Object.values({ ...set.notUpdated, ...set.notDestroyed })[0];
  return error ? new Error(error.description ?? error.type) : null;
}

/** What is private works with `at`, the account that was looked at when the action began: by now another may be shown. */
export class Actions {
  #client;
  #store;
  #emails;

  constructor({ client, store, emails }) {
    this.#client = client;
    this.#store = store;
    this.#emails = emails;
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
  async #members(at, ids, mailboxId, aside = []) {
    if (mailboxId && ids.length > MANY) return this.#many(at, ids, mailboxId);
    await this.#know(at, ids.filter((id) => !this.#emails.hasThread(id)));
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
  async #many(at, ids, mailboxId) {
    const emails = await this.#places(at, await this.#ids(at, { inMailbox: mailboxId }));
    this.#emails.put([...emails.values()].filter((email) => this.#emails.has(email.id)));
    const threads = new Set(ids.map((id) => emails.get(id)?.threadId));
    return [...emails.values()].filter((email) => threads.has(email.threadId));
  }

  /** All that a filter finds. */
  async #ids(at, filter) {
    const all = [];
    for (let position = 0, total = 1; position < total; ) {
      const { query } = await at.call([['Email/query', { filter, position, calculateTotal: true }, 'query']]);
      all.push(...query.ids);
      position += query.ids.length;
      total = query.ids.length > 0 ? query.total : 0;
    }
    return [...new Set(all)];
  }

  /** Where Emails are now, by id; more than are kept in `Emails`. */
  async #places(at, ids) {
    const found = new Map();
    for (const some of batches(this.#client, ids, 'maxObjectsInGet')) {
      const { emails } = await at.call([['Email/get', { ids: some, properties: fields() }, 'emails']]);
      for (const email of emails.list) found.set(email.id, email);
    }
    return found;
  }

  async #know(at, ids) {
    for (let i = 0; i < ids.length; i += THREADS) {
      const answers = await at.call([
        ['Email/get', { ids: ids.slice(i, i + THREADS), properties: fields() }, 'first'],
        ['Thread/get', { '#ids': Client.ref('first', 'Email/get', '/list/*/threadId') }, 'threads'],
        ['Email/get', { '#ids': Client.ref('threads', 'Thread/get', '/list/*/emailIds'), properties: fields() }, 'all'],
      ]);
      this.#emails.put([...answers.first.list, ...answers.all.list]);
      this.#emails.putThreads(answers.threads.list);
    }
  }

  /** Carries out changes, the arguments of calls of Email/set. @throws JmapError, or with the first that the server refused; `isPartial` says whether some are done */
  async #set(at, changes) {
    let refused = null;
    let isPartial = false;
    try {
      for (const change of changes) {
        const { set } = await at.call([['Email/set', change, 'set']]);
        isPartial ||= Object.keys(set.updated ?? {}).length > 0 || (set.destroyed ?? []).length > 0;
        refused ??= refusedBy(set);
      }
    } catch (error) {
      refused = error;
    }
    if (refused) throw Object.assign(refused, { isPartial });
  }

  /** Applies patches to what is known here. */
  #apply(patches) {
    this.#emails.put(Object.entries(patches).filter(([id]) => this.#emails.has(id)).map(([id, patch]) => patched(this.#emails.get(id), patch)));
    this.#store.emit('emails');
  }

  /** @param back takes it back @returns whether the server has done it; if not, that is said */
  async #do(at, patches, text, back = inverse(patches)) {
    if (Object.keys(patches).length === 0) return true;
    const takeBack = () => this.#do(at, back, '', patches);
    const done = this.#patch(at, patches, back, takeBack);
    const close = text ? toast(text, { action: () => done.then((isDone) => isDone && takeBack()) }) : () => {};
    if (!(await done)) close();
    return done;
  }

  /** Shows it at once, and as it was before if the server does not do it. @param takeBack is offered where it does a part; undefined where nothing takes that back */
  async #patch(at, patches, back, takeBack) {
    this.#apply(patches);
    const changes = batches(this.#client, Object.entries(patches), 'maxObjectsInSet').map((some) => ({ update: Object.fromEntries(some) }));
    const done = await this.#told(() => this.#store.get('sync').during(() => this.#set(at, changes)), takeBack);
    if (!done) {
      this.#apply(back);
      this.#store.emit('reload');
    }
    this.#store.refresh();
    return done;
  }

  /** Out of the list, unless that shows something else by now. */
  #removed(ids, mailboxId) {
    if ((this.#store.get('mailboxId') ?? null) === (mailboxId ?? null)) this.#store.emit('removed', ids);
  }

  #keyword(members, keyword, on) {
    const changed = members.filter((email) => Boolean(email.keywords[keyword]) !== on);
    return Object.fromEntries(changed.map((email) => [email.id, { [`keywords/${keyword}`]: on ? true : null }]));
  }

  /** @param quiet when it was not asked for, as a mail that is opened is read */
  seen(ids, on, { mailboxId, quiet = false } = {}) {
    const at = this.#client.pinned();
    return this.#told(async () => {
      const members = await this.#members(at, ids, mailboxId, HIDDEN);
      return this.#do(at, this.#keyword(members, '$seen', on), quiet ? '' : t(on ? 'done.read' : 'done.unread', { n: ids.length }));
    });
  }

  /** All that lies in a mailbox of the account that is shown. */
  readAll(mailboxId) {
    const at = this.#client.pinned();
    return this.#told(async () => {
      const emails = [...(await this.#places(at, await this.#ids(at, { inMailbox: mailboxId, notKeyword: '$seen' }))).values()];
      const threads = new Set(emails.map((email) => email.threadId));
      return this.#do(at, this.#keyword(emails, '$seen', true), t('done.read', { n: threads.size }));
    });
  }

  /** One Email alone. */
  async seenOne(id) {
    const email = this.#emails.get(id);
    if (email && mayActHere('markRead', this.#store)) await this.#do(this.#client.pinned(), this.#keyword([email], '$seen', true), '');
  }

  /** The star of the newest of each conversation, or none at all. */
  flag(ids, on, { mailboxId } = {}) {
    const at = this.#client.pinned();
    return this.#told(async () => {
      const members = await this.#members(at, ids, mailboxId);
      const newest = on ? members.filter((email) => ids.includes(email.id)) : members;
      return this.#do(at, this.#keyword(newest, '$flagged', on), ids.length > 1 ? t(on ? 'done.flag' : 'done.unflag', { n: ids.length }) : '');
    });
  }

  /** Out of where it is, into that one. Where no mailbox is shown, what lies in those of roles `aside` stays there. */
  move(ids, targetId, options) {
    const at = this.#client.pinned();
    return this.#told(() => this.#move(at, ids, targetId, options));
  }

  async #move(at, ids, targetId, { mailboxId, text, aside = KEPT } = {}) {
    const members = await this.#members(at, ids, mailboxId, aside);
    const leaving = (email) => this.#leaving(email, mailboxId, aside);
    const target = this.#store.get('mailboxes').get(targetId) ?? { id: targetId, name: '' };
    const told = text ?? t('done.moved', { n: ids.length, name: mailboxName(target) });
    if (this.#waiting(members, targetId, leaving).length > 0) return this.#moveWaiting(at, ids, members, { target, leaving, text: told, mailboxId });
    if (this.#isElsewhere(at, target)) return this.#carry(at, ids, members, { target, leaving, text: told, mailboxId });
    const patches = this.#moves(members, targetId, leaving);
    if (Object.keys(patches).length === 0) return true;
    this.#removed(ids, mailboxId);
    return this.#do(at, patches, told);
  }

  /** What of these leaves Scheduled. */
  #waiting(members, targetId, leaving) {
    const scheduled = this.#store.mailboxByRole('scheduled')?.id;
    return scheduled === targetId ? [] : members.filter((email) => email.mailboxIds[scheduled] && leaving(email).includes(scheduled));
  }

  /** What leaves Scheduled is not sent, and a draft again: nothing brings that back, so no Undo is offered. To another account it goes by way of Drafts. */
  async #moveWaiting(at, ids, members, { target, leaving, text, mailboxId }) {
    const isElsewhere = this.#isElsewhere(at, target);
    const draftsId = await this.#role('drafts');
    const patches = this.#moves(this.#waiting(members, target.id, leaving), isElsewhere ? draftsId : target.id, leaving);
    for (const patch of Object.values(patches)) patch['keywords/$draft'] = true;
    const off = new Set(await this.#callOff(patches, draftsId));
    const told = off.size > 0 ? t('done.calledOff') : text;
    if (isElsewhere) {
      const now = members.map((email) => (off.has(email.id) ? patched(email, patches[email.id]) : email));
      return this.#carry(at, ids, now, { target, leaving: (email) => (off.has(email.id) ? [draftsId] : leaving(email)), text: told, mailboxId, isFinal: true });
    }
    this.#removed(ids, mailboxId);
    const others = this.#moves(members.filter((email) => !off.has(email.id)), target.id, leaving);
    const done = await this.#patch(at, others, inverse(others));
    if (done || off.size > 0) toast(told);
    return done;
  }

  /** Calls off what waits of these, and puts it where the patches say. @returns its ids @throws Error as `callOff` tells it */
  async #callOff(patches, draftsId) {
    let close = null;
    const told = ({ message }) => (close ??= toast(t('compose.askingBack', { why: message }), { error: true, seconds: 60 }));
    const { ids, refused } = await callOff(this.#store.get('client'), { patches, draftsId, told });
    close?.();
    this.#apply(Object.fromEntries(ids.map((id) => [id, patches[id]])));
    if (!refused) return ids;
    this.#store.emit('reload');
    this.#store.refresh();
    throw refused;
  }

  /** Into that one, and it stays where it is as well. */
  copy(ids, targetId, { mailboxId } = {}) {
    const at = this.#client.pinned();
    return this.#told(async () => {
      const members = await this.#members(at, ids, mailboxId, KEPT);
      const target = this.#store.get('mailboxes').get(targetId);
      const text = t('done.copied', { n: ids.length, name: mailboxName(target) });
      if (this.#isElsewhere(at, target)) return this.#carry(at, [], members, { target, leaving: () => [], text, mailboxId });
      return this.#do(at, this.#moves(members, targetId, () => []), text);
    });
  }

  /** Whether a mailbox is in another account than what the action is about. */
  #isElsewhere(at, mailbox) {
    return (mailbox.accountId ?? this.#store.get('client').accountId) !== at.accountId;
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

  /** Into a mailbox of another account. @param gone ids of what leaves the list @param leaving gives the mailboxes that an Email leaves @param isFinal whether nothing takes it back */
  async #carry(at, gone, members, { target, leaving, text, mailboxId, isFinal = false }) {
    const all = this.#store.get('mailboxes');
    const client = this.#store.get('client');
    const carriage = new Carriage(client, { from: at.accountId, to: target.accountId ?? client.accountId, targetId: target.id, mailboxes: all });
    const mayReturn = !isFinal && target.myRights.mayRemoveItems && members.flatMap(leaving).every((id) => all.get(id)?.myRights.mayAddItems);
    const told = (words) => toast(words, { action: mayReturn && (() => this.#during(() => carriage.back())) });
    this.#removed(gone, mailboxId);
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
    const at = this.#client.pinned();
    return this.#told(async () => {
      const members = await this.#members(at, ids, mailboxId, KEPT);
      const patches = (of) => Object.fromEntries(members.map((email) => [email.id, { snoozed: of(email) }]));
      if (!stays) this.#removed(ids, mailboxId);
      return this.#do(at, patches(details), text, patches(before));
    });
  }

  /** One's own mailbox of that role, made where there is none. */
  async #role(role) {
    const there = this.#store.mailboxByRole(role);
    if (there) return there.id;
    const { set } = await this.#store.get('client').call([['Mailbox/set', { create: { it: { name: t(`role.${role}`), parentId: null, role } } }, 'set']]);
    if (!set.created?.it) throw new Error(set.notCreated?.it?.description ?? role);
    await this.#store.get('sync').run();
    return set.created.it.id;
  }

  #toRole(ids, role, options) {
    const at = this.#client.pinned();
    return this.#told(async () => this.#move(at, ids, await this.#role(role), { ...options, text: t(`done.${role}`, { n: ids.length }) }));
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
    const at = this.#client.pinned();
    if (!(await confirm(t('destroy.title'), t('destroy.text', { n: ids.length }), t('destroy')))) return false;
    return this.#destroy(at, ids, options.mailboxId);
  }

  /** @param mailboxId what they leave; undefined, where another one's mail is searched, for all */
  #destroy(at, ids, mailboxId) {
    return this.#during(async () => {
      const members = await this.#members(at, ids, mailboxId);
      // An Email is all its places: one that lies in another mailbox as well only leaves this one. Where it lies is asked for now, as there is no way back.
      const emails = [...(await this.#places(at, members.map((email) => email.id))).values()].filter((email) => !mailboxId || email.mailboxIds[mailboxId]);
      const kept = !mailboxId && holding('delete', emails, this.#store);
      if (kept) throw new Error(t('shared.mayNot', { owner: kept.owner ?? t('me') }));
      this.#removed(ids, mailboxId);
      await this.#set(at, batches(this.#client, emails, 'maxObjectsInSet').map((some) => this.#parting(some, mailboxId)));
      toast(t('done.destroyed', { n: ids.length }));
    });
  }

  /** The change that takes Emails out of a mailbox, or out of the world. */
  #parting(emails, mailboxId) {
    const isElsewhere = (email) => mailboxId && Object.keys(email.mailboxIds).length > 1;
    const update = Object.fromEntries(emails.filter(isElsewhere).map((email) => [email.id, { [`mailboxIds/${mailboxId}`]: null }]));
    return { update, destroy: emails.filter((email) => !isElsewhere(email)).map((email) => email.id) };
  }
}
