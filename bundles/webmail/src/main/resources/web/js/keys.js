// The keyboard: one table, shown by ?. Keys do nothing while somebody types, or a window stands in front.
import { h } from './dom.js';
import { dialog } from './dialog.js';
import { t } from './texts.js';

const table = [];
let pending = null;

/**
 * Registers a key. `keys` as people see them: `j`, `Shift+I`, `g i` (one behind the other), `Ctrl+Enter`; several are others for the same.
 * @param group the heading in the help, already a text
 * @param label what it does, already a text
 * @param when whether it can be done now; the first of the table that can is done
 * @returns what takes it back
 */
export function register({ keys, group, label, run, when = () => true }) {
  const entry = { keys: [keys].flat(), group, label, run, when };
  table.push(entry);
  return () => table.splice(table.indexOf(entry), 1);
}

function name(event) {
  const key = event.key === ' ' ? 'Space' : event.key;
  const letter = key.length === 1;
  const shift = event.shiftKey && (!letter || /[a-z]/i.test(key)) ? 'Shift+' : '';
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${shift}${shift && letter ? key.toUpperCase() : key}`;
}

/** Whether it takes letters. */
export function typing(target) {
  return target?.closest?.('input:not([type=checkbox]), textarea, select, [contenteditable=true], [contenteditable=""]');
}

/** Hears a key; also of documents in frames. */
export function hear(event) {
  if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
  if (typing(event.target) && !event.ctrlKey && !event.metaKey) return;
  const pressed = name(event);
  if (/^(Shift\+)?(Shift|Control|Alt|Meta)$/.test(pressed)) return;
  const wanted = pending ? `${pending} ${pressed}` : pressed;
  pending = null;
  const entry = table.find((e) => e.keys.includes(wanted) && e.when(event));
  if (entry) {
    event.preventDefault();
    entry.run(event);
  } else if (table.some((e) => e.keys.some((key) => key.startsWith(`${wanted} `)))) {
    event.preventDefault();
    pending = wanted;
    setTimeout(() => (pending = null), 1500);
  }
}

const SIGNS = { ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' };

/** The keys that have a word on them. */
const NAMED = ['Ctrl', 'Delete', 'End', 'Enter', 'Home', 'PageDown', 'PageUp', 'Shift', 'Space'];

/** A key, or several, as they are called on the keyboards of the language. @param key as it is registered */
export function keyText(key) {
  const one = (part) => SIGNS[part] ?? (NAMED.includes(part) ? t(`keys.key.${part}`) : part);
  return key.split(/[ +]/).map(one).join(' ');
}

/** Shows all keys. */
export function help() {
  const groups = new Map();
  for (const entry of table) {
    if (!groups.has(entry.group)) groups.set(entry.group, new Map());
    if (!groups.get(entry.group).has(entry.label)) groups.get(entry.group).set(entry.label, entry.keys);
  }
  const section = ([group, entries]) =>
    h('section', {}, h('h3', {}, group), h('dl', {}, [...entries].map(([label, keys]) => h('div', {}, h('dt', {}, keys.map((key) => h('kbd', {}, keyText(key)))), h('dd', {}, label)))));
  dialog({ title: t('keys.title'), class: 'keys-help', body: h('div', { class: 'keys-columns' }, [...groups].map(section)), buttons: [] });
}

addEventListener('keydown', hear);
