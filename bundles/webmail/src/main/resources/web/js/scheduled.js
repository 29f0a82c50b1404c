// What is read of mail that waits to be sent: that it does, and the way to what can be done about it.
import { h, icon } from './dom.js';
import { t } from './texts.js';

/** A line above such a mail; null above others. */
export function scheduledNote({ client, store }, email) {
  const waiting = store.mailboxByRole('scheduled')?.id;
  if (!waiting || !email.mailboxIds[waiting]) return null;
  const show = async () => (await import('./compose-scheduled.js')).openScheduled({ client, store });
  return h(
    'p',
    { class: 'snooze-note', data: { testid: 'scheduled-note' } },
    icon('scheduled'),
    h('span', {}, t('compose.waits')),
    h('button', { type: 'button', class: 'button quiet', on: { click: show } }, t('compose.showScheduled')),
  );
}
