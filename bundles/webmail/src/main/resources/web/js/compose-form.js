import { Attachments } from './compose-attachments.js';
import { button } from './compose-dom.js';
import { Editor } from './compose-editor.js';
import { Recipients } from './compose-recipients.js';
import { askWhen } from './compose-when.js';
import { h, iconButton } from './dom.js';
import { keyText } from './keys.js';
import { t } from './texts.js';

/** The window with its fields. What it is for is told by the functions it is made with; it knows no server. */
export class ComposeForm {
  constructor(wiring) {
    this.wiring = wiring;
    const { changed, suggest } = wiring;
    this.fields = Object.fromEntries(['to', 'cc', 'bcc'].map((name) => [name, new Recipients(name, { suggest, changed })]));
    this.attachments = new Attachments({ client: wiring.client, changed: () => this.attached() });
    this.editor = new Editor({ changed, pictures: (file) => this.attachments.addPicture(file), files: (files) => this.attachments.add(files) });
    this.build();
  }

  build() {
    this.title = h('h2', { id: 'compose-title' }, t('compose.new'));
    this.state = h('span', { class: 'faint state', role: 'status', 'data-testid': 'compose-state' });
    this.subject = h('input', { id: 'compose-subject', type: 'text', 'data-testid': 'compose-subject', autocomplete: 'off' });
    this.subjectError = h('p', { class: 'field-error', role: 'alert' });
    this.hint = h('div', { class: 'hint', role: 'alert', 'data-testid': 'compose-hint' });
    this.element = h('section', { class: 'compose-window', role: 'dialog', 'aria-labelledby': 'compose-title', 'data-testid': 'compose-window' },
      h('header', { class: 'compose-head' }, this.title, this.state, iconButton('close', t('compose.close'), () => this.wiring.close(), { 'data-testid': 'compose-close' })),
      h('div', { class: 'compose-fields' }, this.from(), this.fields.to.element, this.fields.cc.element, this.fields.bcc.element, this.subjectRow()),
      this.editor.element,
      this.attachments.element,
      this.hint,
      this.foot());
    this.fields.to.element.append(this.more());
    this.fields.cc.element.hidden = true;
    this.fields.bcc.element.hidden = true;
    this.subject.addEventListener('input', () => this.wiring.changed());
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.hearDrops();
  }

  /** Whose address it goes from; there is nothing to choose where there is one. */
  from() {
    const { identities, identity } = this.wiring;
    const name = (one) => (one.name ? `${one.name} <${one.email}>` : one.email);
    this.sender = h('select', { id: 'compose-from', 'data-testid': 'compose-from' }, identities.map((one) => h('option', { value: one.email, selected: one === identity }, name(one))));
    this.fromError = h('p', { class: 'field-error', role: 'alert' });
    this.sender.addEventListener('change', () => {
      this.wiring.identified(identities[this.sender.selectedIndex]);
      this.wiring.changed();
    });
    return h('div', { class: 'field-row', hidden: identities.length < 2 }, h('label', { for: 'compose-from' }, t('compose.from')), this.sender, this.fromError);
  }

  more() {
    this.moreFields = h('div', { class: 'more-fields' }, ['cc', 'bcc'].map((name) => button(t(`compose.${name}`), () => this.reveal(name, true), { 'data-testid': `show-${name}`, class: 'text-button' })));
    return this.moreFields;
  }

  reveal(name, isFocused = false) {
    const { element, input } = this.fields[name];
    element.hidden = false;
    this.moreFields.querySelector(`[data-testid=show-${name}]`).hidden = true;
    if (isFocused) input.focus();
  }

  subjectRow() {
    return h('div', { class: 'field-row' }, h('label', { for: 'compose-subject' }, t('compose.subject')), this.subject, this.subjectError);
  }

  foot() {
    const { canSend, maxDelayedSend } = this.wiring;
    this.sendButton = button(canSend ? t('compose.send') : t('compose.cannotSend'), () => this.wiring.send(null), { class: 'button primary', 'data-testid': 'send', disabled: !canSend, title: canSend ? `${t('compose.send')} (${keyText('Ctrl+Enter')})` : '' });
    this.laterButton = iconButton('scheduled', t('compose.later'), () => this.later(), { 'data-testid': 'send-later', hidden: !maxDelayedSend });
    this.files = this.picker('*/*', 'compose-file', (files) => this.attachments.add(files));
    this.pictures = this.picker('image/png,image/jpeg,image/gif,image/webp', 'compose-picture-file', (files) => this.editor.take(files));
    this.pictureButton = iconButton('picture', t('compose.picture'), () => this.pictures.click(), { 'data-testid': 'compose-picture' });
    this.plainSwitch = h('input', { type: 'checkbox', id: 'compose-plain-switch', 'data-testid': 'plain-switch', on: { change: () => this.setPlain(this.plainSwitch.checked) } });
    return h('footer', { class: 'compose-foot' }, this.sendButton, this.laterButton,
      iconButton('clip', t('compose.attach'), () => this.files.click(), { 'data-testid': 'compose-attach' }), this.files, this.pictureButton, this.pictures,
      h('label', { class: 'check', for: 'compose-plain-switch' }, this.plainSwitch, t('compose.plainText')),
      h('span', { class: 'space' }),
      iconButton('trash', t('compose.discard'), () => this.wiring.discard(), { 'data-testid': 'compose-discard' }));
  }

  picker(accept, testid, take) {
    const input = h('input', { type: 'file', multiple: true, accept, hidden: true, 'data-testid': testid, 'aria-label': t('compose.attach') });
    input.addEventListener('change', () => {
      take([...input.files]);
      input.value = '';
    });
    return input;
  }

  async later() {
    const at = await askWhen(this.wiring.maxDelayedSend);
    if (at) this.wiring.send(at);
  }

  setPlain(isPlain) {
    this.editor.setPlain(isPlain);
    this.pictureButton.hidden = isPlain;
    this.plainSwitch.checked = isPlain;
  }

  /** No key of it is one of the page behind it. */
  key(event) {
    if (event.key === 'Escape') this.wiring.close();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && this.wiring.canSend) this.wiring.send(null);
    event.stopPropagation();
  }

  hearDrops() {
    const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
    let depth = 0;
    const mark = (step) => {
      depth = step === 0 ? 0 : Math.max(0, depth + step);
      this.element.classList.toggle('dropping', depth > 0);
    };
    this.element.addEventListener('dragenter', (event) => hasFiles(event) && mark(1));
    this.element.addEventListener('dragleave', (event) => hasFiles(event) && mark(-1));
    this.element.addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault());
    this.element.addEventListener('drop', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      mark(0);
      const files = [...event.dataTransfer.files];
      if (this.editor.area.contains(event.target)) this.editor.take(files);
      else this.attachments.add(files);
    });
  }

  fill(source) {
    for (const [name, field] of Object.entries(this.fields)) field.addresses = source[name];
    for (const name of ['cc', 'bcc']) if (source[name].length) this.reveal(name);
    this.subject.value = source.subject;
    if (source.subject) this.title.textContent = source.subject;
    this.editor.begin(source);
    this.plainSwitch.checked = source.isPlain;
    this.pictureButton.hidden = source.isPlain;
  }

  recipients() {
    return Object.fromEntries(Object.entries(this.fields).map(([name, field]) => [name, field.addresses]));
  }

  /** @param isAddressed whether the text is what is missing now */
  show(isAddressed) {
    this.before = document.activeElement;
    // Within the page, where a window of the browser's own would make all behind it dead.
    document.getElementById('app').append(this.element);
    if (isAddressed) this.editor.focus();
    else this.fields.to.input.focus();
  }

  attached() {
    this.wiring.changed();
    this.tellState(this.attachments.isUploading ? 'uploading' : '');
  }

  /** @param state of the draft: a word, or the SetError with which the server refuses it */
  tellState(state) {
    if (typeof state === 'string') {
      this.state.textContent = state ? t(`compose.state.${state}`) : '';
      return;
    }
    this.state.textContent = t('compose.state.refused');
    const why = state.description ?? state.type;
    const property = state.properties?.[0]?.split(/[/:]/)[0];
    if (property in this.fields) this.fields[property].tell(why);
    else if (property === 'subject') this.subjectError.textContent = why;
    else if (property === 'from') this.tellFrom(why);
    else if (['tooLarge', 'blobNotFound'].includes(state.type) || property === 'attachments') this.attachments.tell(why);
    else this.tell(t('compose.draftRefused', { why }));
  }

  tellFrom(text) {
    this.fromError.textContent = text;
    this.fromError.parentNode.hidden = false;
  }

  refuseRecipients(emails, why) {
    const isOne = (address) => emails.some((email) => email.toLowerCase() === address.email.toLowerCase());
    for (const field of Object.values(this.fields)) if (field.addresses.some(isOne)) field.refuse(emails, why);
  }

  /** Says something about the whole mail. */
  tell(text) {
    this.hint.replaceChildren(h('span', {}, text));
    this.hint.classList.add('fault');
  }

  /** Asks about the whole mail. */
  ask(text, label, action) {
    this.hint.classList.remove('fault');
    const sure = button(label, action, { class: 'button', 'data-testid': 'send-anyway' });
    this.hint.replaceChildren(h('span', {}, text), sure, button(t('compose.writeOn'), () => this.forgive(), { class: 'text-button' }));
    sure.focus();
  }

  /** Takes away what was said. */
  forgive() {
    this.hint.replaceChildren();
    for (const error of [this.subjectError, this.fromError]) error.textContent = '';
    this.attachments.tell('');
  }

  /** @param isUploading whether the files are waited for, which can be taken away meanwhile */
  setBusy(isBusy, isUploading = false) {
    for (const part of this.element.children) part.inert = isBusy && !(isUploading && part === this.attachments.element);
    this.element.setAttribute('aria-busy', String(isBusy));
    this.sendButton.textContent = isBusy ? t('compose.sending') : t('compose.send');
  }

  close() {
    this.editor.close();
    this.attachments.close();
    this.element.remove();
    if (this.before?.isConnected) this.before.focus();
  }
}
