// Keeps what is shown up with the server: told by push, or because this page has changed something itself.
import { Shared } from './shared.js';

/** What can change of an Email, RFC 8621 4.1. */
const MUTABLE = ['id', 'mailboxIds', 'keywords'];

/** So many changes are told at a time. */
const MOST_CHANGES = 5000;
const BATCH = 500;

/** What has failed is tried again after so many milliseconds, each time after twice as many. */
const LEAST = 2000;
const MOST = 120_000;

export class Sync {
  #client;
  #store;
  #emails;
  #shared;
  #state = null;
  #running = null;
  #again = false;
  #held = 0;
  #pause = LEAST;
  #timer = 0;

  constructor({ client, store, emails }) {
    this.#client = client;
    this.#store = store;
    this.#emails = emails;
    this.#shared = new Shared(client);
  }

  /** Fetches the mailboxes, and begins to listen. */
  async start() {
    await this.#mailboxes();
    this.#client.listen(
      ['Mailbox', 'Email', 'Thread', 'EmailSubmission', 'ShareNotification'],
      (changed) => this.#pushed(changed),
      (online) => this.#connected(online),
    );
    this.#store.on('refresh', () => this.run());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.run());
  }

  /** What became of mail that was sent is asked for by who shows it. */
  #pushed(changed) {
    const types = new Set(Object.values(changed).flatMap(Object.keys));
    if (types.has('ShareNotification')) this.#store.emit('shares');
    if (types.delete('EmailSubmission')) this.#store.emit('submissions');
    if (types.size > 0) this.run();
  }

  /** Who was away has missed what was pushed. */
  #connected(online) {
    this.#store.set('online', online);
    if (!online) return;
    this.#store.emit('submissions');
    this.#store.emit('shares');
    this.run();
  }

  async #mailboxes() {
    const { boxes, emails } = await this.#client.call([
      ['Mailbox/get', { ids: null }, 'boxes'],
      ['Email/get', { ids: [] }, 'emails'],
    ]);
    this.#state ??= emails.state;
    await this.#keep(boxes.list);
  }

  /** With what others share behind one's own. */
  async #keep(own) {
    const all = [...own, ...(await this.#shared.mailboxes())];
    this.#store.set('mailboxes', new Map(all.map((box) => [box.id, box])));
    const accountId = this.#store.account();
    if (accountId) await this.#shared.follow(this.#emails, accountId);
  }

  /** At most one runs at a time; who asks meanwhile is answered by one more behind it. */
  run() {
    if (this.#running || this.#held > 0) this.#again = true;
    else this.#running = this.#run().finally(() => this.#ended());
    return this.#running;
  }

  #ended() {
    this.#running = null;
    if (this.#again && this.#held === 0) this.run();
  }

  /** Does work of this page that changes much, of which each step is pushed: what became of it is asked for when all is done. */
  async during(work) {
    this.#held++;
    try {
      return await work();
    } finally {
      if (--this.#held === 0 && this.#again) this.run();
    }
  }

  async #run() {
    clearTimeout(this.#timer);
    try {
      do {
        this.#again = false;
        await this.#once();
      } while (this.#again && this.#held === 0);
      this.#pause = LEAST;
    } catch (error) {
      this.#again = false;
      if (error.status !== 401) this.#later();
    }
  }

  /** Push tells of a change once; the stream may well be there while a request fails. */
  #later() {
    this.#timer = setTimeout(() => this.run(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, MOST);
  }

  async #once() {
    if (this.#state === null) await this.#mailboxes();
    else await this.#changes();
    this.#store.emit('changed');
  }

  async #changes() {
    const { boxes, changes } = await this.#client.call(
      [
        ['Mailbox/get', { ids: null }, 'boxes'],
        ['Email/changes', { sinceState: this.#state, maxChanges: MOST_CHANGES }, 'changes'],
      ],
      { partial: true },
    );
    if (boxes.error) throw boxes.error;
    await this.#keep(boxes.list);
    if (changes.error) await this.#begin(changes.error);
    else await this.#take(changes);
  }

  /** Too long away: what is known may be old. */
  #begin(error) {
    if (error.type !== 'cannotCalculateChanges') throw error;
    this.#emails.clear();
    this.#state = null;
    return this.#mailboxes();
  }

  async #take({ created, updated, destroyed, newState, hasMoreChanges }) {
    this.#emails.forget(destroyed);
    if (created.length > 0 || destroyed.length > 0) this.#emails.forgetThreads();
    const known = updated.filter((id) => this.#emails.has(id));
    for (let i = 0; i < known.length; i += BATCH) {
      const { emails } = await this.#client.call([['Email/get', { ids: known.slice(i, i + BATCH), properties: MUTABLE }, 'emails']]);
      this.#emails.put(emails.list);
    }
    this.#state = newState;
    if (hasMoreChanges) this.#again = true;
  }
}
