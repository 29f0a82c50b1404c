// The words on the screen, one file (and those of composing, delivery, sharing, sleep and stories) a language.
import german from './texts/de.js';
import germanCompose from './texts/de-compose.js';
import germanDelivery from './texts/de-delivery.js';
import germanShared from './texts/de-shared.js';
import germanSnooze from './texts/de-snooze.js';
import germanWhy from './texts/de-why.js';
import english from './texts/en.js';
import englishCompose from './texts/en-compose.js';
import englishDelivery from './texts/en-delivery.js';
import englishShared from './texts/en-shared.js';
import englishSnooze from './texts/en-snooze.js';
import englishWhy from './texts/en-why.js';

/** By their codes; of what another one does not have English is shown. */
export const LANGUAGES = {
  en: { ...english, ...englishCompose, ...englishDelivery, ...englishShared, ...englishSnooze, ...englishWhy },
  de: { ...german, ...germanCompose, ...germanDelivery, ...germanShared, ...germanSnooze, ...germanWhy },
};

const CHOSEN = 'posthorn.language';

/** The languages there are, `[code, name in it]`. */
export const languages = [['en', 'English'], ['de', 'Deutsch']];

/** What was chosen in this browser; empty: as the browser has it. */
export function chosenLanguage() {
  return localStorage.getItem(CHOSEN) ?? '';
}

/** The page begins anew in that language, and `justChosen` then. */
export function chooseLanguage(code) {
  localStorage.setItem(CHOSEN, code);
  sessionStorage.setItem(CHOSEN, code);
  location.reload();
}

/** Whether the page began anew for a language that was chosen; tells it once. */
export function justChosen() {
  const chosen = sessionStorage.getItem(CHOSEN) !== null;
  sessionStorage.removeItem(CHOSEN);
  return chosen;
}

const wanted = chosenLanguage() || navigator.language?.split('-')[0];
const language = LANGUAGES[wanted] ? wanted : 'en';
document.documentElement.lang = language;

/**
 * A text by its key. What stands in it as {name} is taken from args; a text that depends on a number is a function of args.
 * A key without a text is shown as it is: a test finds it then.
 */
export function t(key, args = {}) {
  const text = LANGUAGES[language][key] ?? LANGUAGES.en[key];
  if (text === undefined) return key;
  if (typeof text === 'function') return text(args);
  return text.replace(/\{(\w+)\}/g, (whole, name) => args[name] ?? whole);
}

/** How dates and numbers are written: in that language, and as it is written where the browser is at home, if that is the same. */
export const locale = navigator.language?.split('-')[0] === language ? navigator.language : language;
