// All that others share with the user, and which of it stands in his list: RFC 9670 1.4.
import { dialog } from './dialog.js';
import { h } from './dom.js';
import { mailboxesOf, subscribe } from './shared.js';
import { t } from './texts.js';

/** Shows it; what is chosen is so at once at the server. */
export async function openSubscriptions({ client, store }) {
  const body = h('div', { class: 'subscriptions' }, h('p', { role: 'status' }, t('loading')));
  const closed = dialog({ title: t('subscriptions'), class: 'share', body, buttons: [] });
  try {
    body.replaceChildren(...lists(client, await found(client)));
  } catch (error) {
    body.replaceChildren(h('p', { role: 'alert' }, t('error.notDone', { why: error.message })));
  }
  await closed;
  await store.get('sync').run();
}

/** The mailboxes of all who share something, whether they are in the session or not. */
async function found(client) {
  const { people } = await client.call([['Principal/get', { ids: null, properties: ['accounts'] }, 'people']]);
  const accounts = people.list.flatMap((one) => Object.entries(one.accounts ?? {}));
  return mailboxesOf(client, accounts.filter(([id]) => id !== client.accountId));
}

function lists(client, mailboxes) {
  if (mailboxes.length === 0) return [h('p', {}, t('subscriptions.none'))];
  const note = h('p', { class: 'share-note', role: 'status' });
  const owners = [...new Set(mailboxes.map((mailbox) => mailbox.accountId))];
  return [
    h('p', {}, t('subscriptions.hint')),
    ...owners.flatMap((id) => {
      const theirs = mailboxes.filter((mailbox) => mailbox.accountId === id);
      return [h('h3', {}, theirs[0].owner), h('ul', { class: 'share-list' }, theirs.map((mailbox) => line(client, mailbox, path(theirs, mailbox), note)))];
    }),
    note,
  ];
}

function path(all, mailbox) {
  const parent = all.find((other) => other.id === mailbox.parentId);
  return parent ? `${path(all, parent)} / ${mailbox.name}` : mailbox.name;
}

function line(client, mailbox, name, note) {
  const box = h('input', { type: 'checkbox', checked: mailbox.isSubscribed, data: { testid: 'subscription' } });
  box.addEventListener('change', async () => {
    try {
      await subscribe(client, mailbox.accountId, [mailbox.id], box.checked);
      note.textContent = t(box.checked ? 'subscriptions.added' : 'subscriptions.removed', { name });
    } catch (error) {
      box.checked = !box.checked;
      note.textContent = t('error.notDone', { why: error.message });
    }
  });
  return h('li', {}, h('label', { class: 'share-name' }, box, name));
}
