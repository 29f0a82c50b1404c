import { setTheme, theme } from './appearance.js';
import { accessSections } from './settings-access.js';
import { identitySection } from './settings-identities.js';
import { openScheduled } from './compose-scheduled.js';
import { dialog } from './dialog.js';
import { h } from './dom.js';
import { chooseLanguage, chosenLanguage, languages, t } from './texts.js';

/** Shows the settings, each of which takes effect at once. */
export function openSettings({ client, store }) {
  const body = [
    look(),
    identitySection(client),
    h('section', {}, h('h3', {}, t('compose.scheduled')), h('button', { type: 'button', class: 'button', on: { click: () => openScheduled({ client, store }) } }, t('compose.showScheduled'))),
    ...accessSections(client),
  ];
  return dialog({ title: t('settings'), body: h('div', { class: 'settings', data: { testid: 'settings-window' } }, body), buttons: [], class: 'settings-dialog' });
}

function look() {
  return h('section', {}, h('h3', {}, t('settings.look')),
    choice('settings-theme', t('settings.theme'), ['system', 'light', 'dark'].map((one) => [one, t(`settings.theme.${one}`)]), theme(), setTheme),
    choice('settings-language', t('settings.language'), [['', t('settings.language.auto')], ...languages], chosenLanguage(), chooseLanguage));
}

function choice(id, label, options, value, choose) {
  const select = h('select', { id, class: 'field', data: { testid: id } }, options.map(([one, text]) => h('option', { value: one, selected: one === value }, text)));
  select.addEventListener('change', () => choose(select.value));
  return h('div', { class: 'field-row' }, h('label', { for: id }, label), select);
}
