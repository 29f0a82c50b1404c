// What the whole page knows; each part listens to what it shows.

/**
 * Values by name, and who wants to know when one changes. Names in use: `mailboxes` (Map of Mailbox by id), `route` (what the address says), `selection`
 * (Set of Email ids), `searched` (the id of another one's account that is searched), `online` (whether push is connected), `identities` (for who sends),
 * `sendTimes` (when what waits in Scheduled goes, by Email id).
 */
export class Store {
  #values = new Map();
  #listeners = new Map();

  get(name) {
    return this.#values.get(name);
  }

  /** Tells all who listen, also when the value is the same object with other contents. */
  set(name, value) {
    this.#values.set(name, value);
    this.emit(name, value);
  }

  /** Something that happened and is no value, as `refresh`. */
  emit(name, detail) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(detail);
  }

  /** Returns what ends it. */
  on(name, listener) {
    if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
    this.#listeners.get(name).add(listener);
    return () => this.#listeners.get(name).delete(listener);
  }

  /** The one that is shown, or undefined. */
  mailbox() {
    return this.get('mailboxes')?.get(this.get('mailboxId'));
  }

  /** Whose mail is shown, or searched: the id of another one's account, or undefined for one's own. */
  account() {
    return (this.get('mailboxId') ? this.mailbox()?.accountId : this.get('searched')) ?? undefined;
  }

  /** One's own mailbox with a role of RFC 8621 2, as `drafts`, or undefined. */
  mailboxByRole(role) {
    return [...(this.get('mailboxes')?.values() ?? [])].find((mailbox) => mailbox.role === role && !mailbox.accountId);
  }

  /** Its names from the top down; in front of those of others stands whose they are. */
  mailboxPath(id) {
    const mailboxes = this.get('mailboxes');
    const path = [];
    for (let mailbox = mailboxes?.get(id); mailbox; mailbox = mailboxes.get(mailbox.parentId)) path.unshift(mailbox.name);
    return [...(mailboxes?.get(id)?.prefix ?? []), ...path];
  }

  /** Asks whoever shows something to fetch what has changed at the server. */
  refresh() {
    this.emit('refresh');
  }
}
