import { randomBytes } from 'node:crypto';
import type { Connector } from '../../../mail/connector';
import { createSentFolder } from '../../../mail/drivers/imap';
import { createSmtpSender, SharedPools } from '../../../mail/drivers/smtp';
import { createOutbox, type Outbox } from '../../../mail/outbox';
import { SelfFiling } from '../../../mail/outbox/sent-copy';
import type { OutgoingMessage } from '../../../mail/outgoing';
import { type Dovecot, startDovecot } from '../../support/dovecot';
import { openFolder } from '../../support/imap-folder';
import {
	attachment,
	login,
	outgoingMessage,
	recordingLog,
	sendingConnector,
} from '../../support/sending';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink';

const USER = 'support@example.test';
const bob = { name: '', address: 'bob@example.test' };

describe('22. A sent mail is in the Sent folder exactly once', () => {
	let dovecot: Dovecot;
	let sink: SmtpSink;
	let outbox: Outbox;
	const filings: Array<Promise<unknown>> = [];

	beforeEach(async () => {
		dovecot = await startDovecot({ tls: false, plaintextAuth: true });
		sink = await startSmtpSink();
	});
	afterEach(async () => {
		await outbox.close();
		await sink.close();
		await dovecot.stop();
	});

	function open(changes: Partial<Connector> = {}): void {
		const password = dovecot.users.find(({ user }) => user === USER)?.password ?? '';
		const signIn = login(USER, password);
		if (signIn === undefined) throw new Error('no login');
		const connector = sendingConnector(sink, {
			incoming: {
				protocol: 'imap',
				host: dovecot.host,
				port: dovecot.imapPort,
				security: 'none',
				login: signIn,
			},
			...changes,
		});
		const log = recordingLog();
		outbox = createOutbox({
			connector,
			sender: createSmtpSender(connector, new SharedPools(0)),
			sentFolder: createSentFolder(connector, log),
			selfFiling: new SelfFiling(),
			log,
		});
	}

	async function sendThree(changes: Partial<OutgoingMessage> = {}) {
		const subjects = ['one', 'two', 'three'];
		const outcomes = await Promise.all(
			subjects.map(
				async (subject) => await outbox.send(outgoingMessage({ subject, bcc: [bob], ...changes })),
			),
		);
		await Promise.all(filings.splice(0));
		const ids = (await dovecot.messages(USER, 'Sent')).map(
			(raw) => /^Message-ID: (.*)$/im.exec(raw)?.[1]?.trim() ?? '',
		);
		expect(ids.sort()).toEqual(outcomes.map(({ messageId }) => messageId).sort());
		return outcomes.map(({ sentCopy }) => sentCopy.status);
	}

	it('where the server keeps nothing: put there by us, read, with the blind recipients', async () => {
		open();
		expect(await sendThree()).toEqual(['saved', 'saved', 'saved']);
		const session = await openFolder(dovecot, 'Sent');
		expect(await session.search({ seen: true })).toHaveLength(3);
		await session.close();
		for (const raw of await dovecot.messages(USER, 'Sent')) expect(raw).toMatch(/^Bcc: bob@/m);
		for (const { raw } of sink.mails) expect(raw.toString()).not.toMatch(/^Bcc:/im);
	});

	it('where the server files what it sends, as Gmail and Microsoft do, under a name that nobody knows', async () => {
		open();
		sink.behave('reply', () => {
			const raw = sink.mails.at(-1)?.raw ?? Buffer.alloc(0);
			filings.push(dovecot.append(USER, 'Sent', raw, ['\\Seen']));
			return undefined;
		});
		expect(await sendThree()).toEqual(['skipped', 'skipped', 'skipped']);
	});

	it('with a file of many megabytes, which goes there as a stream', async () => {
		open();
		const content = randomBytes(6_000_000);
		const file = attachment(content, { fileName: 'large.bin' });
		expect(await sendThree({ attachments: [file] })).toEqual(['saved', 'saved', 'saved']);
		const [raw = ''] = await dovecot.messages(USER, 'Sent');
		expect(raw.replace(/\r?\n/g, '')).toContain(content.toString('base64'));
	});

	it('and where it cannot be put there, the mail is sent all the same', async () => {
		const refused = login(USER, 'wrong');
		if (refused === undefined) throw new Error('no login');
		open({
			incoming: {
				protocol: 'imap',
				host: dovecot.host,
				port: dovecot.imapPort,
				security: 'none',
				login: refused,
			},
		});
		const outcome = await outbox.send(outgoingMessage());
		expect(outcome.accepted).toEqual(['ann@example.test']);
		expect(outcome.sentCopy).toMatchObject({ status: 'failed' });
	});
});
