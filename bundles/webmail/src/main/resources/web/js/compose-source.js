import { parseAddresses, sameAddress, without, writeAddress } from './compose-addresses.js';
import { cleaned, contentId } from './compose-clean.js';
import { signatureIn } from './compose-signature.js';
import { nodesOf, quoted, textOf } from './compose-text.js';
import { h } from './dom.js';
import { t } from './texts.js';

/**
 * What a mail begins with: nothing, a draft, a mail that is answered or forwarded, a mailto: link.
 * `{to, cc, bcc, subject, nodes, quoted, plain, isPlain, signature, parts, inReplyTo, references, messageId, draftId, done}`: `nodes` are cleaned, `plain` is the same as text, in which `signature` stands,
 * `quoted` is the first node of what others have written, `parts` are files that come along, `done` says of which Email which keyword is set once the mail is sent.
 */

const PROPERTIES = [
  'id', 'mailboxIds', 'keywords', 'from', 'to', 'cc', 'bcc', 'replyTo', 'subject', 'sentAt', 'receivedAt', 'messageId', 'inReplyTo', 'references',
  'textBody', 'htmlBody', 'attachments', 'bodyValues',
];

export function emptySource() {
  return {
    to: [], cc: [], bcc: [], subject: '', nodes: nodesOf(''), quoted: null, plain: '', isPlain: false, signature: '', parts: [],
    inReplyTo: null, references: null, messageId: null, draftId: null, done: null,
  };
}

/** RFC 6068. A body of a link is plain text, and no other fields are taken than these. */
export function fromMailto(link) {
  const source = emptySource();
  const [path, ...queries] = link.replace(/^mailto:/i, '').split('?');
  const query = queries.join('?');
  const decoded = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  source.to = parseAddresses(path.split(',').map(decoded).join(', '));
  for (const pair of query.split('&')) {
    const [name, value] = [pair.slice(0, pair.indexOf('=')).toLowerCase(), decoded(pair.slice(pair.indexOf('=') + 1))];
    if (['to', 'cc', 'bcc'].includes(name)) source[name].push(...parseAddresses(value));
    else if (name === 'subject') source.subject = value.replace(/[\r\n]+/g, ' ');
    else if (name === 'in-reply-to') source.inReplyTo = [value.replace(/[<>\s]/g, '')];
    else if (name === 'body') {
      source.plain = value.replace(/\r\n/g, '\n');
      source.nodes = nodesOf(source.plain);
    }
  }
  return source;
}

/** Reads an Email with its texts. */
async function read(client, accountId, id) {
  const { mail } = await client.call([
    ['Email/get', { accountId, ids: [id], properties: PROPERTIES, fetchHTMLBodyValues: true, fetchTextBodyValues: true }, 'mail'],
  ]);
  if (mail.list.length === 0) throw new Error(t('compose.mailGone'));
  return mail.list[0];
}

/** What the parts of a body say, as cleaned nodes. */
function bodyNodes(mail, parts, isOwn = false) {
  const fragment = document.createDocumentFragment();
  for (const part of parts) {
    const value = mail.bodyValues[part.partId]?.value;
    if (value === undefined) continue;
    fragment.append(part.type === 'text/html' ? cleaned(value, { isOwn }) : nodesOf(value.replace(/\n$/, '')));
  }
  return fragment;
}

/** The pictures that the HTML shows come along with it; those that it does not show are files. */
function pictureParts(mail, nodes) {
  const shown = new Set([...nodes.querySelectorAll('img[data-from]')].map((p) => contentId(p.dataset.from)));
  return (mail.attachments ?? []).filter((p) => p.cid && shown.has(p.cid));
}

function textIn(nodes) {
  const holder = h('div');
  holder.append(nodes.cloneNode(true));
  return textOf(holder);
}

/** @param mine identities, one of whose signatures may stand in it */
export async function fromDraft(client, accountId, id, mine) {
  const mail = await read(client, accountId, id);
  const isPlain = mail.htmlBody.every((p) => p.type === 'text/plain');
  const nodes = bodyNodes(mail, mail.htmlBody, true);
  const pictures = pictureParts(mail, nodes);
  const files = (mail.attachments ?? []).filter((p) => !pictures.includes(p)).map((p) => ({ ...p, cid: null }));
  const plain = isPlain ? mail.textBody.map((p) => mail.bodyValues[p.partId]?.value ?? '').join('\n') : textIn(nodes);
  return {
    ...emptySource(),
    to: mail.to ?? [], cc: mail.cc ?? [], bcc: mail.bcc ?? [], from: mail.from?.[0] ?? null, subject: mail.subject ?? '',
    nodes, plain, isPlain, signature: isPlain ? signatureIn(plain, mine.map((one) => one.textSignature), t('compose.forwarded')) : '',
    parts: [...pictures, ...files], inReplyTo: mail.inReplyTo, references: mail.references, messageId: mail.messageId?.[0] ?? null,
    draftId: mail.id, isSigned: true,
  };
}

function prefixed(prefix, known, subject) {
  return known.test(subject ?? '') ? subject : `${prefix} ${subject ?? ''}`.trim();
}

function when(mail) {
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, { dateStyle: 'full', timeStyle: 'short' }).format(new Date(mail.sentAt ?? mail.receivedAt));
}

/** @param mine addresses of the one who answers */
export async function fromReply(client, accountId, id, all, mine) {
  const mail = await read(client, accountId, id);
  const from = mail.from ?? [];
  const isMine = from.some((a) => mine.some((m) => sameAddress(a, m)));
  const answered = isMine ? mail.to ?? [] : mail.replyTo ?? from;
  const to = all && !isMine ? [...answered, ...without(mail.to, mine)] : answered;
  const body = bodyNodes(mail, mail.htmlBody);
  const attribution = t('compose.wrote', { when: when(mail), who: from.map(writeAddress).join(', ') || t('compose.somebody') });
  const text = textIn(body);
  const pictures = pictureParts(mail, body);
  const nodes = document.createDocumentFragment();
  const head = nodesOf(attribution);
  const quotedFrom = head.firstChild;
  nodes.append(nodesOf('\n'), head, h('blockquote', {}, [body]));
  return {
    ...emptySource(),
    to: without(to), cc: all ? without(mail.cc, to, mine) : [], subject: prefixed(t('compose.re'), /^\s*(?:re|aw|sv|antw)\s*(?:\[\d+\])?:/i, mail.subject),
    nodes, quoted: quotedFrom, plain: `\n\n${attribution}\n${quoted(text)}\n`, parts: pictures,
    inReplyTo: mail.messageId, references: [...(mail.references ?? mail.inReplyTo ?? []), ...(mail.messageId ?? [])],
    done: { id: mail.id, keyword: '$answered' }, meant: [...(mail.to ?? []), ...(mail.cc ?? [])],
  };
}

export async function fromForward(client, accountId, id) {
  const mail = await read(client, accountId, id);
  const body = bodyNodes(mail, mail.htmlBody);
  const lines = [
    t('compose.forwarded'),
    `${t('compose.from')}: ${(mail.from ?? []).map(writeAddress).join(', ')}`,
    `${t('compose.date')}: ${when(mail)}`,
    `${t('compose.subject')}: ${mail.subject ?? ''}`,
    `${t('compose.to')}: ${(mail.to ?? []).map(writeAddress).join(', ')}`,
    ...(mail.cc?.length ? [`${t('compose.cc')}: ${mail.cc.map(writeAddress).join(', ')}`] : []),
    '',
  ];
  const text = textIn(body);
  const pictures = pictureParts(mail, body);
  const files = (mail.attachments ?? []).filter((p) => !pictures.includes(p)).map((p) => ({ ...p, cid: null }));
  const nodes = document.createDocumentFragment();
  const head = nodesOf(lines.join('\n'));
  const quotedFrom = head.firstChild;
  nodes.append(nodesOf('\n'), head, body);
  return {
    ...emptySource(),
    subject: prefixed(t('compose.fwd'), /^\s*(?:fwd?|wg)\s*:/i, mail.subject), nodes, quoted: quotedFrom, plain: `\n\n${lines.join('\n')}\n${text}\n`,
    parts: [...pictures, ...files], references: mail.messageId, done: { id: mail.id, keyword: '$forwarded' }, meant: [...(mail.to ?? []), ...(mail.cc ?? [])],
  };
}
