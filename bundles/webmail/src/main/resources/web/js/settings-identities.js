import { button } from './compose-dom.js';
import { nodesOf } from './compose-text.js';
import { identities, submission } from './compose-send.js';
import { h } from './dom.js';
import { t } from './texts.js';

/** Name and signature of each address that mail is sent from, RFC 8621 6. */
export function identitySection(client) {
  const list = h('div', {}, t('settings.noIdentities'));
  if (submission(client)) {
    identities(client).then(
      (all) => list.replaceChildren(...all.map((one) => form(client, one))),
      (fault) => list.replaceChildren(t('settings.failed', { why: fault.message })));
  }
  return h('section', { data: { testid: 'settings-identities' } }, h('h3', {}, t('settings.identities')), list);
}

function form(client, identity) {
  const id = `identity-${identity.id}`;
  const name = h('input', { id: `${id}-name`, type: 'text', class: 'field', value: identity.name ?? '', data: { testid: 'identity-name' } });
  const signature = h('textarea', { id: `${id}-signature`, class: 'field', rows: 3, value: identity.textSignature ?? '', data: { testid: 'identity-signature' } });
  const told = h('span', { class: 'told', role: 'status' });
  const save = async () => {
    try {
      const refused = await update(client, identity, name.value.trim(), signature.value.trimEnd());
      told.textContent = refused ? t('settings.notSaved', { why: refused.description ?? refused.type }) : t('settings.saved');
    } catch (fault) {
      told.textContent = t('settings.notSaved', { why: fault.message });
    }
  };
  return h('fieldset', {}, h('legend', {}, identity.email),
    h('div', { class: 'field-row' }, h('label', { for: name.id }, t('settings.name')), name),
    h('div', { class: 'field-row' }, h('label', { for: signature.id }, t('settings.signature')), signature),
    h('div', { class: 'save-row' }, button(t('settings.save'), save, { class: 'button', 'data-testid': 'identity-save' }), told));
}

/** The signature in HTML says the same. @return the SetError, if it is refused */
async function update(client, identity, name, textSignature) {
  const holder = h('div', {});
  holder.append(nodesOf(`-- \n${textSignature}`));
  const patch = { name, textSignature, htmlSignature: textSignature ? holder.innerHTML : '' };
  const { accountId } = submission(client);
  const { set } = await client.call([['Identity/set', { accountId, update: { [identity.id]: patch } }, 'set']]);
  return set.notUpdated?.[identity.id];
}
