// Where to? A mailbox is found by a few letters of its name.
import { dialog } from './dialog.js';
import { h, icon } from './dom.js';
import { inOrder } from './mailboxes.js';
import { takes } from './shared.js';
import { t } from './texts.js';

/** @returns a promise of the id of a mailbox, or null */
export function chooseMailbox(store, except) {
  const all = inOrder([...store.get('mailboxes').values()]).filter((mailbox) => mailbox.id !== except && mailbox.role !== 'drafts' && takes(mailbox, store));
  const body = (close) => {
    const input = h('input', { type: 'search', class: 'field', role: 'combobox', autocomplete: 'off', aria: { label: t('move.find'), expanded: 'true', controls: 'move-list', autocomplete: 'list' } });
    const list = h('ul', { class: 'move-list', id: 'move-list', role: 'listbox', aria: { label: t('mailboxes') } });
    let at = 0;
    let shown = [];
    const draw = () => {
      const words = input.value.toLowerCase();
      shown = all.filter((mailbox) => store.mailboxPath(mailbox.id).join('/').toLowerCase().includes(words));
      at = Math.max(0, Math.min(at, shown.length - 1));
      list.replaceChildren(...shown.map((mailbox, i) =>
        h('li', { id: `move-${i}`, role: 'option', aria: { selected: String(i === at) }, on: { click: () => close(mailbox.id) } }, icon(mailbox.role ?? 'folder'), store.mailboxPath(mailbox.id).join(' / '))));
      if (shown.length > 0) input.setAttribute('aria-activedescendant', `move-${at}`);
      else input.removeAttribute('aria-activedescendant');
      list.children[at]?.scrollIntoView({ block: 'nearest' });
    };
    input.addEventListener('input', () => { at = 0; draw(); });
    input.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        at = Math.max(0, Math.min(shown.length - 1, at + step));
        draw();
      } else if (event.key === 'Enter') {
        if (shown[at]) close(shown[at].id);
      } else return;
      event.preventDefault();
    });
    draw();
    return [input, list];
  };
  return dialog({ title: t('move'), body, buttons: [] });
}
