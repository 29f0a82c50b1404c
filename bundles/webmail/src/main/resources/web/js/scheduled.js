// Mail that waits to be sent: when it goes, and the ways to send it now or to keep it here.
import { button } from './compose-dom.js';
import { scheduled } from './compose-send.js';
import { h, icon } from './dom.js';
import { longDate } from './format.js';
import { soon } from './snooze.js';
import { t } from './texts.js';
import { toast } from './toast.js';

/** Has the store know when each mail in Scheduled goes, as long as that is shown: `sendTimes`, a Map by the ids of Emails. */
export function watchSendTimes(client, store) {
  const ask = async () => {
    if (store.mailbox()?.role !== 'scheduled' || store.account()) return;
    // The next sign of a change asks again.
    const list = await scheduled(client).catch(() => null);
    if (!list) return;
    store.set('sendTimes', new Map(list.map(({ emailId, sendAt }) => [emailId, sendAt])));
    store.emit('emails');
  };
  for (const sign of ['mailboxId', 'submissions', 'scheduled']) store.on(sign, ask);
}

/** Shows in a row when it goes. @param sendAt undefined for what does not wait @returns whether it did */
export function showSendTime(date, sendAt) {
  if (!sendAt) return false;
  date.replaceChildren(icon('scheduled'), soon(new Date(sendAt)));
  date.dateTime = sendAt;
  date.title = t('compose.willGo', { when: longDate(sendAt) });
  return true;
}

/** A line above such a mail; null above others. */
export function scheduledNote({ client, store }, email) {
  const waiting = store.mailboxByRole('scheduled')?.id;
  if (!waiting || !email.mailboxIds[waiting]) return null;
  const words = h('span', {}, t('compose.waits'));
  const note = h('p', { class: 'snooze-note', data: { testid: 'scheduled-note' } }, icon('scheduled'), words);
  tellTime({ client, store, note, words }, email.id);
  return note;
}

/** What the server cannot tell now is left out: in Scheduled it can be deleted or moved all the same. */
async function tellTime({ client, store, note, words }, emailId) {
  const [one] = await scheduled(client, { emailIds: [emailId] }).catch(() => []);
  if (!one) return;
  words.textContent = t('compose.waitsUntil', { when: longDate(one.sendAt) });
  // One at a time: whoever presses twice sends once.
  const does = (name) => async () => {
    note.inert = true;
    try {
      const { [name]: action } = await import('./compose-sending.js');
      if (await action({ client, store }, one)) store.emit('removed', [emailId]);
    } catch (fault) {
      toast(t('error.notDone', { why: fault.message }), { error: true });
    } finally {
      note.inert = false;
    }
  };
  note.append(
    button(t('compose.sendNow'), does('sendNow'), { class: 'button', 'data-testid': 'scheduled-now' }),
    button(t('compose.takeBack'), does('takeBack'), { class: 'button', 'data-testid': 'scheduled-keep' }));
}
