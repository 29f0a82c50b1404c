'use strict';
// A mailbox as imapflow sees it, which webmails and sync services are made with: node imapflow.js PORT USER PASSWORD, over TLS from the first byte.

const assert = require('node:assert');
const { once } = require('node:events');
const { ImapFlow } = require('imapflow');

const [port, user, pass] = process.argv.slice(2);
const FOLDER = 'imapflow grüßt';
const MAIL = 'From: "Ä" <a@far.test>\r\nSubject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n' +
    'Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>hello\r\n--b--\r\n';

function client(more) {
    const made = new ImapFlow({
        host: '127.0.0.1', port: Number(port), secure: true, tls: { rejectUnauthorized: false },
        auth: { user, pass }, logger: false, disableAutoIdle: true, ...more
    });
    // What went wrong is told by the command that failed of it.
    made.on('error', () => {});
    return made;
}

/** The event that comes of the deed, heard by one who idles. */
async function heard(listener, event, deed) {
    const idling = listener.idle();
    const told = once(listener, event, { signal: AbortSignal.timeout(20_000) });
    await deed();
    const [what] = await told;
    await listener.noop();
    await idling;
    return what;
}

async function folders(one) {
    await one.mailboxCreate(FOLDER);
    const list = await one.list();
    assert.ok(list.some(box => box.path === FOLDER));
    assert.ok(list.some(box => box.specialUse === '\\Trash'));
    assert.strictEqual((await one.status(FOLDER, { messages: true })).messages, 0);
}

async function fetches(one) {
    const { uid } = await one.append(FOLDER, MAIL, ['\\Flagged'], new Date('2020-02-29T12:00:00Z'));
    const box = await one.mailboxOpen(FOLDER);
    assert.strictEqual(box.exists, 1);
    assert.ok(box.highestModseq > 0n);
    const mail = await one.fetchOne(uid, { uid: true, flags: true, envelope: true, bodyStructure: true, internalDate: true, source: true }, { uid: true });
    assert.strictEqual(mail.envelope.subject, 'grüße');
    assert.strictEqual(mail.bodyStructure.childNodes[1].type, 'text/html');
    assert.strictEqual(mail.source.toString(), MAIL);
    assert.ok(mail.flags.has('\\Flagged'));
    assert.strictEqual(mail.internalDate.toISOString(), '2020-02-29T12:00:00.000Z');
    assert.deepStrictEqual(await one.search({ subject: 'grüße' }, { uid: true }), [uid]);
    return box.highestModseq;
}

async function notices(one, other) {
    await other.mailboxOpen(FOLDER);
    let added;
    const more = await heard(one, 'exists', async () => { added = await other.append(FOLDER, MAIL); });
    assert.deepStrictEqual([more.prevCount, more.count], [1, 2]);
    const flags = await heard(one, 'flags', () => other.messageFlagsAdd(added.uid, ['\\Seen', 'work'], { uid: true }));
    assert.ok(flags.flags.has('\\Seen') && flags.flags.has('work'));
    const gone = await heard(one, 'expunge', () => other.messageDelete(added.uid, { uid: true }));
    assert.strictEqual(gone.seq || gone.uid, gone.seq ? 2 : added.uid);
}

async function changes(one, other, since) {
    assert.deepStrictEqual(await one.fetchAll('1:*', { flags: true }, { changedSince: (await one.status(FOLDER, { highestModseq: true })).highestModseq }), []);
    await other.messageFlagsAdd('1', ['\\Answered']);
    const [changed] = await one.fetchAll('1:*', { flags: true }, { changedSince: since });
    assert.ok(changed.flags.has('\\Answered'));
}

async function moves(one) {
    const moved = await one.messageMove('1', 'Trash');
    assert.strictEqual(moved.uidMap.size, 1);
    assert.strictEqual((await one.mailboxOpen('Trash')).exists, 1);
    await one.messageDelete('1:*');
    await one.mailboxDelete(FOLDER);
}

async function main() {
    // The second one goes without what the first one takes: compression, IMAP4rev2.
    const [one, other] = [client({ qresync: true }), client({ disableCompression: true, disableAutoEnable: true })];
    await Promise.all([one.connect(), other.connect()]);
    assert.strictEqual(Boolean(one._inflate), one.capabilities.has('COMPRESS=DEFLATE'));
    assert.ok(one.enabled.has('CONDSTORE') && one.enabled.has('QRESYNC'));
    await folders(one);
    const since = await fetches(one);
    await notices(one, other);
    await changes(one, other, since);
    await moves(one);
    await Promise.all([one.logout(), other.logout()]);
}

main().then(() => console.log('all is well'), wrong => {
    console.error(wrong);
    process.exit(1);
});
