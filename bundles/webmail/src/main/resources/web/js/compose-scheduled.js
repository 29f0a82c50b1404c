import { button } from './compose-dom.js';
import { scheduled } from './compose-send.js';
import { sendNow, takeBack } from './compose-sending.js';
import { dialog } from './dialog.js';
import { h } from './dom.js';
import { locale, t } from './texts.js';
import { toast } from './toast.js';

const SCHEDULED = 'urn:posthorn:scheduled';

/** Where mail waits that goes later, made where there is none; undefined where the server does not move it from there to Sent when it goes. */
export async function waitingMailbox(client, store) {
  if (!client.capability(SCHEDULED)) return undefined;
  const there = store.mailboxByRole('scheduled');
  if (there) return there.id;
  const { set } = await client.call([['Mailbox/set', { create: { it: { name: t('compose.scheduled'), parentId: null, role: 'scheduled', isSubscribed: true } } }, 'set']]);
  return set.created?.it?.id;
}

/** Shows the mail that waits for its time; each can be taken back, and is a draft again. */
export async function openScheduled({ client, store }) {
  try {
    const list = await scheduled(client);
    const body = (close) => (list.length ? h('ul', { class: 'scheduled', data: { testid: 'scheduled-list' } }, list.map((one) => row({ client, store }, one, close))) : h('p', {}, t('compose.nothingScheduled')));
    await dialog({ title: t('compose.scheduled'), body, buttons: [], class: 'scheduled-dialog' });
  } catch (fault) {
    toast(t('compose.notListed', { why: fault.message }), { error: true });
  }
}

function row({ client, store }, one, close) {
  const who = [...(one.to ?? []), ...(one.cc ?? []), ...(one.bcc ?? [])].map((a) => a.name || a.email).join(', ');
  const when = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(one.sendAt));
  const does = (action) => () => {
    close(null);
    return action({ client, store }, one);
  };
  return h('li', {}, h('div', {}, h('strong', {}, one.subject || t('compose.withoutSubject')), h('span', { class: 'faint' }, `${who} · ${when}`)),
    h('div', { class: 'scheduled-tools' }, button(t('compose.sendNow'), does(sendNow), { class: 'button', 'data-testid': 'scheduled-send' }), button(t('compose.takeBack'), does(takeBack), { class: 'button', 'data-testid': 'scheduled-cancel' })));
}
