import { buffer } from 'node:stream/consumers';
import type { Connector } from '../../../mail/connector';
import { MailError } from '../../../mail/errors';
import { createOutbox } from '../../../mail/outbox';
import type { ComposedMessage, Sender, SentFolder } from '../../../mail/ports';
import { SelfFiling } from '../../../mail/outbox/sent-copy';
import { login, outgoingMessage, recordingLog, sendingConnector } from '../../support/sending';

const incoming: Connector['incoming'] = {
	protocol: 'imap',
	host: 'imap.example.test',
	port: 993,
	security: 'tls',
	login: login('a', 'b') ?? { user: 'a', password: expect.anything() as never },
};

function connector(host = 'smtp.example.test', changes: Partial<Connector> = {}): Connector {
	return sendingConnector({ host, port: 587 }, { incoming, ...changes });
}

/** A sender that accepts everything, and a Sent folder that keeps it. */
function parts(send?: Sender['send'], append?: SentFolder['append']) {
	const sent: ComposedMessage[] = [];
	const copies: Buffer[] = [];
	const closed: string[] = [];
	const sender: Sender = {
		send:
			send ??
			(async (message) => {
				sent.push(message);
				return { accepted: message.envelope.to, rejected: [], response: '250 OK' };
			}),
		close: async () => void closed.push('sender'),
	};
	const sentFolder: SentFolder = {
		append:
			append ??
			(async (message) => {
				copies.push(await buffer(message.copy.open()));
				return 'Sent';
			}),
		has: async () => false,
		close: async () => void closed.push('folder'),
	};
	return {
		...{ sender, sentFolder, sent, copies, closed },
		log: recordingLog(),
		selfFiling: new SelfFiling([0]),
	};
}

describe('an outbox', () => {
	it('sends a message and copies the same bytes', async () => {
		const { sent, copies, ...rest } = parts();
		const outcome = await createOutbox({ connector: connector(), ...rest }).send(outgoingMessage());
		expect(outcome).toEqual({
			messageId: sent[0]?.messageId,
			accepted: ['ann@example.test'],
			rejected: [],
			response: '250 OK',
			sizeBytes: copies[0]?.length,
			sentCopy: { status: 'saved', folder: 'Sent' },
		});
		expect(copies[0]?.toString()).toContain('Hello Ann');
	});

	it.each([
		['smtp.gmail.com', 'Gmail'],
		['SMTP.Office365.com', 'Microsoft 365'],
		['smtp-mail.outlook.com', 'Outlook.com'],
	])('makes no second copy where %s makes one', async (host, provider) => {
		const { copies, ...rest } = parts();
		const outbox = createOutbox({ connector: connector(host), ...rest });
		const { sentCopy } = await outbox.send(outgoingMessage());
		expect(sentCopy).toEqual({
			status: 'skipped',
			reason: `${provider} saves sent e-mails by itself`,
		});
		expect(copies).toHaveLength(0);
		const asked = await outbox.send(outgoingMessage(), { sentCopy: 'always' });
		expect(asked.sentCopy.status).toBe('saved');
	});

	it.each(['smtp-relay.gmail.com', 'smtp.gmail.com.example.test'])(
		'copies what goes through %s, which keeps nothing',
		async (host) => {
			const { copies, ...rest } = parts();
			await createOutbox({ connector: connector(host), ...rest }).send(outgoingMessage());
			expect(copies).toHaveLength(1);
		},
	);

	it('makes no copy when that is switched off, or when there is no mailbox', async () => {
		const { copies, ...rest } = parts();
		const off = createOutbox({ connector: connector(undefined, { sentCopy: 'never' }), ...rest });
		expect((await off.send(outgoingMessage())).sentCopy.status).toBe('skipped');
		const alone = createOutbox({
			connector: connector(undefined, { incoming: undefined, sentCopy: 'always' }),
			...rest,
		});
		expect((await alone.send(outgoingMessage())).sentCopy.status).toBe('skipped');
		expect(copies).toHaveLength(0);
	});

	it('makes no copy where the mailbox is read by POP3, which has no folders', async () => {
		const { copies, ...rest } = parts();
		const pop3 = { ...incoming, protocol: 'pop3' as const };
		const outbox = createOutbox({
			connector: connector(undefined, { incoming: pop3, sentCopy: 'always' }),
			...rest,
		});
		expect((await outbox.send(outgoingMessage())).sentCopy).toEqual({
			status: 'skipped',
			reason: 'POP3 mailboxes have no Sent folder',
		});
		expect(copies).toHaveLength(0);
	});

	it('counts a mail as sent although its copy failed, and says why', async () => {
		const failing = async () => {
			throw new MailError('mailbox.missing', { subject: 'Sent', serverReply: 'NO no such folder' });
		};
		const { log, ...rest } = parts(undefined, failing);
		const outcome = await createOutbox({ connector: connector(), log, ...rest }).send(
			outgoingMessage(),
		);
		expect(outcome.accepted).toEqual(['ann@example.test']);
		expect(outcome.sentCopy).toMatchObject({
			status: 'failed',
			reason: expect.stringContaining('NO no such folder') as string,
		});
		expect(log.lines.join()).toContain('not copied');
	});

	it('copies nothing that was not sent', async () => {
		const refusing = async () => {
			throw new MailError('recipient.rejected');
		};
		const { copies, ...rest } = parts(refusing);
		await expect(
			createOutbox({ connector: connector(), ...rest }).send(outgoingMessage()),
		).rejects.toMatchObject({ code: 'recipient.rejected' });
		expect(copies).toHaveLength(0);
	});

	it('does not work with a connector that is off, or that does not send', () => {
		expect(() =>
			createOutbox({ connector: connector(undefined, { enabled: false }), ...parts() }),
		).toThrow(expect.objectContaining({ code: 'connector.disabled' }) as Error);
		expect(() =>
			createOutbox({ connector: connector(undefined, { outgoing: undefined }), ...parts() }),
		).toThrow(expect.objectContaining({ code: 'connector.wrongUse' }) as Error);
	});

	it('closes both of its connections', async () => {
		const { closed, ...rest } = parts();
		await createOutbox({ connector: connector(), ...rest }).close();
		expect(closed.sort()).toEqual(['folder', 'sender']);
	});
});
