// What a mail brings along.
import { h, icon, iconButton } from './dom.js';
import { isDrawn } from './frame.js';
import { size } from './format.js';
import { t } from './texts.js';
import { toast } from './toast.js';

/** Larger pictures are shown when they are asked for. */
const PREVIEW = 5_000_000;

/** @returns `element` (null without attachments) and `close` */
export function showAttachments(client, parts) {
  const urls = [];
  const close = () => urls.forEach((url) => URL.revokeObjectURL(url));
  if (parts.length === 0) return { element: null, close };
  const items = parts.map((part) => h('li', { class: 'attachment' }, card(client, part, urls)));
  return { element: h('section', { class: 'attachments', aria: { label: t('attachments') } }, h('h2', {}, t('n.attachments', { n: parts.length })), h('ul', {}, items)), close };
}

function card(client, part, urls) {
  const name = part.name || t('attachment.unnamed');
  const save = () => download(client, part, name);
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

async function download(client, part, name) {
  try {
    // As octets, whatever they are: nothing of it is opened with the rights of this page.
    const blob = new Blob([await client.download(part.blobId, { name })], { type: 'application/octet-stream' });
    const href = URL.createObjectURL(blob);
    h('a', { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  } catch (error) {
    toast(t('error.download', { name, why: error.message }), { error: true });
  }
}
