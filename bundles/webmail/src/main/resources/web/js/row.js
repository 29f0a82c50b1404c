// One conversation in the list.
import { h, icon } from './dom.js';
import { avatarOf, longDate, people, shortDate } from './format.js';
import { showSendTime } from './scheduled.js';
import { marked } from './search.js';
import { showSnoozed, sleeps } from './snooze.js';
import { t } from './texts.js';

/** An empty row, to be filled again and again. */
export function makeRow() {
  const parts = {
    check: h('input', { type: 'checkbox', class: 'row-check', tabindex: -1 }),
    avatar: h('span', { class: 'avatar', aria: { hidden: true } }),
    who: h('span', { class: 'row-who' }),
    count: h('span', { class: 'row-count' }),
    clip: h('span', { class: 'row-clip', title: t('attachment') }, icon('clip'), h('span', { class: 'visually-hidden' }, t('attachment'))),
    date: h('time', { class: 'row-date' }),
    subject: h('span', { class: 'row-subject' }),
    preview: h('span', { class: 'row-preview' }),
    unread: h('span', { class: 'visually-hidden' }),
    star: h('button', { type: 'button', class: 'row-star icon-button', tabindex: -1 }, icon('star')),
  };
  const row = h(
    'div',
    { class: 'row', role: 'row', tabindex: -1, draggable: true },
    h('span', { class: 'row-lead', role: 'gridcell' }, parts.avatar, parts.check),
    h('span', { class: 'row-main', role: 'gridcell' },
      h('span', { class: 'row-top' }, parts.unread, parts.who, parts.count, parts.clip, parts.date),
      parts.subject,
      parts.preview),
    h('span', { class: 'row-end', role: 'gridcell' }, parts.star),
  );
  row.parts = parts;
  return row;
}

/** Whether it shows just that already: then nothing of it is written, nor laid out anew. */
function shows(row, ...what) {
  const shown = JSON.stringify(what);
  if (row.shown === shown) return true;
  row.shown = shown;
  return false;
}

/** A place whose mail is on its way. */
export function fillEmpty(row, position) {
  if (shows(row, position)) return;
  row.className = 'row empty';
  row.dataset.id = '';
  row.setAttribute('aria-rowindex', position + 1);
  row.setAttribute('aria-selected', 'false');
  row.setAttribute('aria-label', t('loading'));
  for (const part of ['who', 'count', 'date', 'subject', 'preview', 'avatar', 'unread']) row.parts[part].textContent = '';
  row.parts.clip.hidden = true;
  row.parts.check.checked = false;
}

/**
 * @param email the one that the query found
 * @param conversation all of its thread
 * @param options `self` is the user's address, `outgoing` whether recipients are shown in the place of senders, `sendAt` when it goes
 */
export function fillRow(row, position, email, conversation, { self, outgoing, snippet, mailboxId, sendAt, selected, current }) {
  const members = mailboxId ? conversation.filter((e) => e.mailboxIds[mailboxId]) : conversation;
  const shown = members.length > 0 ? members : [email];
  const unread = shown.some((e) => !e.keywords.$seen);
  const flagged = shown.some((e) => e.keywords.$flagged);
  const addresses = shown.flatMap((e) => (outgoing ? e.to : e.from) ?? []);
  const { parts } = row;
  const who = people(addresses, self, t(outgoing ? 'me.to' : 'me'));
  const face = addresses[addresses.length - 1] ?? {};
  const draft = shown.some((e) => e.keywords.$draft);
  const clip = shown.some((e) => e.hasAttachment);
  const date = shortDate(email.receivedAt);
  // A click has ticked it already, whatever came of that.
  parts.check.checked = selected;
  if (shows(row, position, email.id, email.subject, email.preview, snippet, who, face, outgoing, date, conversation.length, unread, flagged, draft, clip, selected, current, email.snoozed, sleeps(email), sendAt)) return;
  row.className = `row${unread ? ' unread' : ''}${selected ? ' selected' : ''}${current ? ' current' : ''}${flagged ? ' flagged' : ''}`;
  row.dataset.id = email.id;
  row.setAttribute('aria-rowindex', position + 1);
  row.setAttribute('aria-selected', String(selected));
  row.removeAttribute('aria-label');
  Object.assign(parts.avatar, avatarOf(face));
  parts.unread.textContent = unread ? `${t('unread')}: ` : '';
  parts.who.textContent = outgoing ? t('to.people', { who }) : who;
  parts.count.textContent = conversation.length > 1 ? conversation.length : '';
  parts.clip.hidden = !clip;
  if (!showSendTime(parts.date, sendAt) && !showSnoozed(parts.date, email)) {
    parts.date.textContent = date;
    parts.date.dateTime = email.receivedAt;
    parts.date.title = longDate(email.receivedAt);
  }
  parts.subject.replaceChildren(...(draft ? [h('span', { class: 'row-draft' }, t('draft')), ' '] : []), ...(snippet?.subject ? marked(snippet.subject) : [email.subject || t('no.subject')]));
  parts.preview.replaceChildren(...(snippet?.preview ? marked(snippet.preview) : [email.preview ?? '']));
  parts.check.setAttribute('aria-label', t('select.one', { what: email.subject || t('no.subject') }));
  parts.star.setAttribute('aria-pressed', String(flagged));
  parts.star.setAttribute('aria-label', t('star'));
  parts.star.title = `${t(flagged ? 'unstar' : 'star')} (s)`;
}
