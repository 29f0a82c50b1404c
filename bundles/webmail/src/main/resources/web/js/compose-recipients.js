import { h } from './dom.js';
import { isValid, parseAddresses, sameAddress, writeAddress } from './compose-addresses.js';
import { t } from './texts.js';

let count = 0;

/**
 * A field of recipients: each address a chip, completed from those who were written to before.
 * The keyboard does all: comma, semicolon, Enter or Tab take what is typed, arrows choose, Backspace brings the last chip back for editing.
 */
export class Recipients {
  /**
   * @param name `to`, `cc` or `bcc`
   * @param suggest a function from typed text to addresses, best first, and `known`: a promise that ends when it knows them
   * @param changed is called after each change
   */
  constructor(name, { suggest, changed }) {
    this.name = name;
    this.suggest = suggest;
    this.changed = changed;
    this.chips = [];
    this.refused = new Set();
    this.offers = [];
    this.chosen = -1;
    this.build(`compose-${name}-${++count}`);
    suggest.known.then(() => document.activeElement === this.input && this.offer());
  }

  build(id) {
    this.list = h('ul', { class: 'chips', 'aria-label': t(`compose.${this.name}`) });
    this.input = h('input', {
      id,
      type: 'text',
      role: 'combobox',
      autocomplete: 'off',
      spellcheck: false,
      'data-testid': `compose-${this.name}`,
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': `${id}-offers`,
      'aria-describedby': `${id}-error`,
    });
    this.listbox = h('ul', { id: `${id}-offers`, class: 'offers', role: 'listbox', 'aria-label': t('compose.offers'), hidden: true });
    this.error = h('p', { id: `${id}-error`, class: 'field-error', role: 'alert', 'data-testid': `compose-${this.name}-error` });
    this.element = h('div', { class: `recipients ${this.name}` }, [
      h('label', { for: id }, t(`compose.${this.name}`)),
      h('div', { class: 'recipients-box' }, [this.list, this.input, this.listbox]),
      this.error,
    ]);
    this.input.addEventListener('input', () => this.typed());
    this.input.addEventListener('keydown', (e) => this.key(e));
    this.input.addEventListener('paste', (e) => this.pasted(e));
    this.input.addEventListener('blur', () => this.commit());
    this.element.querySelector('.recipients-box').addEventListener('mousedown', (e) => {
      if (e.target === e.currentTarget || e.target === this.list) {
        e.preventDefault();
        this.input.focus();
      }
    });
  }

  /** What is in the field, what is being typed included. */
  get addresses() {
    return [...this.chips, ...parseAddresses(this.input.value)];
  }

  set addresses(list) {
    this.chips = [];
    this.add(list);
  }

  /** Those that no mail can go to. */
  get invalid() {
    return this.addresses.filter((a) => !this.sound(a));
  }

  sound(address) {
    return isValid(address) && !this.refused.has(address.email.toLowerCase());
  }

  add(list) {
    for (const address of list) if (!this.chips.some((c) => sameAddress(c, address))) this.chips.push(address);
    this.draw();
    this.changed();
  }

  /** Marks those that the server does not take, and says why. */
  refuse(emails, why) {
    for (const email of emails) this.refused.add(email.toLowerCase());
    this.draw();
    this.tell(why);
  }

  /** Says what is wrong with the field; nothing with an empty text. */
  tell(text) {
    this.error.textContent = text;
    if (text) this.input.setAttribute('aria-invalid', 'true');
    else this.input.removeAttribute('aria-invalid');
  }

  draw() {
    this.list.replaceChildren(...this.chips.map((address) => this.chip(address)));
  }

  chip(address) {
    const sound = this.sound(address);
    const shown = address.name || address.email;
    const remove = h('button', { type: 'button', 'aria-label': t('compose.remove', { what: address.email }) }, '×');
    remove.addEventListener('click', () => {
      this.remove(address);
      this.input.focus();
    });
    remove.addEventListener('keydown', (e) => this.chipKey(e, address));
    return h('li', { class: sound ? 'chip' : 'chip invalid', title: address.email, 'data-email': address.email }, [
      h('span', {}, shown),
      sound ? '' : h('span', { class: 'visually-hidden' }, t('compose.invalid')),
      remove,
    ]);
  }

  chipKey(event, address) {
    const button = event.currentTarget;
    const beside = { ArrowLeft: button.parentNode.previousSibling, ArrowRight: button.parentNode.nextSibling };
    if (event.key in beside) (beside[event.key]?.querySelector('button') ?? this.input).focus();
    else if (event.key === 'Backspace' || event.key === 'Delete') {
      this.remove(address);
      this.input.focus();
    } else return;
    event.preventDefault();
  }

  remove(address) {
    this.chips = this.chips.filter((c) => c !== address);
    this.draw();
    this.tell('');
    this.changed();
  }

  /** Makes chips of what is typed. */
  commit() {
    const typed = parseAddresses(this.input.value);
    this.input.value = '';
    this.close();
    if (typed.length) this.add(typed);
    this.tell(this.invalid.length ? t('compose.invalidAddresses', { addresses: this.invalid.map(writeAddress).join(', ') }) : '');
  }

  pasted(event) {
    const text = event.clipboardData.getData('text/plain');
    if (!/[,;\n@]/.test(text)) return;
    event.preventDefault();
    this.input.value += text;
    this.commit();
  }

  typed() {
    if (/[,;]\s*$/.test(this.input.value) && parseAddresses(this.input.value).some(isValid)) this.commit();
    else this.offer();
    this.changed();
  }

  offer() {
    const typed = this.input.value.trim();
    const taken = this.chips;
    this.offers = typed ? this.suggest(typed).filter((a) => !taken.some((c) => sameAddress(a, c))).slice(0, 8) : [];
    this.chosen = this.offers.length ? 0 : -1;
    this.drawOffers();
  }

  drawOffers() {
    this.listbox.replaceChildren(...this.offers.map((address, i) => this.option(address, i)));
    this.listbox.hidden = this.offers.length === 0;
    this.input.setAttribute('aria-expanded', String(this.offers.length > 0));
    if (this.chosen >= 0) this.input.setAttribute('aria-activedescendant', `${this.listbox.id}-${this.chosen}`);
    else this.input.removeAttribute('aria-activedescendant');
  }

  option(address, i) {
    const option = h('li', { id: `${this.listbox.id}-${i}`, role: 'option', 'aria-selected': String(i === this.chosen) }, [
      h('span', {}, address.name ?? address.email),
      address.name ? h('span', { class: 'faint' }, address.email) : '',
    ]);
    // Before the field loses the focus, which would take what is typed as it is.
    option.addEventListener('mousedown', (e) => {
      e.preventDefault();
      this.take(address);
    });
    return option;
  }

  take(address) {
    this.input.value = '';
    this.close();
    this.add([address]);
    this.tell('');
  }

  close() {
    this.offers = [];
    this.chosen = -1;
    this.drawOffers();
  }

  key(event) {
    const { key } = event;
    const open = this.offers.length > 0;
    if (open && (key === 'ArrowDown' || key === 'ArrowUp')) this.choose(key === 'ArrowDown' ? 1 : -1);
    else if (open && key === 'Escape') this.close();
    else if (open && (key === 'Enter' || key === 'Tab')) this.take(this.offers[this.chosen]);
    else if (key === 'Enter' && !event.ctrlKey && !event.metaKey) this.commit();
    else if (this.input.value === '' && this.chips.length && key === 'Backspace') this.edit();
    else if (this.input.value === '' && this.chips.length && key === 'ArrowLeft') this.list.lastChild.querySelector('button').focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(step) {
    this.chosen = (this.chosen + step + this.offers.length) % this.offers.length;
    this.drawOffers();
  }

  /** The last chip as text again. */
  edit() {
    const last = this.chips.pop();
    this.input.value = writeAddress(last);
    this.draw();
    this.changed();
  }
}
