/** The copy of a mail in Drafts that saves itself. One at a time: a new one is made, then the one before is destroyed, as an Email cannot be changed. */
import { alone, hold } from './claims.js';
import { kept, KEPT, keptOf } from './leaving.js';

const PAUSE = 2000;
const AGAIN = 10_000;
/** So often older drafts are looked for that are not to be there, while all else in the account changes, too. */
const SWEEPS = 5;

export class Draft {
  /**
   * @param mail gives `email`, as it stands now, without its place, and the `files` that are its attachments
   * @param stored is called with these files and the attachments of the draft that was saved, before the one before it goes
   * @param told is called with `saving`, `saved`, `kept` (in this browser, as the server is not reached) or a SetError
   */
  constructor({ client, accountId, draftsId, id, messageId, mail, stored, told }) {
    Object.assign(this, { client, accountId, draftsId, id, messageId, mail, stored, told });
    this.isDirty = false;
    this.isTouched = false;
    this.isOver = false;
    /** Whether this browser has what the server does not. */
    this.isKept = false;
    /** The SetError with which the server does not take it. */
    this.refused = null;
    // Whether a request went out whose answer did not come: then the server may have one more draft.
    this.isUncertain = false;
    this.turn = Promise.resolve();
    this.onOnline = () => this.isDirty && this.save();
    window.addEventListener('online', this.onOnline);
    // Other pages of this browser leave it alone while it is open here.
    this.release = hold(KEPT + messageId);
  }

  /** Something has changed: it is saved when nothing changes for two seconds. */
  touch() {
    if (this.isOver) return;
    this.isDirty = true;
    this.isTouched = true;
    this.schedule(PAUSE);
  }

  /** What was thrown away is saved once more, and what the server may have of it is looked for. */
  renew() {
    this.isUncertain = true;
    this.touch();
  }

  schedule(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  /** Saves what is not saved; one at a time. @return whether the server has it all */
  save() {
    clearTimeout(this.timer);
    this.turn = this.turn.then(() => (this.isDirty ? this.write() : true));
    return this.turn;
  }

  async write() {
    this.isDirty = false;
    this.told('saving');
    try {
      this.refused = await this.create();
      if (!this.refused) return this.saved();
      this.isDirty = true;
      this.told(this.refused);
    } catch (fault) {
      // The server is not reached, or it broke: the mail stays here, and is tried again.
      console.warn('The draft is kept in this browser until the server takes it:', fault.message);
      this.isDirty = true;
      this.isUncertain = true;
      if (this.isOver) return false;
      this.keep();
      this.told(this.isKept ? 'kept' : 'nowhere');
      this.schedule(AGAIN);
    }
    return false;
  }

  saved() {
    this.forget();
    this.told(this.isDirty ? 'saving' : 'saved');
    return true;
  }

  forget() {
    localStorage.removeItem(KEPT + this.messageId);
    this.isKept = false;
  }

  /** @return a SetError, or null when it is there */
  async create() {
    const { accountId } = this;
    const mail = this.mail();
    const email = { ...mail.email, messageId: [this.messageId], mailboxIds: { [this.draftsId]: true }, keywords: { $draft: true, $seen: true } };
    const { save } = await this.client.call([['Email/set', { accountId, create: { draft: email } }, 'save']]);
    if (!save.created?.draft) return save.notCreated.draft;
    const before = this.id;
    this.id = save.created.draft.id;
    // Until it is told otherwise the mail refers to parts of the one before.
    const { now } = await this.client.call([['Email/get', { accountId, ids: [this.id, ...(before ? [before] : [])], properties: ['attachments', 'keywords'] }, 'now']]);
    const byId = new Map(now.list.map((one) => [one.id, one]));
    this.stored(mail.files, byId.get(this.id)?.attachments ?? []);
    // One that was sent meanwhile, from elsewhere, is no draft.
    if (byId.get(before)?.keywords.$draft) await this.destroy([before]);
    if (this.isUncertain) await this.sweep();
    return null;
  }

  /** A draft that is left over costs nothing but a line in the list, and goes with the next sweep. @return whether they are gone */
  async destroy(ids, ifInState = null) {
    try {
      await this.client.call([['Email/set', { accountId: this.accountId, ifInState, destroy: ids }, 'old']]);
      return true;
    } catch (fault) {
      console.warn('An older draft is still there:', fault.message);
      this.isUncertain = true;
      return false;
    }
  }

  /** Destroys what was saved of this mail without our hearing of it: all of its Message-ID but the one we know. */
  async sweep() {
    for (let i = 0; i < SWEEPS; i++) if (await this.swept()) return;
  }

  /**
   * Another page that saves the same mail may be at it as well. None takes away what the other one has left: it is done in the state that was seen, or not at all.
   *
   * @return whether no other one is there
   */
  async swept() {
    const { accountId } = this;
    const filter = { inMailbox: this.draftsId, header: ['Message-ID', this.messageId] };
    const { mine } = await this.client.call([
      ['Email/query', { accountId, filter }, 'like'],
      ['Email/get', { accountId, '#ids': { resultOf: 'like', name: 'Email/query', path: '/ids' }, properties: ['id', 'messageId'] }, 'mine'],
    ]);
    this.isUncertain = false;
    // The filter finds ids in which ours is contained, too.
    const same = mine.list.filter(({ messageId }) => messageId?.[0] === this.messageId).map(({ id }) => id);
    const others = same.filter((id) => id !== this.id);
    if (this.id && same.length > 0 && others.length === same.length) [this.id] = same;
    else if (others.length > 0) return this.destroy(others, mine.state);
    return true;
  }

  /** Keeps it in this browser, at once: what a page that is being left has time for. */
  keep() {
    if (!this.isDirty || this.isOver) return;
    const kept = { accountId: this.accountId, draftsId: this.draftsId, id: this.id, messageId: this.messageId, email: this.mail().email };
    try {
      localStorage.setItem(KEPT + this.messageId, JSON.stringify(kept));
      this.isKept = true;
    } catch (full) {
      this.isKept = false;
      console.warn('The draft is larger than what this browser keeps:', full.message);
    }
  }

  /** Takes it away, wherever it is. @return whether it is gone */
  async discard() {
    this.close();
    await this.turn;
    this.forget();
    if (this.isUncertain) await this.sweep().catch((fault) => console.warn('An older draft may still be there:', fault.message));
    if (!this.id) return !this.isUncertain;
    try {
      return !(await this.isDraft()) || this.destroy([this.id]);
    } catch (fault) {
      console.warn('The draft may still be there:', fault.message);
      return false;
    }
  }

  /** Whether what is saved is a draft still: what was sent meanwhile, from elsewhere, is none, and stays where it is. */
  async isDraft() {
    const { now } = await this.client.call([['Email/get', { accountId: this.accountId, ids: [this.id], properties: ['keywords'] }, 'now']]);
    return Boolean(now.list[0]?.keywords.$draft);
  }

  /** What is saved lies in that mailbox from now on, and is changed no more. @return whether it does */
  async putAside(mailboxId) {
    this.close();
    this.forget();
    try {
      if (this.isUncertain) await this.sweep();
      if (!(await this.isDraft())) return false;
      const { set } = await this.client.call([['Email/set', { accountId: this.accountId, update: { [this.id]: { mailboxIds: { [mailboxId]: true } } } }, 'set']]);
      return !set.notUpdated?.[this.id];
    } catch (fault) {
      console.warn('The draft is not put aside:', fault.message);
      return false;
    }
  }

  /** It is changed, saved and kept no more. */
  close() {
    this.isOver = true;
    this.isDirty = false;
    this.release();
    clearTimeout(this.timer);
    window.removeEventListener('online', this.onOnline);
  }
}

/**
 * Puts into Drafts what pages could not save before they went; but not what is open in another one.
 *
 * @return for each the `id` of the draft and whether it `isWithoutFiles`, which the server keeps for a time only; or why it is `refused`
 */
export async function recover(client, accountId) {
  const found = [];
  for (const key of keptOf(accountId)) {
    const one = await alone(key, () => recoverOne(client, key));
    if (one) found.push(one);
  }
  return found;
}

/** @return null if it has to wait, or another page was faster */
async function recoverOne(client, key) {
  const left = kept(key);
  if (!left) return null;
  const { email } = left;
  const draft = new Draft({ client, ...left, mail: () => ({ email, files: [] }), stored: () => {}, told: () => {} });
  draft.isDirty = true;
  draft.isUncertain = true;
  let isSaved = await draft.save();
  const isWithoutFiles = !isSaved && draft.refused?.type === 'blobNotFound';
  if (isWithoutFiles) {
    delete email.attachments;
    isSaved = await draft.save();
  }
  draft.close();
  if (isSaved) return { id: draft.id, isWithoutFiles };
  return draft.refused && { refused: draft.refused };
}
