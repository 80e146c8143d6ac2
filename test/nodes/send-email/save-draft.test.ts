import { simpleParser } from 'mailparser';
import { inlineBinary } from '../../support/execute-context';
import { startImapServer, type ImapServer, type ImapServerScript } from '../../support/imap-server';
import { failureOf, receivedItem, runSendEmail, type SendEmailRun } from '../../support/send-email';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink';

let sink: SmtpSink;
let server: ImapServer;
let appended: string;
beforeEach(async () => {
	appended = '[APPENDUID 7 3955] done';
	sink = await startSmtpSink();
	server = await startImapServer(script);
});
afterEach(async () => {
	await server.close();
	await sink.close();
});

const script: ImapServerScript = {
	capabilities: 'IMAP4rev1 SPECIAL-USE UIDPLUS NAMESPACE',
	answers: {
		LIST: (client, command) => {
			client.write('* LIST () "/" INBOX', '* LIST (\\Drafts) "/" Entwurf');
			client.ok(command);
		},
		APPEND: (client, command) => client.ok(command, appended),
	},
};

const saveDraft = async (parameters: Record<string, unknown> = {}, run: SendEmailRun = {}) =>
	await runSendEmail(sink, {
		...run,
		parameters: { operation: 'saveDraft', draftOf: 'send', subject: 'Offer', ...parameters },
		credential: {
			useFor: 'both',
			incomingProtocol: 'imap',
			incomingHost: '127.0.0.1',
			incomingPort: server.port,
			incomingSecurity: 'none',
			user: 'support@example.test',
			password: 'secret',
			...run.credential,
		},
	});

const drafts = () =>
	server.commands.filter(({ name }) => name === 'APPEND').map(({ args }) => args);
const draft = async (index = 0) =>
	await simpleParser(Buffer.from((drafts()[index] ?? '').replace(/^[^]*?\}\r\n/, ''), 'latin1'));

describe('Save Draft', () => {
	it('puts an unfinished e-mail into the Drafts folder, and sends nothing', async () => {
		const [item] = await saveDraft({ bcc: 'eve@example.test' });
		const mail = await draft();
		expect(item).toEqual({
			json: {
				messageId: mail.messageId,
				folder: 'Entwurf',
				uid: 3955,
				reference: { folder: 'Entwurf', uidValidity: '7', uid: 3955, messageId: mail.messageId },
				connector: { asked: 'Support mailbox', used: 'Support mailbox' },
				sizeBytes: expect.any(Number) as number,
			},
			pairedItem: { item: 0 },
		});
		expect(drafts()[0]).toMatch(/^Entwurf \(\\Draft \\Seen\) /);
		expect(mail.subject).toBe('Offer');
		expect(mail.to).toBeUndefined();
		expect(mail.bcc).toMatchObject({ value: [{ address: 'eve@example.test' }] });
		expect(sink.connections).toBe(0);
	});

	it('writes an answer for somebody to look over', async () => {
		await saveDraft({ draftOf: 'replyAll', answeredEmail: receivedItem, subject: '' });
		const mail = await draft();
		expect(mail.subject).toBe('Re: Order 7');
		expect(mail.to).toMatchObject({ value: [{ address: 'ann@customer.test' }] });
		expect(mail.inReplyTo).toBe('<2@customer.test>');
		expect(mail.text).toContain('> Where is it?');
	});

	it('writes a forwarded e-mail that nobody gets yet, with its files', async () => {
		const items = [{ json: {}, binary: { data: inlineBinary('plan', 'plan.txt') } }];
		await saveDraft({ draftOf: 'forward', forwardedEmail: receivedItem, subject: '' }, { items });
		const mail = await draft();
		expect(mail.subject).toBe('Fwd: RE: Order 7');
		expect(mail.attachments).toMatchObject([{ filename: 'plan.txt' }]);
	});

	it('leaves the recipients open where an answer would go to ourselves', async () => {
		const from = { name: '', address: 'support@example.test' };
		await saveDraft({ draftOf: 'reply', answeredEmail: { ...receivedItem, from } });
		expect((await draft()).to).toBeUndefined();
	});

	it('tells no place where the server tells none', async () => {
		appended = 'done';
		const [item] = await saveDraft();
		expect(item?.json).toMatchObject({ folder: 'Entwurf', uid: null, reference: null });
	});

	it('saves all items over one connection, in their order', async () => {
		const items = [1, 2, 3].map((index) => ({ json: { index } }));
		const output = await saveDraft(
			{ subject: (item: { json: { index: number } }) => `Offer ${item.json.index}` },
			{ items },
		);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect((await draft(2)).subject).toBe('Offer 3');
		expect(server.commands.filter(({ name }) => name === 'LOGIN')).toHaveLength(1);
	});

	it.each([
		[{ useFor: 'outgoing' }, 'it only sends'],
		[{ incomingProtocol: 'pop3' }, 'it reads by POP3'],
		[{ enabled: false }, 'switched off'],
	])('needs a mailbox with folders: %j', async (credential, named) => {
		const error = await failureOf(saveDraft({}, { credential }));
		expect(error.message).toContain(named);
		expect(server.commands).toEqual([]);
	});

	it('says how many were saved before one failed, or goes on', async () => {
		const items = [1, 2, 3].map((index) => ({ json: { index } }));
		const to = (item: { json: { index: number } }) => (item.json.index === 2 ? 'nobody' : '');
		const error = await failureOf(saveDraft({ to }, { items }));
		expect(error.message).toContain('To: "nobody"');
		expect(error.description).toContain('1 of the 3 drafts of this run were saved.');

		const output = await saveDraft({ to }, { items, continueOnFail: true });
		expect(output.map(({ json }) => 'error' in json)).toEqual([false, true, false]);
	});

	it('stops between two drafts when the execution is cancelled', async () => {
		const error = await failureOf(saveDraft({}, { cancelSignal: AbortSignal.abort() }));
		expect(error.message).toContain('execution was stopped');
		expect(drafts()).toEqual([]);
	});
});
