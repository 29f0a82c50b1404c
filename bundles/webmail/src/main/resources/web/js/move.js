// Where to? A mailbox is found by a few letters of its name; what may not leave where it is, or shall not, is copied.
import { dialog } from './dialog.js';
import { h, icon } from './dom.js';
import { inOrder, mailboxName } from './mailboxes.js';
import { refusing } from './shared.js';
import { t } from './texts.js';

/** The names from the top down, in the words of the page. */
function names(store, mailbox) {
  const above = store.get('mailboxes').get(mailbox.parentId);
  return [...(above ? names(store, above) : []), mailboxName(mailbox)];
}

/** One's own in their order, behind them those of others; what is in another one stands below that. */
function places(store, except) {
  const all = [...store.get('mailboxes').values()];
  const below = (parentId) => inOrder(all.filter((mailbox) => mailbox.parentId === parentId)).flatMap((mailbox) => [mailbox, ...below(mailbox.id)]);
  const takes = below(null).filter((mailbox) => mailbox.id !== except && mailbox.role !== 'drafts' && mailbox.myRights.mayAddItems);
  return takes.map((mailbox) => ({ id: mailbox.id, role: mailbox.role, name: names(store, mailbox).join(' / '), owner: mailbox.owner ?? '' })).sort((a, b) => a.owner.localeCompare(b.owner));
}

/** @param emails what is to go there @param except the id of a mailbox that is not offered @returns a promise of `{ id, copy }`, the id of a mailbox and whether what is put there stays where it is as well, or null */
export function chooseMailbox(store, emails, except) {
  const all = places(store, except);
  const mayLeave = !refusing('leave', emails, store);
  const body = (done) => {
    const copy = h('input', { type: 'checkbox', checked: !mayLeave, disabled: !mayLeave, data: { testid: 'move-copy' } });
    const close = (id) => done({ id, copy: copy.checked });
    const input = h('input', { type: 'search', class: 'field', role: 'combobox', autocomplete: 'off', placeholder: t('move.find'), aria: { label: t('move.find'), expanded: 'true', controls: 'move-list', autocomplete: 'list' } });
    const list = h('ul', { class: 'move-list', id: 'move-list', role: 'listbox', aria: { label: t('mailboxes') } });
    let at = 0;
    let shown = [];
    const draw = () => {
      const words = input.value.toLowerCase().split(/\s+/);
      shown = all.filter(({ name, owner }) => words.every((word) => `${owner} ${name}`.toLowerCase().includes(word)));
      at = Math.max(0, Math.min(at, shown.length - 1));
      list.replaceChildren(...shown.map((mailbox, i) =>
        h('li', { id: `move-${i}`, role: 'option', aria: { selected: String(i === at) }, on: { click: () => close(mailbox.id) } }, icon(mailbox.role ?? 'folder'), h('span', { class: 'move-name' }, mailbox.name), mailbox.owner && h('span', { class: 'move-owner' }, mailbox.owner))));
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
    return [input, list, h('label', { class: 'check move-copy' }, copy, t('move.copy'))];
  };
  return dialog({ title: t(mayLeave ? 'move' : 'copy'), body, buttons: [] });
}
