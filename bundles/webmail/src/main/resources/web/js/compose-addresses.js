/** Addresses as people type them. An address here is `{name, email}`, as in JMAP; `name` is a string or null. */

const MAILBOX = /^[^\s@<>()[\],;:"\\]+@(?:[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*|\[[0-9a-f.:IPv]+\])$/iu;
const LONGEST = 254;

/** Whether a mail could go there, as far as that is seen without asking. */
export function isValid(address) {
  return address.email.length <= LONGEST && MAILBOX.test(address.email);
}

/** Parts of a list: commas, semicolons and line ends between them, but not within quotes or angle brackets. */
function split(text) {
  const parts = [];
  let part = '';
  let quoted = false;
  let angled = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted && c === '\\') part += c + (text[++i] ?? '');
    else if (!quoted && !angled && (c === ',' || c === ';' || c === '\n')) {
      parts.push(part);
      part = '';
    } else {
      if (c === '"') quoted = !quoted;
      else if (!quoted && (c === '<' || c === '>')) angled = c === '<';
      part += c;
    }
  }
  parts.push(part);
  return parts.map((p) => p.trim()).filter((p) => p);
}

function one(text) {
  const angled = /^(.*)<([^<>]*)>\s*$/s.exec(text);
  if (!angled) return { name: null, email: text.replace(/^mailto:/i, '') };
  const name = angled[1].trim().replace(/^"(.*)"$/s, '$1').replace(/\\(.)/gs, '$1').trim();
  return { name: name || null, email: angled[2].trim().replace(/^mailto:/i, '') };
}

/** Reads a list; what is no address comes out as one that is not valid, so that it can be shown and mended. */
export function parseAddresses(text) {
  return split(text).map(one);
}

/** `Ann <ann@example.org>`, quoted where it must be. */
export function writeAddress({ name, email }) {
  if (!name) return email;
  const plain = /^[\p{L}\p{N} !#$%&'*+\-/=?^_`{|}~]*$/u.test(name);
  return `${plain ? name : `"${name.replace(/["\\]/g, '\\$&')}"`} <${email}>`;
}

/** Two spellings of one mailbox; the local part is compared without case, as nearly all servers do. */
export function sameAddress(a, b) {
  return a.email.toLowerCase() === b.email.toLowerCase();
}

/** The list without those of the other lists, and each once. */
export function without(list, ...others) {
  const taken = others.flat();
  const left = [];
  for (const address of list ?? [])
    if (address.email && ![...taken, ...left].some((t) => sameAddress(t, address))) left.push(address);
  return left;
}
