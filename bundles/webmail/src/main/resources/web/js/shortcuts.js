// The keys of list and reading; those of writing are registered where mail is written.
import { help, register, typing } from './keys.js';
import { mailboxHash } from './router.js';
import { undoLatest } from './toast.js';
import { t } from './texts.js';

/** @param shell whose parts they move */
export function registerKeys(shell) {
  const { list, conversation } = shell;
  const key = (group) => (keys, label, run, when) => register({ keys, group: t(`keys.${group}`), label: t(label), run, when });
  moving(key('moving'), shell, list, conversation);
  doing(key('doing'), shell, list, conversation);
  going(key('going'), shell);
}

function moving(key, shell, list, conversation) {
  const free = () => !document.activeElement?.closest('.side, .head');
  key(['j'], 'keys.next', () => shell.step(1));
  key(['k'], 'keys.previous', () => shell.step(-1));
  key('ArrowDown', 'keys.cursorDown', () => list.step(1), () => inList());
  key('ArrowUp', 'keys.cursorUp', () => list.step(-1), () => inList());
  key('PageDown', 'keys.pageDown', () => list.step(8), () => inList());
  key('PageUp', 'keys.pageUp', () => list.step(-8), () => inList());
  key('Home', 'keys.first', () => list.step(-1e9), () => inList());
  key('End', 'keys.last', () => list.step(1e9), () => inList());
  key(['Enter', 'o'], 'keys.open', () => list.openCursor(), (event) => free() && (event.key === 'o' || inList()));
  key(['u', 'Escape'], 'keys.back', () => (list.hasSelection ? list.clearSelection() : shell.back()), () => list.hasSelection || Boolean(conversation.id));
}

function inList() {
  const at = document.activeElement;
  return Boolean(at?.closest('.rows')) && !at.closest('button');
}

function doing(key, shell, list, conversation) {
  key(['x', 'Space'], 'keys.select', () => list.toggle(), (event) => event.key === 'x' || inList());
  key('Shift+ArrowDown', 'keys.selectDown', () => list.step(1, true), () => inList());
  key('Shift+ArrowUp', 'keys.selectUp', () => list.step(-1, true), () => inList());
  key(['* a', 'Ctrl+a'], 'select.all', () => list.selectAll(), (event) => !event.ctrlKey || inList() || document.activeElement === document.body);
  key('* n', 'select.none', () => list.clearSelection());
  key('e', 'archive', () => list.act('archive'));
  key(['#', 'Delete'], 'delete', () => list.act('delete'));
  key('!', 'junk', () => list.act('junk'));
  key('v', 'move', () => list.act('move'));
  if (shell.canSnooze) key('b', 'snooze', () => list.act('snooze'));
  key('s', 'star', () => list.act('star'));
  key('Shift+I', 'markRead', () => list.act('markRead'));
  key('Shift+U', 'markUnread', () => list.act('markUnread'));
  key(['z', 'Ctrl+z'], 'undo', undoLatest, (event) => !typing(event.target));
  const reading = () => Boolean(conversation.email);
  const compose = (options) => () => shell.compose({ accountId: shell.reader.accountId, ...options(conversation.email) });
  key('r', 'reply', compose((replyTo) => ({ replyTo })), reading);
  key('a', 'replyAll', compose((replyTo) => ({ replyTo, all: true })), reading);
  key('f', 'forward', compose((forward) => ({ forward })), reading);
}

function going(key, shell) {
  const role = (name) => () => {
    const mailbox = shell.mailboxOf(name);
    if (mailbox) location.hash = mailboxHash(mailbox);
  };
  key('c', 'compose', () => shell.compose());
  key('/', 'search', () => shell.search.select());
  key('g i', 'role.inbox', () => (location.hash = '#/INBOX'));
  if (shell.canSnooze) key('g b', 'role.snoozed', role('snoozed'));
  key('g d', 'role.drafts', role('drafts'));
  key('g t', 'role.sent', role('sent'));
  key('g a', 'role.archive', role('archive'));
  key('?', 'keys.help', help);
}
