import { button, labelled } from './compose-dom.js';
import { dialog } from './dialog.js';
import { h } from './dom.js';
import { locale, t } from './texts.js';

/** As a field of date and time has it: this place's time, without a zone. */
function local(date) {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** So many days from today, at a full hour of this place. */
export function at(days, hour) {
  const date = new Date();
  date.setDate(date.getDate() + days);
  date.setHours(hour, 0, 0, 0);
  return date;
}

/** Times that people choose, those that are to come. */
function offers() {
  const toMonday = (8 - new Date().getDay()) % 7 || 7;
  return [['compose.tonight', at(0, 18)], ['compose.tomorrow', at(1, 8)], ['compose.monday', at(toMonday, 8)]].filter(([, date]) => date > new Date()).map(([key, date]) => [t(key), date]);
}

/**
 * Asks for a time to come.
 * @param offers `[text, Date]`, to be chosen at once
 * @param label of the button that takes the time in the field
 * @param latest a Date, if there is a last one
 * @param more other buttons of the dialog, with a value each
 * @returns a promise of a Date, of the value of one of those buttons, or of null
 */
export async function askTime({ title, offers, label, latest, more = [] }) {
  const field = h('input', { type: 'datetime-local', class: 'field', value: local(at(1, 8)), min: local(new Date()), max: latest && local(latest), required: true, 'data-testid': 'later-time' });
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', hour: 'numeric', minute: '2-digit' });
  const body = (close) => [
    h('div', { class: 'later-offers' }, offers.map(([text, date]) => button(`${text} · ${format.format(date)}`, () => close(date), { class: 'button' }))),
    labelled(t('compose.laterTime'), field),
  ];
  const answer = await dialog({ title, body, buttons: [...more, { label: t('cancel') }, { label, value: field, primary: true }] });
  if (answer !== field) return answer;
  const date = new Date(field.value);
  return Number.isNaN(date.getTime()) || date <= new Date() ? null : date;
}

/** Asks when a mail is to go. @param most seconds from now @return a Date, or null */
export function askWhen(most) {
  const latest = new Date(Date.now() + most * 1000);
  return askTime({ title: t('compose.later'), offers: offers().filter(([, date]) => date < latest), label: t('compose.schedule'), latest });
}
