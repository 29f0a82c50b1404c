// What one mail says: text or HTML, and what it brings along.
import { h } from './dom.js';
import { showAttachments } from './attachments.js';
import { showHtml } from './frame.js';
import { allowPicturesFrom, picturesFrom } from './pictures.js';
import { showText } from './plain.js';
import { t } from './texts.js';

/** What is asked for of a mail that is read. */
export const WHOLE = {
  properties: ['id', 'threadId', 'blobId', 'mailboxIds', 'keywords', 'size', 'messageId', 'inReplyTo', 'references', 'from', 'sender', 'to', 'cc', 'bcc', 'replyTo', 'subject', 'sentAt', 'receivedAt', 'hasAttachment', 'preview', 'textBody', 'htmlBody', 'attachments', 'bodyValues'],
  bodyProperties: ['partId', 'blobId', 'size', 'name', 'type', 'charset', 'disposition', 'cid'],
  fetchTextBodyValues: true,
  fetchHTMLBodyValues: true,
};

/** Fills an element; `close` gives back what it holds. */
export class Body {
  #client;
  #email;
  #onMailto;
  #frames = [];
  #attachments = null;
  element;

  constructor({ client, email, onMailto }) {
    this.#client = client;
    this.#email = email;
    this.#onMailto = onMailto;
    this.element = h('div', { class: 'message-body' });
    this.#show(picturesFrom(email.from?.[0]?.email));
  }

  #show(pictures) {
    this.close();
    const parts = this.#parts();
    const shown = parts.map((part) => this.#part(part, pictures)).filter(Boolean);
    const blocked = this.#frames.reduce((sum, frame) => sum + frame.blocked, 0);
    this.#attachments = showAttachments(this.#client, this.#loose());
    const cut = parts.some((part) => this.#email.bodyValues[part.partId]?.isTruncated);
    this.element.replaceChildren(
      ...(blocked > 0 ? [this.#notice(blocked)] : []),
      ...(shown.length > 0 ? shown : [h('p', { class: 'message-none' }, t(this.#attachments.element ? 'message.none' : 'message.unshown'))]),
      ...(cut ? [h('p', { class: 'message-none' }, t('message.cut'))] : []),
      ...(this.#attachments.element ? [this.#attachments.element] : []),
    );
  }

  /** The HTML, where there is any; of text that is shown as text no frame is made. */
  #parts() {
    const { htmlBody, textBody } = this.#email;
    return htmlBody.length > 0 ? htmlBody : textBody;
  }

  #part(part, pictures) {
    const value = this.#email.bodyValues[part.partId]?.value;
    if (value === undefined) return null;
    if (part.type !== 'text/html') return showText(value, this.#onMailto);
    const frame = showHtml({ client: this.#client, html: value, pictures, inline: (cid) => this.#inline(cid), onMailto: this.#onMailto });
    this.#frames.push(frame);
    return frame.element;
  }

  #all() {
    const { attachments, htmlBody, textBody } = this.#email;
    return [...attachments, ...htmlBody, ...textBody];
  }

  #inline(cid) {
    let wanted = cid;
    try {
      wanted = decodeURIComponent(cid);
    } catch {
      // It is taken as it stands.
    }
    return this.#all().find((part) => part.cid === cid || part.cid === wanted);
  }

  /** What is not shown in its place in the text already. */
  #loose() {
    const used = new Set(this.#frames.flatMap((frame) => frame.drawn));
    const media = this.#parts().filter((part) => this.#email.bodyValues[part.partId] === undefined);
    return [...media, ...this.#email.attachments].filter((part) => !used.has(part.partId));
  }

  #notice(blocked) {
    const sender = this.#email.from?.[0]?.email;
    const show = () => this.#show(true);
    const always = () => {
      allowPicturesFrom(sender);
      show();
    };
    return h(
      'div',
      { class: 'notice' },
      h('span', {}, t('pictures.blocked', { n: blocked })),
      h('button', { type: 'button', class: 'button small', data: { testid: 'show-pictures' }, on: { click: show } }, t('pictures.show')),
      sender && h('button', { type: 'button', class: 'button small', on: { click: always } }, t('pictures.always', { sender })),
    );
  }

  close() {
    this.#frames.forEach((frame) => frame.close());
    this.#frames = [];
    this.#attachments?.close();
    this.#attachments = null;
  }
}
