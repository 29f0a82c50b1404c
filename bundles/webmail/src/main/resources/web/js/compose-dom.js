import { h } from './dom.js';

/** A button that does something. */
export function button(label, action, props = {}) {
  return h('button', { type: 'button', ...props, on: { click: action } }, label);
}

/** A field with its label above it. */
export function labelled(label, field) {
  return h('label', { class: 'labelled' }, h('span', {}, label), field);
}
