// Mail from one account to another, RFC 8621 4.7: it is copied there, and leaves where it was only when its copy is there.

import { batches } from './jmap.js';

/** So many at a time, as the server writes each of them anew. */
const BATCH = 100;

function check(...refusals) {
  const error = Object.values(Object.assign({}, ...refusals))[0];
  if (error) throw new Error(error.description ?? error.type);
}

/** The patches of Emails that leave mailboxes, or come back to them. @param lists of mailbox ids by Email id @param value null or true */
function patches(lists, value) {
  const each = [...lists].filter(([, mailboxIds]) => mailboxIds.length > 0);
  return each.map(([id, mailboxIds]) => [id, Object.fromEntries(mailboxIds.map((mailboxId) => [`mailboxIds/${mailboxId}`, value]))]);
}

/** Emails on their way from one account to a mailbox of another, and back. */
export class Carriage {
  #client;
  #from;
  #to;
  #targetId;
  #mailboxes;
  /** Copies whose originals are destroyed, `{ id, mailboxIds, keywords }` with where those lay, and what they may have there. */
  #moved = [];
  /** Ids of copies whose originals are still there. */
  #copied = [];
  /** The mailboxes that those left, by their ids. */
  #left = new Map();

  /** @param from the id of an account @param to that of another one, with the mailbox `targetId` @param mailboxes all of both, by id */
  constructor(client, { from, to, targetId, mailboxes }) {
    this.#client = client;
    this.#from = from;
    this.#to = to;
    this.#targetId = targetId;
    this.#mailboxes = mailboxes;
  }

  /** Whether anything is there. */
  get hasArrived() {
    return this.#moved.length + this.#copied.length > 0;
  }

  /**
   * Takes Emails there. One that leaves all its mailboxes is destroyed where it was. Nothing is done behind a batch of which something is refused.
   * @param leaving gives the ids of the mailboxes that an Email leaves; none, if it is only copied
   * @throws JmapError, or with the first that the server refused
   */
  async go(emails, leaving) {
    const stays = (email) => Object.keys(email.mailboxIds).some((id) => !leaving(email).includes(id));
    for (const some of this.#batches(emails.filter((email) => !stays(email)))) await this.#move(some);
    for (const some of this.#batches(emails.filter(stays))) await this.#copy(some, leaving);
  }

  #batches(all) {
    return batches(this.#client, all, 'maxObjectsInSet', BATCH);
  }

  async #move(emails) {
    const { created, notCreated, implied } = await this.#ask(this.#from, this.#to, this.#places(emails), true);
    for (const { id, mailboxIds, keywords } of emails.filter((email) => created?.[email.id])) {
      if (implied?.error || implied?.notDestroyed?.[id]) this.#copied.push(created[id].id);
      else this.#moved.push(this.#place(created[id].id, mailboxIds, keywords));
    }
    if (implied?.error) throw implied.error;
    check(notCreated, implied?.notDestroyed);
  }

  async #copy(emails, leaving) {
    const { created, notCreated } = await this.#ask(this.#from, this.#to, this.#places(emails), false);
    const there = emails.filter((email) => created?.[email.id]);
    this.#copied.push(...there.map((email) => created[email.id].id));
    const left = there.map((email) => [email.id, leaving(email)]);
    for (const [id, mailboxIds] of left) this.#left.set(id, mailboxIds);
    await this.#set(this.#from, { update: Object.fromEntries(patches(left, null)) });
    check(notCreated);
  }

  #places(emails) {
    return emails.map(({ id, keywords }) => this.#place(id, { [this.#targetId]: true }, keywords));
  }

  /** With those keywords that may be set there: with another one the server would refuse it. */
  #place(id, mailboxIds, keywords) {
    const rights = Object.keys(mailboxIds).map((place) => this.#mailboxes.get(place)?.myRights);
    const may = (keyword) => rights.every((right) => !right || right[keyword === '$seen' ? 'maySetSeen' : 'maySetKeywords']);
    return { id, mailboxIds, keywords: Object.fromEntries(Object.entries(keywords).filter(([keyword]) => may(keyword))) };
  }

  /** Brings them back to where they were. @throws as `go` does */
  async back() {
    for (const some of this.#batches(this.#moved)) {
      const { notCreated, implied } = await this.#ask(this.#to, this.#from, some, true);
      if (implied?.error) throw implied.error;
      check(notCreated, implied?.notDestroyed);
    }
    for (const some of this.#batches(patches(this.#left, true))) await this.#set(this.#from, { update: Object.fromEntries(some) });
    for (const some of this.#batches(this.#copied)) await this.#set(this.#to, { destroy: some });
  }

  async #ask(fromAccountId, accountId, places, onSuccessDestroyOriginal) {
    // An id of an Email is as good as one of a creation.
    const create = Object.fromEntries(places.map((place) => [place.id, place]));
    const { copy } = await this.#client.call([['Email/copy', { fromAccountId, accountId, create, onSuccessDestroyOriginal }, 'copy']], { partial: true });
    if (copy.error) throw copy.error;
    return copy;
  }

  async #set(accountId, change) {
    const { set } = await this.#client.call([['Email/set', { accountId, ...change }, 'set']]);
    check(set.notUpdated, set.notDestroyed);
  }
}
