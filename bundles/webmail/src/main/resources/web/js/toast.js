// Short notices at the foot of the page, read aloud, with something to do about them.
import { h, icon } from './dom.js';
import { t } from './texts.js';

let shelf;

function place() {
  // Already there before the first notice, so that a screen reader watches it.
  if (!shelf?.isConnected) {
    shelf = h('div', { class: 'toasts', role: 'status', aria: { live: 'polite' } });
    document.body.append(shelf);
  }
  return shelf;
}

/** So many stand one on another. */
const MOST = 4;

/** Those that are shown: `{ close, offers, end }`: whether there is something to do about it, and when it goes by itself, in milliseconds. */
const shown = new Set();

/** The first to go is an older one that only tells, else the one that would be gone first: nobody's Undo is cut short by later ones that end sooner. */
function makeRoom() {
  while (shown.size > MOST) [...shown].slice(0, -1).sort((a, b) => Number(a.offers) - Number(b.offers) || a.end - b.end)[0].close();
}

/**
 * Shows a notice. `label` and `action` are a button, as Undo; it stays while somebody is at it with pointer or focus, unless what it offers `ends` with its time.
 * @returns what takes it away
 */
export function toast(text, { action, label = t('undo'), seconds = 6, ends = false, error = false } = {}) {
  let timer;
  const close = () => {
    clearTimeout(timer);
    box.remove();
    shown.delete(one);
    if (latest === undo) latest = null;
  };
  const undo = action && (() => {
    close();
    action();
  });
  const box = h(
    'div',
    { class: error ? 'toast error' : 'toast' },
    h('span', {}, text),
    action && h('button', { type: 'button', class: 'toast-action', on: { click: undo } }, label),
    h('button', { type: 'button', class: 'icon-button', aria: { label: t('close') }, on: { click: close } }, icon('close')),
  );
  const start = () => (timer = setTimeout(close, seconds * 1000));
  if (!ends) {
    for (const name of ['pointerenter', 'focusin']) box.addEventListener(name, () => clearTimeout(timer));
    for (const name of ['pointerleave', 'focusout']) box.addEventListener(name, () => { clearTimeout(timer); start(); });
  }
  place().append(box);
  const one = { close, offers: Boolean(action), end: performance.now() + seconds * 1000 };
  shown.add(one);
  start();
  makeRoom();
  // What offers something else, as to try again, is not what a key for Undo means.
  if (undo && label === t('undo')) latest = undo;
  return close;
}

let latest = null;

/** Undoes what the newest notice that offers Undo tells of, if there is one. */
export function undoLatest() {
  latest?.();
}

place();
