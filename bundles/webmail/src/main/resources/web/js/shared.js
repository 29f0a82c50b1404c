// Mailboxes that others share, RFC 8620 1.6.2: where they stand, and what may be done there (RFC 8621 2).
import { SUMMARY } from './emails.js';
import { batches } from './jmap.js';

const MAIL = 'urn:ietf:params:jmap:mail';

/** So many accounts are asked for in a request, and so many Emails in a call. */
const BATCH = 8;
const MOST = 500;

/** What the server calls the account that is everybody's. */
const PUBLIC = 'Public';

/** What each action needs, and what leaving for another mailbox does; those without a right are for mailboxes that only one's own account has. */
const NEEDS = { delete: 'mayRemoveItems', leave: 'mayRemoveItems', markRead: 'maySetSeen', markUnread: 'maySetSeen', star: 'maySetKeywords', archive: null, junk: null, snooze: null };

/** Whether that can be done with mail of a mailbox; where none is shown it is one's own. */
function mayAct(name, mailbox) {
  if (!mailbox || !(name in NEEDS)) return true;
  const right = NEEDS[name];
  return right ? mailbox.myRights[right] : !mailbox.accountId;
}

/** Whether that can be done in what is shown; where another one's mail is searched, whether it can in a mailbox of his. */
export function mayActHere(name, store) {
  const accountId = store.account();
  if (store.mailbox() || !accountId) return mayAct(name, store.mailbox());
  return theirs(store, accountId).some((mailbox) => mayAct(name, mailbox));
}

/** A mailbox where that cannot be done with these Emails, or undefined: the one that is shown, or of all in which they lie. */
export function refusing(name, emails, store) {
  if (!store.mailbox()) return holding(name, emails, store);
  return mayAct(name, store.mailbox()) ? undefined : store.mailbox();
}

/** The same of all in which they lie. */
export function holding(name, emails, store) {
  const mailboxes = emails.flatMap((email) => Object.keys(email?.mailboxIds ?? {}).map((id) => store.get('mailboxes').get(id)));
  return mailboxes.find((mailbox) => mailbox && !mayAct(name, mailbox));
}

/** Disables what cannot be done with what is shown. */
export function permit(toolbar, store) {
  for (const button of toolbar.querySelectorAll('[data-act]')) button.disabled = !mayActHere(button.dataset.act, store);
  return toolbar;
}

/** The mailboxes of another one's account. */
export function theirs(store, accountId) {
  return [...store.get('mailboxes').values()].filter((mailbox) => mailbox.accountId === accountId);
}

/** The accounts of others, `[id, owner]`, in the order of their mailboxes. */
export function sharers(store) {
  return [...new Map([...store.get('mailboxes').values()].filter(({ accountId }) => accountId).map(({ accountId, owner }) => [accountId, owner]))];
}

/** In a call about a mailbox: whose account it is in, unless it is one's own. */
export function inAccount(mailbox) {
  return mailbox?.accountId ? { accountId: mailbox.accountId } : {};
}

/** Puts mailboxes of an account of others into the user's list, or takes them out of it. @throws Error unless all are */
export async function subscribe(client, accountId, ids, isSubscribed) {
  for (const some of batches(client, ids, 'maxObjectsInSet')) {
    const update = Object.fromEntries(some.map((id) => [id, { isSubscribed }]));
    const { set } = await client.call([['Mailbox/set', { accountId, update }, 'set']]);
    const refused = Object.values(set.notUpdated ?? {})[0];
    if (refused) throw new Error(refused.description ?? refused.type);
  }
}

/**
 * All mailboxes of accounts of others, `[id, Account]`: each with `accountId`, whose it is (`owner`), and what stands in front of its name (`prefix`), as IMAP has it. What cannot be read of
 * one account is left out.
 */
export async function mailboxesOf(client, accounts) {
  const all = [];
  const mail = accounts.filter(([, account]) => account.accountCapabilities[MAIL]);
  for (let i = 0; i < mail.length; i += BATCH) {
    const some = mail.slice(i, i + BATCH);
    const answers = await client.call(some.map(([accountId]) => ['Mailbox/get', { accountId, ids: null }, accountId]), { partial: true });
    for (const [accountId, { name: owner }] of some) {
      const prefix = owner === PUBLIC ? [PUBLIC] : ['Users', owner];
      for (const mailbox of answers[accountId].list ?? []) all.push({ ...mailbox, accountId, owner, prefix });
    }
  }
  return all;
}

/** Those in the user's list, and those in which they lie. */
function listed(mailboxes) {
  const byId = new Map(mailboxes.map((mailbox) => [mailbox.id, mailbox]));
  const wanted = new Set();
  for (const mailbox of mailboxes.filter((one) => one.isSubscribed))
    for (let one = mailbox; one && !wanted.has(one); one = byId.get(one.parentId)) wanted.add(one);
  return mailboxes.filter((mailbox) => wanted.has(mailbox));
}

/** The same connection, looking at the account whose mail is shown. */
export class AccountClient {
  #client;
  #store;

  constructor(client, store) {
    this.#client = client;
    this.#store = store;
  }

  get accountId() {
    return this.#store.account() ?? this.#client.accountId;
  }

  get session() {
    return this.#client.session;
  }

  get username() {
    return this.#client.username;
  }

  capability(uri) {
    return this.#client.session.accounts[this.accountId]?.accountCapabilities[uri];
  }

  call(methodCalls, options) {
    return this.pinned().call(methodCalls, options);
  }

  /** The account that is looked at now, with `accountId` and `call`, whatever is shown later. */
  pinned() {
    const { accountId } = this;
    const call = (methodCalls, options) => this.#client.call(methodCalls.map(([name, args, id]) => [name, { accountId, ...args }, id]), options);
    return { accountId, call };
  }

  download(blobId, options) {
    return this.#client.download(blobId, { accountId: this.accountId, ...options });
  }
}

/** What is answered or forwarded from there: its files are taken along, and nobody is told there that it was. */
export async function adopted(client, fromAccountId, source) {
  const blobIds = source.parts.map((part) => part.blobId);
  if (blobIds.length > 0) {
    const { copied } = await client.call([['Blob/copy', { fromAccountId, blobIds }, 'copied']]);
    for (const part of source.parts) part.blobId = copied.copied?.[part.blobId] ?? part.blobId;
  }
  return { ...source, done: null };
}

/** The mailboxes of others in the user's list, as they are now. */
export class Shared {
  #client;
  #known = [];
  #states = new Map();

  constructor(client) {
    this.#client = client;
  }

  #accounts() {
    return Object.entries(this.#client.session.accounts).filter(([id]) => id !== this.#client.accountId);
  }

  /** As `mailboxesOf` tells them. What cannot be asked for stays as it was. */
  async mailboxes() {
    try {
      // Others share something, or nothing any more.
      if (this.#client.isStale) await this.#client.open();
      this.#known = listed(await mailboxesOf(this.#client, this.#accounts()));
    } catch (error) {
      if (error.status === 401) throw error;
    }
    return this.#known;
  }

  /** Keeps up what is known of the Emails of an account. */
  async follow(emails, accountId) {
    const sinceState = this.#states.get(accountId);
    if (sinceState === undefined) return this.#begin(accountId);
    const { changes } = await this.#client.call([['Email/changes', { accountId, sinceState, maxChanges: MOST }, 'changes']], { partial: true });
    if (changes.error) {
      emails.clear();
      return this.#begin(accountId);
    }
    emails.forget(changes.destroyed);
    if (changes.created.length > 0 || changes.destroyed.length > 0) emails.forgetThreads();
    const ids = changes.updated.filter((id) => emails.has(id));
    if (ids.length > 0) emails.put((await this.#client.call([['Email/get', { accountId, ids, properties: SUMMARY }, 'emails']])).emails.list);
    this.#states.set(accountId, changes.newState);
    return changes.hasMoreChanges ? this.follow(emails, accountId) : undefined;
  }

  async #begin(accountId) {
    const { none } = await this.#client.call([['Email/get', { accountId, ids: [] }, 'none']], { partial: true });
    if (none.error) this.#states.delete(accountId);
    else this.#states.set(accountId, none.state);
  }
}
