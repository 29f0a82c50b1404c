/** HTML to plain text and back, for the text/plain part beside the HTML, and for quoting. */

const BLOCKS = new Set([
  'ADDRESS', 'ARTICLE', 'BLOCKQUOTE', 'CENTER', 'DIV', 'DL', 'DD', 'DT', 'FIGURE', 'FOOTER', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6',
  'HEADER', 'HR', 'LI', 'MAIN', 'OL', 'P', 'PRE', 'SECTION', 'TABLE', 'TBODY', 'THEAD', 'TFOOT', 'TR', 'UL',
]);
const PARAGRAPHS = new Set(['P', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'PRE']);

/** Without those at its end. An expression would begin anew at each of them in the text, which a stranger may have filled with them. */
function withoutLast(text, sign) {
  let end = text.length;
  while (end > 0 && text[end - 1] === sign) end--;
  return text.slice(0, end);
}

/** What is written: whole lines, and the one that is being filled. */
class Lines {
  lines = [];
  /** How far the numbered lists are. */
  numbers = new Map();
  line = '';

  text(words) {
    this.line += this.line === '' ? words.replace(/^ +/, '') : this.line.endsWith(' ') ? words.replace(/^ +/, '') : words;
  }

  end() {
    if (this.line !== '') this.feed();
  }

  feed() {
    // The first line of a signature has a space at its end, RFC 3676 4.3.
    this.lines.push(this.line === '-- ' ? this.line : withoutLast(this.line, ' '));
    this.line = '';
  }

  /** An empty line before what comes, unless it is the first. */
  gap() {
    this.end();
    if (this.lines.length && this.lines.at(-1) !== '') this.lines.push('');
  }

  all() {
    this.end();
    return this.lines;
  }
}

/** The text that a node of sanitised HTML says, without a last line end. */
export function textOf(node) {
  const out = new Lines();
  children(node, out, false);
  return out.all().join('\n').replace(/\n{3,}/g, '\n\n').trimEnd();
}

function children(node, out, pre) {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) words(child.nodeValue, out, pre);
    else if (child.nodeType === Node.ELEMENT_NODE) element(child, out, pre);
  }
}

function words(text, out, pre) {
  if (!pre) return out.text(text.replace(/[ \t\r\n\f]+/g, ' ').replace(/\u00a0/g, ' '));
  text.split('\n').forEach((line, i) => {
    if (i > 0) out.feed();
    out.line += line;
  });
}

function element(node, out, pre) {
  const name = node.tagName;
  if (name === 'BR') return out.feed();
  if (name === 'IMG') return out.text(node.alt ? `[${node.alt}]` : '');
  if (name === 'A') return link(node, out, pre);
  if (!BLOCKS.has(name)) {
    children(node, out, pre);
    if (name === 'TD' || name === 'TH') out.text(' ');
    return undefined;
  }
  if (PARAGRAPHS.has(name)) out.gap();
  out.end();
  block(node, out, pre);
  out.end();
  if (PARAGRAPHS.has(name)) out.lines.push('');
  return undefined;
}

function block(node, out, pre) {
  const name = node.tagName;
  if (name === 'HR') out.lines.push('-'.repeat(20));
  else if (name === 'BLOCKQUOTE') within(node, out, pre, (line) => (line.startsWith('>') || line === '' ? '>' : '> ') + line);
  else if (name === 'LI') item(node, out, pre);
  // A line that holds nothing but a break is one empty line.
  else if (node.childNodes.length === 1 && node.firstChild.nodeName === 'BR') out.lines.push('');
  else children(node, out, pre || name === 'PRE');
}

function within(node, out, pre, mark) {
  const inner = new Lines();
  children(node, inner, pre);
  const lines = inner.all();
  while (lines.at(-1) === '') lines.pop();
  lines.forEach((line, i) => out.lines.push(mark(line, i)));
}

function item(node, out, pre) {
  const list = node.parentNode;
  const ordered = list.tagName === 'OL';
  const number = (out.numbers.get(list) ?? (ordered ? list.start : 1) - 1) + 1;
  out.numbers.set(list, number);
  const sign = ordered ? `${number}. ` : '* ';
  within(node, out, pre, (line, i) => (i === 0 ? sign : ' '.repeat(sign.length)) + line);
}

function link(node, out, pre) {
  children(node, out, pre);
  const href = node.getAttribute('href') ?? '';
  const text = node.textContent.trim();
  const said = href === text || href === `mailto:${text}` || href.replace(/\/$/, '') === text.replace(/\/$/, '');
  if (href && !said) out.text(` <${href}>`);
}

/** So deep a quote stands in quotes; further `>` are text. */
const DEEPEST = 50;

/** Plain text as nodes: a block for each line, a quote for lines with `>` before them. */
export function nodesOf(text) {
  const into = document.createDocumentFragment();
  const open = [into];
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const { depth, words } = unquoted(line);
    open.length = Math.min(open.length, depth + 1);
    while (open.length <= depth) {
      const quote = document.createElement('blockquote');
      open.at(-1).append(quote);
      open.push(quote);
    }
    open.at(-1).append(lineOf(words));
  }
  return into;
}

function unquoted(line) {
  let depth = 0;
  let at = 0;
  while (depth < DEEPEST && line[at] === '>') {
    depth++;
    at += line[at + 1] === ' ' ? 2 : 1;
  }
  return { depth, words: line.slice(at) };
}

function lineOf(line) {
  const block = document.createElement('div');
  // Spaces that would run into one are kept apart.
  if (line === '') block.append(document.createElement('br'));
  else block.append(line.replace(/ {2}/g, ' \u00a0').replace(/^ /, '\u00a0'));
  return block;
}

/** Text as it stands in a quote. */
export function quoted(text) {
  return text.split('\n').map((line) => (line.startsWith('>') || line === '' ? '>' : '> ') + line).join('\n');
}
