/** Who was written to before: from the mail in Sent, those who were written to last and most often first. */

const MAILS = 400;
const known = new WeakMap();

/** Begins to read them, once for each client. @return a function from typed text to addresses, best first; `known` of it is a promise that ends when they are read */
export function knownAddresses(client, accountId, sentId) {
  if (!known.has(client)) known.set(client, new Known(client, accountId, sentId));
  const those = known.get(client);
  return Object.assign((typed) => those.matching(typed), { known: those.known });
}

/** Remembers those of a mail that has just been sent. */
export function remember(client, addresses) {
  known.get(client)?.add(addresses, Date.now());
}

class Known {
  constructor(client, accountId, sentId) {
    this.byEmail = new Map();
    this.known = sentId ? this.read(client, accountId, sentId).catch((fault) => console.warn('Addresses of sent mail are not known now:', fault.message)) : Promise.resolve();
  }

  async read(client, accountId, sentId) {
    const answers = await client.call([
      ['Email/query', { accountId, filter: { inMailbox: sentId }, sort: [{ property: 'receivedAt', isAscending: false }], limit: MAILS }, 'sent'],
      ['Email/get', { accountId, '#ids': { resultOf: 'sent', name: 'Email/query', path: '/ids' }, properties: ['to', 'cc', 'bcc', 'receivedAt'] }, 'who'],
    ]);
    for (const mail of answers.who.list) this.add([...(mail.to ?? []), ...(mail.cc ?? []), ...(mail.bcc ?? [])], Date.parse(mail.receivedAt));
  }

  add(addresses, time) {
    for (const { name, email } of addresses) {
      if (!email) continue;
      const before = this.byEmail.get(email.toLowerCase()) ?? { name: null, email, times: 0, last: 0 };
      this.byEmail.set(email.toLowerCase(), {
        name: before.name ?? name,
        email: before.email,
        times: before.times + 1,
        last: Math.max(before.last, time),
      });
    }
  }

  /** Each typed word begins a word of the name or of the address. */
  matching(typed) {
    const wanted = typed.toLowerCase().split(/\s+/).filter((w) => w);
    const fits = (address) => {
      const words = `${address.name ?? ''} ${address.email}`.toLowerCase().split(/[\s@._"'<>,-]+/);
      return wanted.every((w) => address.email.toLowerCase().startsWith(w) || words.some((word) => word.startsWith(w)));
    };
    return [...this.byEmail.values()]
      .filter(fits)
      .sort((a, b) => b.times - a.times || b.last - a.last)
      .map(({ name, email }) => ({ name, email }));
  }
}
