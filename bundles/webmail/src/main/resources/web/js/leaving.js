// Before somebody logs out: what is written goes to the server, out of every page of this browser, and nothing of it is left behind for whoever logs in next.
import { confirm } from './dialog.js';
import { t } from './texts.js';

/** Before the Message-ID: where this browser keeps what the server does not have yet. */
export const KEPT = 'posthorn.unsaved.';

const CHANNEL = 'posthorn.leaving';

/** So long other pages have to say that somebody writes there, and to have it saved, in milliseconds. */
const ANSWER = 300;
const SAVED = 15_000;

let letter = null;
let channel = null;

/** @param one the letter that is open in this page: `accountId`, `putAway` (a promise of whether the server has it), `abandon`; null when none is */
export function writing(one) {
  letter = one;
  channel?.close();
  channel = one && new BroadcastChannel(CHANNEL);
  channel?.addEventListener('message', ({ data }) => {
    if (data.leaves === one.accountId) answer(one, data.id);
    if (data.abandons === one.accountId) one.abandon();
  });
}

/** Another page wants to log out. */
async function answer(one, id) {
  // It may be closed with the letter that it is about.
  const back = new BroadcastChannel(CHANNEL);
  back.postMessage({ waits: id });
  back.postMessage({ done: id, isAway: await putAway(one) });
  back.close();
}

/** @return whether the server has all of it; what went wrong is a no */
async function putAway(one) {
  try {
    return await one.putAway();
  } catch (fault) {
    console.warn('What is written cannot be put away:', fault.message);
    return false;
  }
}

/** The keys by which the browser keeps letters of an account. */
export function keptOf(accountId) {
  return Object.keys(localStorage).filter((key) => key.startsWith(KEPT) && kept(key)?.accountId === accountId);
}

/** @return what is kept by that key; null if that cannot be read */
export function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch (fault) {
    console.warn(`What is kept as ${key} cannot be read:`, fault.message);
    return null;
  }
}

/** @return whether all is at the server, or its writer has said that it may be lost: then it is */
export async function mayLeave({ client }) {
  const { accountId } = client;
  const isHere = !letter || (await putAway(letter));
  const isAway = (await othersSave(accountId)) && isHere;
  if (keptOf(accountId).length > 0) await (await import('./compose-draft.js')).recover(client, accountId);
  if (isAway && keptOf(accountId).length === 0) return true;
  if (!(await confirm(t('leave.title'), t('leave.text'), t('leave.anyway')))) return false;
  letter?.abandon();
  // First the pages that would keep theirs again.
  tellOthers({ abandons: accountId });
  for (const key of keptOf(accountId)) localStorage.removeItem(key);
  return true;
}

function tellOthers(what) {
  const others = new BroadcastChannel(CHANNEL);
  others.postMessage(what);
  others.close();
}

/** @return a promise of whether all other pages in which somebody writes have said, in time, that the server has it */
function othersSave(accountId) {
  const id = String(Math.random());
  const asked = new BroadcastChannel(CHANNEL);
  let waiting = 0;
  let isAway = true;
  // One page may have it saved before another one has said that it writes.
  let isHeard = false;
  return new Promise((resolve) => {
    const look = () => isHeard && waiting === 0 && resolve(isAway);
    asked.addEventListener('message', ({ data }) => {
      if (data.waits === id) waiting++;
      if (data.done !== id) return;
      waiting--;
      isAway &&= data.isAway;
      look();
    });
    setTimeout(() => {
      isHeard = true;
      look();
    }, ANSWER);
    setTimeout(() => resolve(false), SAVED);
    asked.postMessage({ leaves: accountId, id });
  }).finally(() => asked.close());
}
