// Which page of this browser has something alone. Web Locks know it; a browser has those with TLS only, and without them the pages ask each other.

/** So long a page may take to say that it has what another one asks for, in milliseconds. */
const PATIENCE = 800;

/** By name: `id`, and until it is known that nobody else has it `lose`, which tells that somebody has. */
const claims = new Map();

const channel = navigator.locks ? null : new BroadcastChannel('posthorn.claims');

channel?.addEventListener('message', ({ data: { name, id, isTaken } }) => {
  const mine = claims.get(name);
  if (!mine || (isTaken && mine.id !== id)) return;
  if (isTaken) mine.lose?.();
  // Of two that ask at the same time each gives the same one way.
  else if (mine.lose && id < mine.id) mine.lose();
  else channel.postMessage({ name, id, isTaken: true });
});

/** Has it from now on, whoever else has. @returns what gives it back */
export function hold(name) {
  if (navigator.locks) {
    let release;
    const released = new Promise((resolve) => (release = resolve));
    navigator.locks.request(name, () => released);
    return release;
  }
  if (claims.has(name)) return () => {};
  claims.set(name, { id: '' });
  return () => claims.delete(name);
}

/** Does it, unless another page has what goes by that name. @returns what the work gives; null where it was not done */
export function alone(name, work) {
  if (navigator.locks) return navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && work());
  return claims.has(name) ? null : claimed(name, work);
}

async function claimed(name, work) {
  const mine = { id: String(Math.random()) };
  claims.set(name, mine);
  try {
    return (await isFree(name, mine)) ? await work() : null;
  } finally {
    claims.delete(name);
  }
}

function isFree(name, mine) {
  return new Promise((resolve) => {
    const end = (answer) => {
      delete mine.lose;
      resolve(answer);
    };
    mine.lose = () => end(false);
    setTimeout(() => end(true), PATIENCE);
    channel.postMessage({ name, id: mine.id });
  });
}
