// The start: who is it, then the mail.
import { Client } from './jmap.js';
import { login, trouble } from './login.js';
import { openShell } from './shell.js';
import { Store } from './store.js';

const app = document.getElementById('app');

async function client() {
  for (;;) {
    try {
      return (await Client.restore()) ?? (await login(app));
    } catch (error) {
      await trouble(app, error);
    }
  }
}

async function start() {
  const user = await client();
  // A page that was left is no place for what belongs to somebody: it begins anew.
  user.onGone(() => location.reload());
  app.replaceChildren();
  openShell({ app, client: user, store: new Store() });
}

start();
