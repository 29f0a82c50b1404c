// A short menu at a button.
import { h } from './dom.js';

/** @param items `{ label, run, danger }` */
export function openMenu(anchor, items) {
  const close = () => {
    menu.remove();
    removeEventListener('pointerdown', outside, true);
    anchor.setAttribute('aria-expanded', 'false');
  };
  const outside = (event) => menu.contains(event.target) || close();
  const menu = h('div', { class: 'menu-box', role: 'menu' }, items.map((item) =>
    h('button', { type: 'button', role: 'menuitem', tabindex: -1, class: item.danger ? 'danger' : '', on: { click: () => { close(); anchor.focus(); item.run(); } } }, item.label)));
  menu.addEventListener('keydown', (event) => {
    const at = [...menu.children].indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) menu.children[(at + step + items.length) % items.length].focus();
    else if (event.key === 'Home') menu.firstChild.focus();
    else if (event.key === 'End') menu.lastChild.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') {
      close();
      anchor.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.body.append(menu);
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  menu.style.top = `${at.bottom + height + 8 > innerHeight ? at.top - height - 4 : at.bottom + 4}px`;
  anchor.setAttribute('aria-haspopup', 'menu');
  anchor.setAttribute('aria-expanded', 'true');
  menu.firstChild.focus();
  addEventListener('pointerdown', outside, true);
}
