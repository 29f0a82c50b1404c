import { without, sameAddress, writeAddress } from './compose-addresses.js';
import { cleaned } from './compose-clean.js';
import { Draft, recover } from './compose-draft.js';
import { ComposeForm } from './compose-form.js';
import { identities, submission } from './compose-send.js';
import { knownAddresses } from './compose-known.js';
import { emptySource, fromDraft, fromForward, fromMailto, fromReply } from './compose-source.js';
import { Sending } from './compose-sending.js';
import { nodesOf } from './compose-text.js';
import { writing } from './leaving.js';
import { adopted } from './shared.js';
import { t } from './texts.js';
import { toast } from './toast.js';

let open = null;
/** Windows open one after another, however fast they are asked for. */
let turn = Promise.resolve();

/** So many milliseconds a letter that is discarded waits for the server before it makes room for another. */
const PATIENCE = 5000;

const idOf = (email) => (typeof email === 'string' ? email : email.id);

/**
 * Opens the window in which a mail is written. There is one at a time: one that is open saves itself and makes room; if it cannot, it stays and says why.
 *
 * @param draft a draft to go on with; an Email or its id, as with `replyTo` and `forward`
 * @param all with `replyTo`: answer everybody
 * @param mailto a link, RFC 6068
 * @param written what was discarded, as `Compose.written` has it
 */
export function openCompose(options) {
  turn = turn.then(() => openNext(options));
  return turn;
}

/** @param accountId where the mail lies that is answered or forwarded */
async function openNext({ client, store, draft, replyTo, all = false, forward, mailto, written, accountId = client.accountId }) {
  try {
    if (open && !(await open.close())) return null;
    open = await Compose.begin({ client, store, known: written?.identities }, async (mine) => {
      const isOwn = accountId === client.accountId;
      const own = async (source) => (isOwn ? source : adopted(client, accountId, await source));
      if (draft) return fromDraft(client, accountId, idOf(draft), mine);
      if (replyTo) return own(fromReply(client, accountId, idOf(replyTo), all, mine));
      if (forward) return own(fromForward(client, accountId, idOf(forward)));
      return written ?? (mailto ? fromMailto(mailto) : emptySource());
    });
    if (written) open.draft.renew();
    return open;
  } catch (fault) {
    toast(t('compose.notOpened', { why: fault.message }), { error: true });
    return null;
  }
}

/** Saves what a page could not before it was left; says so. */
export async function recoverUnsaved({ client, store }) {
  for (const { id, refused, isWithoutFiles } of await recover(client, client.accountId)) {
    const open = { label: t('compose.openIt'), action: () => openCompose({ client, store, draft: id }), seconds: 12 };
    if (id) toast(t(isWithoutFiles ? 'compose.recoveredWithoutFiles' : 'compose.recovered'), open);
    else toast(t('compose.notRecovered', { why: refused.description ?? refused.type }), { error: true, seconds: 12 });
  }
}

/** The mailbox of a role; it is made where there is none yet. */
async function mailbox(client, store, role, name) {
  const there = store.mailboxByRole(role);
  if (there) return there.id;
  const { all } = await client.call([['Mailbox/get', { ids: null, properties: ['id', 'role'] }, 'all']]);
  const found = all.list.find((one) => one.role === role);
  if (found) return found.id;
  const { made } = await client.call([['Mailbox/set', { create: { one: { name, role } } }, 'made']]);
  if (!made.created?.one) throw new Error(made.notCreated.one.description ?? made.notCreated.one.type);
  return made.created.one.id;
}

/** Where drafts are, and what was sent. */
export async function placesOf(client, store) {
  const [draftsId, sentId] = await Promise.all([mailbox(client, store, 'drafts', 'Drafts'), mailbox(client, store, 'sent', 'Sent')]);
  return { draftsId, sentId };
}

/** A mail that is being written: the form, the draft behind it, and how it goes. */
class Compose {
  /** @param known the identities, where somebody has them */
  static async begin({ client, store, known }, source) {
    const [list, places] = await Promise.all([known ?? identities(client), placesOf(client, store)]);
    const who = list.length ? list : [{ id: null, name: '', email: client.username, textSignature: '', htmlSignature: '' }];
    return new Compose({ client, store, ...places, identities: who }, await source(who));
  }

  constructor(context, source) {
    Object.assign(this, context);
    this.source = source;
    this.identity = this.identityFor(source);
    this.form = new ComposeForm({
      client: this.client,
      identities: this.identities,
      identity: this.identity,
      canSend: submission(this.client) !== null,
      maxDelayedSend: submission(this.client)?.maxDelayedSend ?? 0,
      suggest: knownAddresses(this.client, this.client.accountId, this.sentId),
      changed: () => this.draft?.touch(),
      identified: (identity) => this.identify(identity),
      close: () => this.close(),
      discard: () => this.discard(),
      send: (at) => this.sending.send(at),
    });
    this.fill();
    this.draft = this.makeDraft();
    this.sending = new Sending(this);
    this.onLeave = () => this.draft.keep();
    window.addEventListener('pagehide', this.onLeave);
    writing({ accountId: this.client.accountId, putAway: () => this.putAway(), abandon: () => this.abandon() });
    this.form.show(source.to.length > 0);
  }

  makeDraft() {
    const { client, draftsId, source } = this;
    const random = [...crypto.getRandomValues(new Uint8Array(16))].map((octet) => octet.toString(16).padStart(2, '0')).join('');
    return new Draft({
      client,
      accountId: client.accountId,
      draftsId,
      id: source.draftId,
      messageId: source.messageId ?? `${random}@${this.identity.email.split('@').pop()}`,
      mail: () => this.mail(),
      stored: (files, parts) => this.form.attachments.refer(files, parts),
      told: (state) => this.form.tellState(state),
    });
  }

  /** The one that the mail came to, or that the draft says; else the first. */
  identityFor({ from, meant = [] }) {
    const wanted = from ? [from] : meant;
    return this.identities.find((one) => wanted.some((a) => sameAddress(a, one))) ?? this.identities[0];
  }

  fill() {
    const { form, source } = this;
    form.fill(source);
    if (!source.isSigned) this.sign();
    form.attachments.have(source.parts);
    form.attachments.pictures().then((urls) => form.editor.showPictures(urls), (fault) => console.warn('A picture of the mail is not shown:', fault.message));
  }

  identify(identity) {
    this.identity = identity;
    this.sign();
  }

  sign() {
    const { htmlSignature, textSignature } = this.identity;
    this.form.editor.sign(htmlSignature ? cleaned(htmlSignature) : textSignature ? nodesOf(`-- \n${textSignature}`) : nodesOf(''), textSignature ?? '');
  }

  /** The Email as it stands now, RFC 8621 4.6, without its place; and its `files`, in the order of its attachments. */
  mail() {
    const { form, identity, source } = this;
    const { editor } = form;
    const { html } = editor;
    const { files, parts } = form.attachments.parts(editor.used);
    const mail = {
      from: [{ name: identity.name || null, email: identity.email }],
      ...form.recipients(),
      subject: form.subject.value,
      inReplyTo: source.inReplyTo,
      references: source.references,
      textBody: [{ partId: 'text', type: 'text/plain' }],
      bodyValues: { text: { value: editor.text } },
      attachments: parts,
    };
    if (identity.replyTo?.length) mail.replyTo = identity.replyTo;
    if (identity.bcc?.length) mail.bcc = without([...mail.bcc, ...identity.bcc]);
    if (html !== null) {
      mail.htmlBody = [{ partId: 'html', type: 'text/html' }];
      mail.bodyValues.html = { value: html };
    }
    const email = Object.fromEntries(Object.entries(mail).filter(([, value]) => value !== null && value !== undefined));
    return { email, files };
  }

  /** Asks nothing and loses nothing. @return a promise of whether the window is closed; it stays if it has something to say */
  close() {
    this.closing ??= this.finish().finally(() => (this.closing = null));
    return this.closing;
  }

  async finish() {
    if (!(await this.isAtRest())) return false;
    if (this.isClosed) return true;
    const { draft, form } = this;
    form.element.hidden = true;
    draft.keep();
    const isSaved = await draft.save();
    if (!isSaved && (draft.refused || !draft.isKept)) {
      form.element.hidden = false;
      if (!draft.refused) form.tell(t('compose.nowhere'));
      return false;
    }
    this.leave();
    draft.close();
    if (!draft.isTouched) return true;
    toast(t(isSaved ? 'compose.savedIn' : 'compose.keptHere'), { seconds: isSaved ? 4 : 10 });
    if (!isSaved) window.addEventListener('online', () => recoverUnsaved(this), { once: true });
    return true;
  }

  /** Closes it, but only if the server has all of it. @return whether it has */
  async putAway() {
    if (!(await this.isAtRest()) || this.form.attachments.failed.length > 0) return false;
    return this.isClosed || ((await this.draft.save()) && this.close());
  }

  /** What the server does not have is lost. */
  abandon() {
    this.draft.forget();
    this.draft.close();
    this.leave();
  }

  /** Waits for the sending and the files that are on their way. @return whether none of it failed meanwhile */
  async isAtRest() {
    const { form: { attachments }, sending } = this;
    while (!this.isClosed && (sending.isBusy || attachments.isUploading)) {
      const before = attachments.failed.length;
      if (sending.isBusy) {
        await sending.done;
        return this.isClosed;
      }
      this.form.tellState('uploading');
      await attachments.settled();
      if (attachments.failed.length > before) return this.isClosed;
    }
    return true;
  }

  /** Closes it; what is written can be brought back for a while. It lies in Trash, if the server can be asked to put it there, else in the memory of the page alone. */
  discard() {
    this.closing = this.drop().finally(() => (this.closing = null));
    return this.closing;
  }

  async drop() {
    const { draft, form, store } = this;
    form.element.hidden = true;
    const trashId = store.mailboxByRole('trash')?.id;
    const isWorth = trashId && navigator.onLine && !draft.isKept && !this.isEmpty;
    const saving = isWorth ? draft.save() : Promise.resolve(false);
    await Promise.race([saving, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    const written = this.isEmpty ? null : this.written;
    this.leave();
    this.putAside(saving, trashId, written);
    return true;
  }

  /** What a mail begins with that goes on with this one; without the files that are not at the server. */
  get written() {
    const { draft, form, identity, source } = this;
    const { editor } = form;
    const { html } = editor;
    const parts = form.attachments.parts(editor.used).files.map(({ blobId, type, name, size, cid }) => ({ blobId, type, name, size, cid }));
    return {
      ...source, ...form.recipients(), from: identity, subject: form.subject.value, nodes: cleaned(html ?? '', { isOwn: true }), quoted: null,
      plain: editor.text, isPlain: html === null, signature: editor.signed, parts, messageId: draft.messageId, draftId: draft.id, isSigned: true, identities: this.identities,
    };
  }

  /** Into Trash when it is saved, and says so. */
  async putAside(saving, trashId, written) {
    const { client, draft, store } = this;
    const isSaved = await saving;
    const { id } = draft;
    const isThere = isSaved && id && (await draft.putAside(trashId));
    const back = isThere ? () => this.bringBack(id) : written && (() => openCompose({ client, store, written }));
    if (isThere || (await draft.discard())) toast(t(id || back ? 'compose.discarded' : 'compose.closed'), { seconds: back ? 10 : 6, action: back });
    else toast(t('compose.notDiscarded'), { error: true, seconds: 10, action: back });
    store.refresh();
  }

  /** Out of Trash, and on with it. */
  async bringBack(id) {
    const { client, draftsId, store } = this;
    try {
      const { set } = await client.call([['Email/set', { update: { [id]: { mailboxIds: { [draftsId]: true } } } }, 'set']]);
      if (set.notUpdated?.[id]) throw new Error(set.notUpdated[id].description ?? set.notUpdated[id].type);
      store.refresh();
      await openCompose({ client, store, draft: id });
    } catch (error) {
      toast(t('error.notDone', { why: error.message }), { error: true });
    }
  }

  /** The window goes. */
  leave() {
    this.isClosed = true;
    if (open === this) {
      open = null;
      writing(null);
    }
    window.removeEventListener('pagehide', this.onLeave);
    this.form.close();
  }

  get recipients() {
    const { to, cc, bcc } = this.form.recipients();
    return without([...to, ...cc, ...bcc, ...(this.identity.bcc ?? [])]);
  }

  get isEmpty() {
    const { email, files } = this.mail();
    return files.length === 0 && this.recipients.length === 0 && !email.subject && !this.form.editor.text.trim();
  }

  get title() {
    return this.form.subject.value || this.recipients.map(writeAddress).join(', ');
  }
}
