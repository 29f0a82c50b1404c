// Not now, but then: what is snoozed lies in a mailbox of its own until the server brings it back, unread and on top of where it was.
import { WHOLE } from './body.js';
import { askTime, at } from './compose-when.js';
import { h, icon } from './dom.js';
import { SUMMARY } from './emails.js';
import { longDate, shortDate } from './format.js';
import { locale, t } from './texts.js';

const SNOOZE = 'urn:ietf:params:jmap:mail:snooze';

/** What stands for "now" among the times. */
const NOW = 'now';

const near = new Intl.DateTimeFormat(locale, { weekday: 'short', hour: 'numeric', minute: '2-digit' });
const far = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
const farther = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

const DAY = 86_400_000;

/** Has the page know of it, where the server does. @returns whether it does */
export function canSnooze(client) {
  if (!client.capability(SNOOZE)) return false;
  for (const properties of [SUMMARY, WHOLE.properties]) if (!properties.includes('snoozed')) properties.push('snoozed');
  return true;
}

/** The order of a mailbox in which what comes back stands on top, or what is to come back next does; undefined for the usual one, as of what others share. */
export function snoozeOrder(client, mailbox) {
  if (mailbox.accountId || !client.capability(SNOOZE)) return undefined;
  return [{ property: 'snoozedUntil', isAscending: ['snoozed', 'scheduled'].includes(mailbox.role) }];
}

/** In some hours, while there are some: at six, or in two hours. */
function laterToday() {
  const now = new Date();
  return now.getHours() < 16 ? at(0, 18) : at(0, now.getHours() + 3);
}

function offers() {
  const today = new Date().getDay();
  const weekend = today >= 1 && today <= 5;
  return [
    [t('snooze.today'), laterToday()],
    [t('snooze.tomorrow'), at(1, 8)],
    weekend && [t('snooze.weekend'), at(6 - today, 9)],
    [t('snooze.week'), at((8 - today) % 7 || 7, 8)],
  ].filter((offer) => offer && (offer[0] !== t('snooze.today') || offer[1].getDate() === new Date().getDate()));
}

/** Whether an Email sleeps now, as far as is known here. */
export function sleeps(email) {
  return Boolean(email?.snoozed) && new Date(email.snoozed.until) > new Date();
}

/** Asks until when. @returns `{ until }`, whose null brings back what sleeps, or null */
export async function askUntil(emails) {
  const more = emails.some(sleeps) ? [{ label: t('snooze.now'), value: NOW }] : [];
  const answer = await askTime({ title: t('snooze'), offers: offers(), label: t('snooze'), more });
  if (answer === NOW) return { until: null };
  return answer && { until: answer };
}

/** A time to come, as short as can be without doubt. */
export function soon(date) {
  const now = new Date();
  if (date - now < 6 * DAY) return near.format(date);
  return (date.getFullYear() === now.getFullYear() ? far : farther).format(date);
}

/**
 * What an Email is told: to sleep until then, to come back to where it is shown, and to be unread then if it is the one that the list shows.
 * @param until a Date; null to come back now
 */
function details(email, until, { home, shown }) {
  if (!until) return null;
  const setKeywords = shown ? { $seen: false } : null;
  return { until: `${until.toISOString().slice(0, 19)}Z`, moveToMailboxId: home ?? null, setKeywords };
}

/** Puts conversations to sleep, or brings them back. @returns whether that is done */
export function snooze({ actions, store }, ids, { until }, options) {
  const asleep = options.mailboxId !== undefined && options.mailboxId === store.mailboxByRole('snoozed')?.id;
  const home = asleep ? null : options.mailboxId;
  const text = until ? t('done.snoozed', { n: ids.length, when: soon(until) }) : t('done.awake', { n: ids.length });
  const before = (email) => (sleeps(email) ? email.snoozed : null);
  return actions.snooze(ids, (email) => details(email, until, { home, shown: ids.includes(email.id) }), before, { ...options, text, stays: asleep && until !== null });
}

/** Shows in a row when it comes back, or came back. @returns whether it did */
export function showSnoozed(date, { snoozed, receivedAt }) {
  if (!snoozed) return false;
  const until = new Date(snoozed.until);
  const asleep = until > new Date();
  const words = t(asleep ? 'snooze.until' : 'snooze.back', { when: longDate(until) });
  date.replaceChildren(icon('snoozed'), h('span', { class: 'visually-hidden' }, t(asleep ? 'snooze.asleep' : 'snooze.awake')), asleep ? soon(until) : shortDate(until));
  date.dateTime = snoozed.until;
  date.title = asleep ? words : `${words}. ${t('snooze.came', { when: longDate(receivedAt) })}`;
  return true;
}

/** A line for who reads what sleeps, with the way back; null for what does not. */
export function snoozeNote(email, onAct) {
  if (!sleeps(email)) return null;
  return h(
    'p',
    { class: 'snooze-note', data: { testid: 'snooze-note' } },
    icon('snoozed'),
    h('span', {}, t('snooze.until', { when: longDate(email.snoozed.until) })),
    h('button', { type: 'button', class: 'button quiet', data: { testid: 'snooze-now' }, on: { click: () => onAct('awake', [email.id]) } }, t('snooze.now')),
  );
}
