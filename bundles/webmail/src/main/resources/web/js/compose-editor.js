import { button } from './compose-dom.js';
import { h, icon } from './dom.js';
import { asTrusted, cleaned, contentId, outgoing } from './compose-clean.js';
import { marked } from './compose-signature.js';
import { nodesOf, textOf } from './compose-text.js';
import { keyText } from './keys.js';
import { t } from './texts.js';

const TOOLS = [
  { name: 'bold', sign: 'B', command: 'bold', key: 'b' },
  { name: 'italic', sign: 'I', command: 'italic', key: 'i' },
  { name: 'underline', sign: 'U', command: 'underline', key: 'u' },
  { name: 'bullets', sign: '•', command: 'insertUnorderedList' },
  { name: 'numbers', sign: '1.', command: 'insertOrderedList' },
  { name: 'quote', sign: '❝', command: 'formatBlock' },
  { name: 'link', sign: icon('link'), key: 'k' },
  { name: 'plain', sign: 'Tx', command: 'removeFormat' },
];

/**
 * Where the text is written: rich, or plain in a field of its own. The browser's own editing commands are used, as they alone can be undone by its undo;
 * what they and what is pasted make of it is cleaned before it becomes a mail, so nothing goes out but what `compose-clean.js` lets.
 */
export class Editor {
  /**
   * @param changed is called after each change
   * @param pictures takes picture files that are to stand in the text; gives for each a promise of `{cid, url}`
   * @param files takes other files
   */
  constructor({ changed, pictures, files }) {
    this.changed = changed;
    this.pictures = pictures;
    this.files = files;
    this.isPlain = false;
    this.build();
  }

  build() {
    this.area = h('div', {
      class: 'editor',
      contenteditable: 'true',
      role: 'textbox',
      'aria-multiline': 'true',
      'aria-label': t('compose.body'),
      'data-testid': 'compose-body',
      tabindex: '0',
      spellcheck: true,
    });
    this.plain = h('textarea', { class: 'editor', 'aria-label': t('compose.body'), 'data-testid': 'compose-plain', hidden: true, spellcheck: true });
    this.toolbar = h('div', { class: 'toolbar', role: 'toolbar', 'aria-label': t('compose.format') }, TOOLS.map((tool) => this.tool(tool)));
    this.linkBar = this.buildLinkBar();
    this.element = h('div', { class: 'writing' }, [this.toolbar, this.linkBar, this.area, this.plain]);
    this.area.addEventListener('input', () => this.changed());
    this.plain.addEventListener('input', () => this.changed());
    this.area.addEventListener('keydown', (e) => this.key(e));
    this.area.addEventListener('paste', (e) => this.pasted(e));
    this.toolbar.addEventListener('keydown', (e) => this.walk(e));
    this.onSelection = () => this.showState();
    document.addEventListener('selectionchange', this.onSelection);
  }

  /** Nothing of it hears the document any more. */
  close() {
    document.removeEventListener('selectionchange', this.onSelection);
  }

  tool(tool) {
    const key = tool.key ? ` (${keyText(`Ctrl+${tool.key.toUpperCase()}`)})` : '';
    const one = button(tool.sign, () => this.use(tool), {
      class: `tool ${tool.name}`,
      title: t(`compose.tool.${tool.name}`) + key,
      'aria-label': t(`compose.tool.${tool.name}`),
      'aria-pressed': 'false',
      'data-testid': `tool-${tool.name}`,
      tabindex: tool === TOOLS[0] ? '0' : '-1',
    });
    // The selection stays in the text.
    one.addEventListener('mousedown', (e) => e.preventDefault());
    tool.button = one;
    return one;
  }

  /** Arrows go along the toolbar, which is one stop of Tab. */
  walk(event) {
    const tools = [...this.toolbar.children];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = tools[(tools.indexOf(document.activeElement) + step + tools.length) % tools.length];
    for (const one of tools) one.tabIndex = one === next ? 0 : -1;
    next.focus();
  }

  use(tool) {
    if (tool.name === 'link') return this.askForLink();
    this.area.focus();
    document.execCommand('styleWithCSS', false, 'false');
    if (tool.name === 'quote') this.quote();
    else document.execCommand(tool.command, false);
    if (tool.name === 'plain') document.execCommand('unlink', false);
    this.showState();
    this.changed();
    return undefined;
  }

  /** Into a quote or, out of one, back. */
  quote() {
    const within = this.selected()?.closest('blockquote');
    document.execCommand(within ? 'outdent' : 'formatBlock', false, within ? undefined : 'blockquote');
  }

  /** The element where the selection begins, if that is in the text. */
  selected() {
    const node = document.getSelection().anchorNode;
    if (!node || !this.area.contains(node)) return null;
    return node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  }

  showState() {
    const at = this.selected();
    if (!at) return;
    for (const tool of TOOLS) {
      const tags = { quote: 'blockquote', link: 'a' }[tool.name];
      const on = tags ? this.area.contains(at.closest(tags)) && at.closest(tags) !== null : tool.name !== 'plain' && document.queryCommandState(tool.command);
      this.toolbar.querySelector(`.${tool.name}`).setAttribute('aria-pressed', String(Boolean(on)));
    }
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const tool = TOOLS.find((one) => one.key === event.key.toLowerCase());
    if (!tool) return;
    event.preventDefault();
    this.use(tool);
  }

  buildLinkBar() {
    this.address = h('input', { type: 'url', 'aria-label': t('compose.linkAddress'), placeholder: 'https://', 'data-testid': 'link-address' });
    const bar = h('div', { class: 'link-bar', hidden: true }, [
      this.address,
      button(t('compose.linkSet'), () => this.setLink(), { 'data-testid': 'link-set' }),
      button(t('compose.linkRemove'), () => this.setLink(''), {}),
    ]);
    bar.addEventListener('keydown', (e) => {
      if (e.key === 'Enter') this.setLink();
      else if (e.key === 'Escape') this.setLink(null);
      else return;
      e.preventDefault();
      e.stopPropagation();
    });
    return bar;
  }

  askForLink() {
    const selection = document.getSelection();
    this.range = this.selected() ? selection.getRangeAt(0).cloneRange() : null;
    this.address.value = this.selected()?.closest('a')?.getAttribute('href') ?? '';
    this.linkBar.hidden = false;
    this.address.focus();
  }

  /** @param address null leaves all as it is, an empty one takes the link away */
  setLink(address = this.address.value.trim()) {
    this.linkBar.hidden = true;
    this.area.focus();
    if (this.range) {
      document.getSelection().removeAllRanges();
      document.getSelection().addRange(this.range);
    }
    if (address === null) return;
    const href = address && !/^(?:https?:|mailto:|tel:)/i.test(address) ? (address.includes('@') ? 'mailto:' : 'https://') + address : address;
    if (!href) document.execCommand('unlink', false);
    else if (document.getSelection().isCollapsed) this.insert(h('a', { href }, address));
    else document.execCommand('createLink', false, href);
    this.changed();
  }

  pasted(event) {
    const { files } = event.clipboardData;
    const html = event.clipboardData.getData('text/html');
    if (files.length && !html) {
      event.preventDefault();
      this.take([...files]);
    } else if (html) {
      event.preventDefault();
      // By the browser's own command, so that its undo knows it.
      document.execCommand('insertHTML', false, asTrusted(this.pastedNodes(html)));
      this.changed();
    }
    // Plain text is what the browser inserts by itself.
  }

  /** What is pasted, cleaned; pictures of other places stay there, those that came along come into the mail. */
  pastedNodes(html) {
    const fragment = cleaned(html);
    for (const picture of fragment.querySelectorAll('img'))
      if (!/^https?:/i.test(picture.dataset.from)) picture.remove();
    return fragment;
  }

  /** Files that are dropped or pasted: pictures into the text, others beside it. */
  take(files) {
    const isPicture = (f) => /^image\/(?:png|jpeg|gif|webp)$/.test(f.type);
    const pictures = this.isPlain ? [] : files.filter(isPicture);
    const others = files.filter((f) => !pictures.includes(f));
    if (others.length) this.files(others);
    for (const picture of pictures) this.insertPicture(picture);
  }

  async insertPicture(file) {
    const { cid, url } = await this.pictures(file);
    const picture = h('img', { src: url, alt: file.name.replace(/\.[^.]*$/, '') });
    picture.dataset.from = `cid:${cid}`;
    this.area.focus();
    this.insert(picture);
    this.changed();
  }

  /** Puts nodes at the selection, or at the end. */
  insert(nodes) {
    const selection = document.getSelection();
    if (!this.selected()) {
      selection.selectAllChildren(this.area);
      selection.collapseToEnd();
    }
    const range = selection.getRangeAt(0);
    range.deleteContents();
    const last = nodes.nodeType === Node.DOCUMENT_FRAGMENT_NODE ? nodes.lastChild : nodes;
    range.insertNode(nodes);
    if (!last) return;
    range.setStartAfter(last);
    range.collapse(true);
    selection.removeAllRanges();
    selection.addRange(range);
  }

  /** Fills it with nodes that have been cleaned. */
  fill(nodes) {
    this.area.replaceChildren(nodes);
    if (this.area.childNodes.length === 0) this.area.append(nodesOf(''));
  }

  /** @param source with `nodes` that have been cleaned, of which `quoted` is the first that others have written, and, the same, as `plain`, in which `signature` stands */
  begin({ nodes, quoted, plain, isPlain, signature }) {
    this.quoted = quoted;
    this.fill(nodes);
    if (!isPlain) return;
    this.setPlain(true);
    this.plain.value = plain;
    this.signed = signature;
  }

  /** Shows the pictures that have come meanwhile. @param urls from content ids to URLs of blobs */
  showPictures(urls) {
    for (const picture of this.area.querySelectorAll('img[data-from]:not([src])')) {
      const url = urls.get(contentId(picture.dataset.from));
      if (url) picture.src = url;
    }
  }

  /** The text as plain text. */
  get text() {
    return this.isPlain ? this.plain.value : textOf(this.area);
  }

  /** The HTML of the mail; null when it is written as plain text. */
  get html() {
    if (this.isPlain) return null;
    return `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${outgoing(this.area).innerHTML}</body></html>`;
  }

  /** The content ids of pictures that stand in the text. */
  get used() {
    if (this.isPlain) return [];
    return [...this.area.querySelectorAll('img[data-from]')].map((p) => contentId(p.dataset.from)).filter((cid) => cid !== null);
  }

  /** Writes on as plain text, or as rich. */
  setPlain(plain) {
    if (plain === this.isPlain) return;
    if (plain) this.toPlain();
    else this.toRich();
    this.isPlain = plain;
    this.area.hidden = plain;
    this.toolbar.hidden = plain;
    this.linkBar.hidden = true;
    this.plain.hidden = !plain;
    this.changed();
  }

  toPlain() {
    const block = this.ownSignature();
    this.signed = block ? textOf(block) : '';
    this.plain.value = textOf(this.area);
  }

  /** The signature stays one, so that another can take its place. */
  toRich() {
    const { value } = this.plain;
    const at = this.signed ? value.indexOf(this.signed) : -1;
    if (at < 0) return this.fill(nodesOf(value));
    const nodes = document.createDocumentFragment();
    const block = h('div', { 'data-signature': '' });
    block.append(nodesOf(this.signed));
    if (at > 0) nodes.append(nodesOf(value.slice(0, at).replace(/\n$/, '')));
    nodes.append(block);
    const rest = value.slice(at + this.signed.length).replace(/^\n/, '');
    if (rest) nodes.append(nodesOf(rest));
    return this.fill(nodes);
  }

  /** Of the mail that is written, not of one that is quoted in it. */
  ownSignature() {
    return this.area.querySelector(':scope > [data-signature]');
  }

  /** At the beginning, before what is quoted. */
  focus() {
    if (this.isPlain) {
      this.plain.focus();
      this.plain.setSelectionRange(0, 0);
      return;
    }
    this.area.focus();
    document.getSelection().collapse(this.area, 0);
  }

  /** The signature of another identity in the place of the one that is there. @param nodes cleaned */
  sign(nodes, text) {
    if (this.isPlain) {
      const { value } = this.plain;
      const before = this.signed;
      this.signed = marked(text);
      if (before && value.includes(before)) this.plain.value = value.replace(before, () => this.signed);
      else if (this.signed) this.plain.value = `${value}\n${this.signed}\n`;
      return;
    }
    const there = this.ownSignature();
    if (!there && !text && !nodes.textContent.trim()) return;
    const block = h('div', { 'data-signature': '' });
    block.append(nodes);
    if (there) there.replaceWith(block);
    else if (block.childNodes.length) this.beforeQuote(block);
  }

  beforeQuote(block) {
    const quoted = this.quoted?.parentNode === this.area ? this.quoted : this.area.querySelector(':scope > blockquote')?.previousElementSibling;
    if (quoted) quoted.before(block, nodesOf(''));
    else this.area.append(nodesOf(''), block);
  }
}
