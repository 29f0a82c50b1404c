// What is known of Emails and threads, so that nothing is fetched twice; bounded.

/** What a list shows of an Email. */
export const SUMMARY = ['id', 'threadId', 'mailboxIds', 'keywords', 'from', 'to', 'subject', 'receivedAt', 'hasAttachment', 'preview'];

const MOST = 20_000;

export class Emails {
  #emails = new Map();
  #threads = new Map();

  get(id) {
    return this.#emails.get(id);
  }

  /** Keeps these; of what is known already they are the newer state. */
  put(list) {
    for (const email of list) this.#emails.set(email.id, { ...this.#emails.get(email.id), ...email });
    for (const id of this.#emails.keys()) {
      if (this.#emails.size <= MOST) break;
      this.#emails.delete(id);
    }
  }

  putThreads(list) {
    for (const thread of list) this.#threads.set(thread.id, thread.emailIds);
    if (this.#threads.size > MOST) this.#threads.clear();
  }

  /** The Emails of the thread of an Email, oldest first, as far as they are known; it alone where the thread is not. */
  conversation(id) {
    const email = this.get(id);
    if (!email) return [];
    const known = (this.#threads.get(email.threadId) ?? [id]).map((other) => this.get(other)).filter(Boolean);
    return known.length > 0 ? known : [email];
  }

  hasThread(id) {
    return this.#threads.has(this.get(id)?.threadId);
  }

  has(id) {
    return this.#emails.has(id);
  }

  forget(ids) {
    for (const id of ids) this.#emails.delete(id);
  }

  /** After mail came or went: who belongs together is asked for anew. */
  forgetThreads() {
    this.#threads.clear();
  }

  clear() {
    this.#emails.clear();
    this.#threads.clear();
  }
}
