// What is typed into the search becomes a filter of Email/query, RFC 8621 4.4.1.

const TOKEN = /(-?)(?:(\w+):)?("([^"]*)"?|\S+)/g;

const MONTHS = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/;

const IS = {
  unread: { notKeyword: '$seen' },
  read: { hasKeyword: '$seen' },
  starred: { hasKeyword: '$flagged' },
  flagged: { hasKeyword: '$flagged' },
  draft: { hasKeyword: '$draft' },
  answered: { hasKeyword: '$answered' },
};

/** A day, or the first of a month or year; as the server wants it. */
function date(text) {
  const parts = text.match(MONTHS);
  if (!parts) return null;
  const at = new Date(Number(parts[1]), Number(parts[2] ?? 1) - 1, Number(parts[3] ?? 1));
  return Number.isNaN(at.getTime()) ? null : at.toISOString().replace(/\.\d+Z$/, 'Z');
}

/**
 * @param text as typed: words, "phrases", from: to: cc: subject: has:attachment is:unread before:2026-01-31 after: in:NAME, each with - in front for its opposite
 * @param mailboxByName finds the id of a mailbox by its name in any case
 * @param leaveOut ids of mailboxes that are searched only by name
 * @returns the filter; null as long as nothing is asked for
 */
export function parseSearch(text, mailboxByName, leaveOut = []) {
  const conditions = [];
  const words = [];
  let named = false;
  for (const [, minus, operator, raw, quoted] of text.matchAll(TOKEN)) {
    const value = quoted ?? raw;
    const condition = operator ? known(operator.toLowerCase(), value, mailboxByName) : null;
    if (condition?.inMailbox) named = true;
    if (condition) conditions.push(minus ? not(condition) : condition);
    else if (value || operator) {
      const word = operator ? `${operator}:${value}` : raw.replace(/"?$/, raw.startsWith('"') ? '"' : '');
      if (minus) conditions.push(not({ text: word }));
      else if (word !== '""') words.push(word);
    }
  }
  if (words.length > 0) conditions.unshift({ text: words.join(' ') });
  if (conditions.length === 0) return null;
  if (!named && leaveOut.length > 0) conditions.push({ inMailboxOtherThan: leaveOut });
  return conditions.length === 1 ? conditions[0] : { operator: 'AND', conditions };
}

function not(condition) {
  return { operator: 'NOT', conditions: [condition] };
}

/** Null where it is no operator, so that it is searched for as it stands. */
function known(operator, value, mailboxByName) {
  if (!value) return null;
  if (['from', 'to', 'cc', 'bcc', 'subject', 'body'].includes(operator)) return { [operator]: value };
  if (operator === 'has') return /^attachments?$/i.test(value) ? { hasAttachment: true } : null;
  if (operator === 'is') return IS[value.toLowerCase()] ?? null;
  if (operator === 'in') {
    const id = mailboxByName(value);
    return id ? { inMailbox: id } : null;
  }
  if (operator === 'before' || operator === 'after') {
    const at = date(value);
    return at ? { [operator]: at } : null;
  }
  return null;
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'" };

function plain(text) {
  return text.replace(/&(#?\w+);/g, (whole, name) => ENTITIES[name] ?? whole);
}

/** The nodes of a snippet, RFC 8621 5: text, and <mark> around what was found. Nothing of it is read as HTML. */
export function marked(snippet) {
  return snippet.split(/(<mark>.*?<\/mark>)/s).filter(Boolean).map((part) => {
    const found = part.match(/^<mark>(.*)<\/mark>$/s);
    if (!found) return document.createTextNode(plain(part));
    const mark = document.createElement('mark');
    mark.textContent = plain(found[1]);
    return mark;
  });
}
