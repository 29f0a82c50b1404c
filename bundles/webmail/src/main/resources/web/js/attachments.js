// What a mail brings along.
import { h, icon, iconButton } from './dom.js';
import { isDrawn } from './frame.js';
import { size } from './format.js';
import { t } from './texts.js';
import { toast } from './toast.js';

/** Larger pictures are shown when they are asked for. */
const PREVIEW = 5_000_000;

/** So many are shown: a mail may have thousands. */
const SHOWN = 200;

/** What parts without a name are called, and how the name of a file ends that has them. */
const KINDS = {
  'message/delivery-status': ['attachment.report', '.txt'],
  'message/global-delivery-status': ['attachment.report', '.txt'],
  'message/disposition-notification': ['attachment.receipt', '.txt'],
  'message/global-disposition-notification': ['attachment.receipt', '.txt'],
  'text/rfc822-headers': ['attachment.header', '.txt'],
  'message/global-headers': ['attachment.header', '.txt'],
  'message/rfc822': ['attachment.mail', '.eml'],
  'message/global': ['attachment.mail', '.eml'],
};

/** @returns `element` (null without attachments) and `close` */
export function showAttachments(client, parts) {
  const urls = [];
  const close = () => urls.forEach((url) => URL.revokeObjectURL(url));
  if (parts.length === 0) return { element: null, close };
  const shown = parts.slice(0, SHOWN);
  const items = shown.map((part) => h('li', { class: 'attachment' }, card(client, part, urls)));
  nameMails(client, shown, items, urls);
  const more = parts.length > SHOWN && h('p', { class: 'message-none' }, t('attachments.first', { n: SHOWN }));
  return { element: h('section', { class: 'attachments', aria: { label: t('attachments') } }, h('h2', {}, t('n.attachments', { n: parts.length })), h('ul', {}, items), more), close };
}

/** Mails that have no name are called by their subjects. */
async function nameMails(client, parts, items, urls) {
  const unnamed = parts.filter((part) => !part.name && part.type === 'message/rfc822');
  if (unnamed.length === 0) return;
  // They are called mails until the server tells more, and where it does not.
  const { mails } = await client.call([['Email/parse', { blobIds: unnamed.map((part) => part.blobId), properties: ['subject'] }, 'mails']]).catch(() => ({}));
  for (const part of unnamed) {
    const subject = mails?.parsed?.[part.blobId]?.subject;
    if (subject) items[parts.indexOf(part)].replaceChildren(...card(client, { ...part, subject }, urls));
  }
}

function card(client, part, urls) {
  const [kind, ending] = KINDS[part.type] ?? ['attachment.unnamed', ''];
  const name = part.name || part.subject || t(kind);
  const save = () => download(client, part.blobId, part.name || `${name}${ending}`);
  const parts = [
    icon(isDrawn(part.type) ? 'picture' : 'clip'),
    h('span', { class: 'attachment-name', title: name }, name),
    h('span', { class: 'attachment-size' }, size(part.size)),
    iconButton('download', t('download', { name }), save),
  ];
  if (!isDrawn(part.type) || part.size > PREVIEW) return parts;
  const picture = h('img', { class: 'attachment-picture', alt: '' });
  client.download(part.blobId, { name, type: part.type }).then(
    (blob) => {
      urls.push(URL.createObjectURL(blob));
      picture.src = urls[urls.length - 1];
    },
    () => picture.remove(),
  );
  return [h('button', { type: 'button', class: 'attachment-preview', aria: { label: t('preview', { name }) }, on: { click: () => enlarge(picture.src, name) } }, picture), ...parts];
}

function enlarge(src, name) {
  const close = h('button', { type: 'button', class: 'icon-button', aria: { label: t('close') }, on: { click: () => element.close() } }, icon('close'));
  const element = h('dialog', { class: 'lightbox', aria: { label: name }, on: { click: () => element.close(), close: () => element.remove() } }, h('img', { src, alt: name }), close);
  document.body.append(element);
  element.showModal();
}

/** All of a mail, as it came. */
export function downloadMail(client, { blobId, subject }) {
  return download(client, blobId, `${subject || t('attachment.mail')}.eml`);
}

async function download(client, blobId, name) {
  try {
    // As octets, whatever they are: nothing of it is opened with the rights of this page.
    const blob = new Blob([await client.download(blobId)], { type: 'application/octet-stream' });
    const href = URL.createObjectURL(blob);
    h('a', { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  } catch (error) {
    toast(t('error.download', { name, why: error.message }), { error: true });
  }
}
