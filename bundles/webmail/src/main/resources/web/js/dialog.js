// A window in front of the page: the browser's own dialog, which keeps the focus inside and gives it back.
import { h, icon } from './dom.js';
import { t } from './texts.js';

let count = 0;

/**
 * Shows a window. `buttons` are `{ label, value, primary, danger }`, the last one first in mind; Escape and the cross answer null.
 * @returns a promise of the value of the button that was pressed; `element.close(value)` of a part of `body` answers as well
 */
export function dialog({ title, body, buttons, class: style = '' }) {
  return new Promise((resolve) => {
    const id = `dialog-${++count}`;
    let answer = null;
    const close = (value) => {
      answer = value;
      element.close();
    };
    const element = h(
      'dialog',
      { class: `dialog ${style}`, aria: { labelledby: id }, on: { close: () => { element.remove(); resolve(answer); } } },
      h('form', { on: { submit: (event) => { event.preventDefault(); const first = buttons.find((b) => b.primary); if (first) close(first.value ?? true); } } },
        h('header', {}, h('h2', { id }, title), h('button', { type: 'button', class: 'icon-button', aria: { label: t('close') }, on: { click: () => element.close() } }, icon('close'))),
        h('div', { class: 'dialog-body', tabindex: 0, role: 'group', aria: { labelledby: id } }, typeof body === 'function' ? body(close) : body),
        buttons.length > 0 && h('footer', {}, buttons.map((b) =>
          h('button', { type: b.primary ? 'submit' : 'button', class: b.danger ? 'button danger' : b.primary ? 'button primary' : 'button', on: b.primary ? {} : { click: () => close(b.value ?? null) } }, b.label)))),
    );
    element.addEventListener('click', (event) => event.target === element && element.close());
    document.body.append(element);
    element.showModal();
    const first = element.querySelector('[autofocus], input, .dialog-body button, .primary');
    first?.focus();
  });
}

/** @returns whether it is to be done */
export async function confirm(title, text, label) {
  return (await dialog({ title, body: h('p', {}, text), buttons: [{ label: t('cancel'), value: false }, { label, value: true, primary: true, danger: true }] })) === true;
}

/** Asks for one line. @returns it, or null */
export async function ask(title, label, value = '', button = t('ok')) {
  const input = h('input', { type: 'text', class: 'field', value, id: 'ask-line', required: true, autocomplete: 'off' });
  const answer = await dialog({ title, body: [h('label', { for: 'ask-line' }, label), input], buttons: [{ label: t('cancel') }, { label: button, value: true, primary: true }] });
  return answer ? input.value.trim() || null : null;
}
