// Names, dates and sizes as people read them.
import { locale, t } from './texts.js';

const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const whole = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
const medium = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

const DAY = 86_400_000;

/** As short as can be without doubt: today its time, this week its day, else its date. */
export function shortDate(text, now = new Date()) {
  const date = new Date(text);
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const age = midnight - date.getTime();
  if (age <= 0 && age > -DAY) return time.format(date);
  if (age > 0 && age < 6 * DAY) return weekday.format(date);
  return (date.getFullYear() === now.getFullYear() ? day : dayOfYear).format(date);
}

export function longDate(text) {
  return whole.format(new Date(text));
}

export function mediumDate(text) {
  return medium.format(new Date(text));
}

/** Who an EmailAddress is. */
export function personName({ name, email }) {
  return name?.trim() || email || t('nobody');
}

/** The first name, for several in one line. */
function firstName(address) {
  const name = personName(address);
  return name.includes('@') ? name.split('@')[0] : name.split(/[\s,]+/)[0];
}

/** Who takes part, in a line; whoever is `self` goes by `me`. */
export function people(addresses, self, me = t('me')) {
  const each = [...new Map(addresses.map((a) => [a.email?.toLowerCase(), a])).values()];
  if (each.length === 0) return t('nobody');
  const named = (a, short) => (a.email?.toLowerCase() === self ? me : short ? firstName(a) : personName(a));
  if (each.length === 1) return named(each[0], false);
  return each.map((a) => named(a, true)).join(', ');
}

export function size(octets) {
  if (octets < 1000) return t('size.octets', { n: octets });
  const units = ['kB', 'MB', 'GB'];
  let value = octets;
  let unit = -1;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toLocaleString(locale, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${units[unit]}`;
}

/** One of twelve colours for a person, always the same. */
function hue(text) {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193) >>> 0;
  return ((hash ^ (hash >>> 15)) >>> 0) % 12;
}

function initial(address) {
  return [...personName(address).replace(/^[^\p{L}\p{N}]+/u, '')][0]?.toUpperCase() ?? '?';
}

/** Who an EmailAddress is, in a letter and a colour: properties of an element. */
export function avatarOf(address) {
  return { className: `avatar hue-${hue(address.email ?? personName(address))}`, textContent: initial(address) };
}
