import { button } from './compose-dom.js';
import { h } from './dom.js';
import { size } from './format.js';
import { isDrawn } from './frame.js';
import { t } from './texts.js';

/** Octets of a picture that is fetched to be shown in the text; a larger one goes along unseen. */
const LARGEST_PICTURE = 10_000_000;

/** The files of a mail, those that are still on their way to the server included, and the pictures that stand in its text. */
export class Attachments {
  constructor({ client, changed }) {
    this.client = client;
    this.changed = changed;
    this.files = [];
    this.inline = [];
    this.list = h('ul', { class: 'compose-files', 'aria-label': t('compose.attachments'), 'data-testid': 'compose-attachments' });
    this.error = h('p', { class: 'field-error', role: 'alert', 'data-testid': 'compose-attachments-error' });
    this.element = h('div', { class: 'attached' }, [this.list, this.error]);
  }

  /** Those that a mail has already. @param parts EmailBodyParts */
  have(parts) {
    for (const part of parts) {
      const file = { blobId: part.blobId, type: part.type, name: part.name ?? t('compose.unnamed'), size: part.size };
      if (part.cid) this.inline.push({ ...file, cid: part.cid });
      else this.show({ ...file, done: Promise.resolve() });
    }
  }

  /** Uploads files; each shows how far it is. */
  add(files) {
    for (const file of files) {
      const entry = this.show({ name: file.name, type: file.type || 'application/octet-stream', size: file.size });
      entry.abort = new AbortController();
      entry.done = this.upload(entry, file);
    }
    this.changed();
  }

  /** A picture that is to stand in the text. @return its content id and a URL to show it by; the upload goes on */
  addPicture(file) {
    const cid = `${[...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, '0')).join('')}@mail`;
    const entry = { name: file.name, type: file.type, size: file.size, cid };
    entry.abort = new AbortController();
    this.inline.push(entry);
    entry.done = this.upload(entry, file);
    return { cid, url: URL.createObjectURL(file) };
  }

  async upload(entry, file) {
    const limit = this.client.session?.capabilities?.['urn:ietf:params:jmap:core']?.maxSizeUpload;
    try {
      if (limit && file.size > limit) throw new Error(t('compose.fileTooLarge', { limit: size(limit) }));
      const blob = await this.client.upload(file, (part) => this.progress(entry, part), { signal: entry.abort.signal });
      entry.blobId = blob.blobId;
      this.progress(entry, 1);
      entry.element?.classList.remove('going');
    } catch (fault) {
      if (entry.isRemoved) return;
      entry.failed = true;
      entry.again = () => this.again(entry, file);
      entry.element?.classList.replace('going', 'failed');
      this.error.textContent = t('compose.uploadFailed', { name: entry.name, why: fault.message });
    }
    this.changed();
  }

  /** Uploads what failed once more. */
  again(entry, file) {
    entry.failed = false;
    entry.element.classList.replace('failed', 'going');
    this.error.textContent = '';
    entry.done = this.upload(entry, file);
  }

  /** @param share of the whole, 0 to 1 */
  progress(entry, share) {
    if (!entry.bar) return;
    entry.bar.value = share;
    entry.bar.hidden = share >= 1;
  }

  show(entry) {
    this.files.push(entry);
    entry.bar = h('progress', { max: '1', value: '0', 'aria-label': t('compose.uploading', { name: entry.name }), hidden: Boolean(entry.blobId) });
    entry.element = h('li', { class: entry.blobId ? 'file' : 'file going' }, [
      h('span', { class: 'file-name' }, entry.name),
      h('span', { class: 'faint' }, size(entry.size)),
      entry.bar,
      button(t('retry'), () => entry.again(), { class: 'file-again' }),
      button('×', () => this.remove(entry), { 'aria-label': t('compose.remove', { what: entry.name }) }),
    ]);
    this.list.append(entry.element);
    return entry;
  }

  /** Takes one away; an upload that runs is given up. */
  remove(entry) {
    this.giveUp(entry);
    this.files = this.files.filter((f) => f !== entry);
    entry.element.remove();
    this.error.textContent = '';
    this.changed();
  }

  /** Says what is wrong with the files; nothing with an empty text. */
  tell(text) {
    this.error.textContent = text;
  }

  get isUploading() {
    return [...this.files, ...this.inline].some((f) => !f.blobId && !f.failed && !f.isRemoved);
  }

  get failed() {
    return [...this.files, ...this.inline].filter((f) => f.failed);
  }

  /** When nothing is on its way any more, what came in meanwhile included. */
  async settled() {
    while (this.isUploading) await Promise.all([...this.files, ...this.inline].map((f) => f.done));
  }

  /** What is there: `files`, and what they are as `parts` of a mail, in the same order. @param used content ids that stand in the text */
  parts(used) {
    const files = [...this.inline.filter((f) => f.blobId && used.includes(f.cid)), ...this.files.filter((f) => f.blobId)];
    const parts = files.map(({ blobId, type, name, cid }) => ({ blobId, type, name, ...(cid ? { cid, disposition: 'inline' } : { disposition: 'attachment' }) }));
    return { files, parts };
  }

  /** From now on files are parts of the draft that was saved; what they were before goes. @param parts in the order of the files */
  refer(files, parts) {
    if (parts.length !== files.length) throw new Error('the draft has other attachments than were put into it');
    files.forEach((file, i) => (file.blobId = parts[i].blobId));
  }

  /** URLs by content id of the pictures a draft or a quoted mail has. */
  async pictures() {
    const urls = new Map();
    await Promise.all(this.inline.filter((f) => f.blobId && isDrawn(f.type) && f.size <= LARGEST_PICTURE).map(async (f) => {
      const blob = await this.client.download(f.blobId, { type: f.type, name: f.name });
      urls.set(f.cid, URL.createObjectURL(blob));
    }));
    return urls;
  }

  /** An upload that was not given up here, and ends without its file, has failed. */
  giveUp(entry) {
    entry.isRemoved = true;
    entry.abort?.abort();
  }

  close() {
    for (const entry of [...this.files, ...this.inline]) this.giveUp(entry);
  }
}
