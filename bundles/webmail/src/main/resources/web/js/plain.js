// Mail that is text: links can be followed, what is quoted stands back.
import { h } from './dom.js';
import { t } from './texts.js';

/** What a link can stand in. */
const WORD = /[^\s<>"]+/g;
const SCHEME = /\b(?:https?:\/\/|mailto:)./;
const LOCAL = /[\w.+-]/;
const DOMAIN = /[\w-]+(?:\.[\w-]+)+/y;

/** So many links of a text can be followed, and so often it changes between quoted and not: the rest is shown without. */
const MOST_LINKS = 5000;
const MOST_BLOCKS = 2000;

/** So many quoted lines stand open; more are folded. */
const SHORT_QUOTE = 6;

function withLinks(text, onMailto, budget) {
  const nodes = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    for (const [from, to] of linksIn(word)) {
      if (budget.left-- <= 0) break;
      nodes.push(text.slice(end, index + from), link(word.slice(from, to), onMailto));
      end = index + to;
    }
  }
  nodes.push(text.slice(end));
  return nodes;
}

/**
 * Where links begin and end in a word. A stranger has written it: each place is looked at a few times, however long it is and whatever nearly is a link.
 * @returns pairs in order
 */
export function linksIn(word) {
  const url = word.search(SCHEME);
  const found = addressesIn(url < 0 ? word : word.slice(0, url));
  return url < 0 ? found : [...found, [url, endOf(word, url)]];
}

function addressesIn(text) {
  const found = [];
  let from = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', from)) {
    let start = at;
    while (start > from && LOCAL.test(text[start - 1])) start--;
    while (start < at && !/\w/.test(text[start])) start++;
    DOMAIN.lastIndex = at + 1;
    const is = start < at && DOMAIN.test(text);
    from = is ? DOMAIN.lastIndex : at + 1;
    if (is) found.push([start, from]);
  }
  return found;
}

/** A full stop behind a link belongs to the sentence. */
function endOf(word, from) {
  let end = word.length;
  while (end > from && '.,;:!?)]}\''.includes(word[end - 1])) end--;
  return end;
}

function link(word, onMailto) {
  if (/^https?:/.test(word)) return h('a', { href: word, target: '_blank', rel: 'noopener noreferrer' }, word);
  const href = word.startsWith('mailto:') ? word : `mailto:${word}`;
  return h('a', { href, on: { click: (event) => { event.preventDefault(); onMailto(href); } } }, word);
}

/** @param text as the server decoded it */
export function showText(text, onMailto) {
  const blocks = [];
  for (const line of text.trimEnd().split(/\r?\n/)) {
    const quoted = line.startsWith('>');
    const last = blocks[blocks.length - 1];
    if (last?.quoted === quoted || blocks.length >= MOST_BLOCKS) last.lines.push(line);
    else blocks.push({ quoted, lines: [line] });
  }
  const budget = { left: MOST_LINKS };
  return h('div', { class: 'plain' }, blocks.map((block) => show(block, onMailto, budget)));
}

function show({ quoted, lines }, onMailto, budget) {
  const body = h('div', { class: quoted ? 'plain-quote' : 'plain-text' }, withLinks(lines.map((line) => (quoted ? line.replace(/^> ?/, '') : line)).join('\n'), onMailto, budget));
  if (!quoted || lines.length <= SHORT_QUOTE) return body;
  return h('details', { class: 'plain-fold' }, h('summary', {}, t('quoted', { n: lines.length })), body);
}
