// Light, dark, or as the system has it; kept in this browser.
import { t } from './texts.js';
import { toast } from './toast.js';

const THEMES = ['system', 'light', 'dark'];

export function theme() {
  return localStorage.getItem('posthorn.theme') ?? 'system';
}

/** @param value system, light or dark */
export function setTheme(value) {
  localStorage.setItem('posthorn.theme', value);
  dispatchEvent(new Event('posthorn:theme'));
}

/** The next of the three. */
export function toggleTheme() {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
  setTheme(next);
  toast(t(`theme.${next}`), { seconds: 2 });
}
