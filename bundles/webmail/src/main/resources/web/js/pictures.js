// From whom pictures of other servers are loaded without asking; kept in this browser.
const KEY = 'posthorn.pictures';
const MOST = 1000;

function senders() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? [];
  } catch {
    return [];
  }
}

export function picturesFrom(address) {
  return Boolean(address) && senders().includes(address.toLowerCase());
}

export function allowPicturesFrom(address) {
  const all = senders().filter((other) => other !== address.toLowerCase());
  localStorage.setItem(KEY, JSON.stringify([address.toLowerCase(), ...all].slice(0, MOST)));
}
