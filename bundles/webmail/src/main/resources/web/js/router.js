// What the address says: #/INBOX, #/INBOX/uid/42, #/INBOX/email/M1, #/search/words, #/search/words/email/M1, #/search/words/of/ann@example.org.

/** A level of a name; a top level called as one of our own words is told apart from it. */
function segment(name, first) {
  const encoded = encodeURIComponent(name);
  return first && name === 'search' ? `%73${encoded.slice(1)}` : encoded;
}

/** @param path the names of a mailbox from the top down */
export function mailboxHash(path) {
  return `#/${path.map((name, i) => segment(name, i === 0)).join('/')}`;
}

/** @param owner who shares what is searched; undefined for one's own */
export function searchHash(words, owner) {
  return `#/search/${encodeURIComponent(words)}${owner ? `/of/${encodeURIComponent(owner)}` : ''}`;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `{ mailbox: [names] }` or `{ search: words }`, which has `of` where another one's mail is searched, with `uid` or `email` where one message is meant; `base` is the address without it. */
export function parse(hash) {
  const whole = (hash || '').replace(/^#?\/?/, '');
  const one = whole.match(/^(.*)\/(uid|email)\/([^/]+)$/);
  const base = (one ? one[1] : whole) || 'INBOX';
  const route = { base: `#/${base}` };
  if (one) route[one[2]] = one[2] === 'uid' ? Number(one[3]) : decode(one[3]);
  const search = base.match(/^search\/(.*?)(?:\/of\/([^/]+))?$/);
  if (search) Object.assign(route, { search: decode(search[1]) }, search[2] && { of: decode(search[2]) });
  else route.mailbox = base.split('/').map(decode);
  return route;
}

/** Goes there; `replace` leaves no step in the browser's history. */
export function go(hash, { replace = false } = {}) {
  if (location.hash === hash) return;
  if (!replace) location.hash = hash;
  else {
    history.replaceState(null, '', hash);
    dispatchEvent(new HashChangeEvent('hashchange'));
  }
}

/** Calls back with the route now, and with each that follows. Returns what ends it. */
export function follow(onRoute) {
  const changed = () => onRoute(parse(location.hash));
  addEventListener('hashchange', changed);
  changed();
  return () => removeEventListener('hashchange', changed);
}
