// The first page: name and password.
import { h, icon } from './dom.js';
import { Client } from './jmap.js';
import { t } from './texts.js';

function reason(error) {
  if (error.status === 401) return t('login.wrong');
  if (error.status === 429) return t('login.later');
  if (error.status === 403) return t('login.clear');
  if (error.status === 0) return t('error.connection');
  return t('error.server', { why: error.message || error.status });
}

function field(id, label, props) {
  return h('div', { class: 'login-field' }, h('label', { for: id }, label), h('input', { id, class: 'field', required: true, ...props }));
}

/** Shows the page until somebody is logged in. @returns a promise of his Client */
export function login(app) {
  return new Promise((resolve) => {
    const user = field('login-user', t('login.user'), { type: 'text', inputMode: 'email', autocomplete: 'username', autocapitalize: 'none', spellcheck: false, data: { testid: 'login-user' } });
    const password = field('login-password', t('login.password'), { type: 'password', autocomplete: 'current-password', data: { testid: 'login-password' } });
    const stay = h('input', { id: 'login-stay', type: 'checkbox' });
    const fault = h('p', { class: 'login-fault', role: 'alert' });
    const submit = h('button', { type: 'submit', class: 'button primary wide', data: { testid: 'login-submit' } }, t('login.submit'));

    async function attempt(event) {
      event.preventDefault();
      fault.textContent = '';
      submit.disabled = true;
      try {
        resolve(await Client.login(user.lastChild.value.trim(), password.lastChild.value, { stay: stay.checked }));
      } catch (error) {
        fault.textContent = reason(error);
        submit.disabled = false;
        password.lastChild.select();
      }
    }

    app.replaceChildren(
      h('main', { class: 'login' },
        h('form', { class: 'login-card', on: { submit: attempt } },
          h('img', { class: 'login-logo', src: new URL('../img/posthorn.svg', import.meta.url).href, alt: '' }),
          h('h1', {}, t('login.title')),
          user,
          password,
          h('label', { class: 'check', for: 'login-stay' }, stay, t('login.stay')),
          fault,
          submit)));
    user.lastChild.focus();
  });
}

/** Says that the server cannot be reached. @returns a promise of somebody asking again */
export function trouble(app, error) {
  return new Promise((resolve) => {
    app.replaceChildren(
      h('main', { class: 'login' },
        h('div', { class: 'login-card', role: 'alert' }, icon('out'), h('p', {}, reason(error)),
          h('button', { type: 'button', class: 'button primary wide', on: { click: resolve } }, t('retry')))));
  });
}
