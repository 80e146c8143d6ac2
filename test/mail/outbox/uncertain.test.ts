import type { Connector } from '../../../mail/connector';
import { MailError } from '../../../mail/errors';
import { createOutbox, SentRegister, type SendOptions } from '../../../mail/outbox';
import { SelfFiling } from '../../../mail/outbox/sent-copy';
import type { ComposedMessage, Delivery } from '../../../mail/ports';
import { login, outgoingMessage, recordingLog, sendingConnector } from '../../support/sending';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const user = login('support@example.test', 'secret') ?? fail();
const gmail: Partial<Connector> = {
	outgoing: { host: 'smtp.gmail.com', port: 465, security: 'tls', login: user },
	incoming: { protocol: 'imap', host: 'imap.gmail.com', port: 993, security: 'tls', login: user },
};
const plain: Partial<Connector> = {
	incoming: {
		protocol: 'imap',
		host: 'imap.example.test',
		port: 993,
		security: 'tls',
		login: user,
	},
};

function fail(): never {
	throw new Error('no login');
}

/**
 * A server whose answers are lost for the first mails.
 * @param filedAtLook the look at which the Sent folder shows the mail; never: Infinity
 */
function scene(lost: number, connector: Partial<Connector>, filedAtLook = Infinity) {
	const sent: ComposedMessage[] = [];
	let looks = 0;
	const register = new SentRegister();
	const outbox = createOutbox({
		connector: sendingConnector({ host: 'smtp.example.test', port: 587 }, connector),
		register,
		selfFiling: new SelfFiling([0]),
		log: recordingLog(),
		sender: {
			send: async (message): Promise<Delivery> => {
				sent.push(message);
				if (sent.length <= lost) throw new MailError('send.uncertain');
				return await Promise.resolve({
					accepted: message.envelope.to,
					rejected: [],
					response: '250 ok',
				});
			},
			close: async () => undefined,
		},
		sentFolder:
			connector.incoming === undefined
				? undefined
				: {
						append: async () => await Promise.resolve('Sent'),
						has: async () => await Promise.resolve(++looks >= filedAtLook),
						close: async () => undefined,
					},
	});
	const send = async (options?: SendOptions) => {
		const message = outgoingMessage({ identityKey: 'execution 1, item 0' });
		const result = outbox.send(message, options).catch((error: unknown) => error);
		await jest.runAllTimersAsync();
		return await result;
	};
	return { sent, send };
}

describe('a mail whose answer was lost', () => {
	it('counts as sent where the Sent folder has it by the third look', async () => {
		const { sent, send } = scene(1, gmail, 3);
		expect(await send()).toMatchObject({
			accepted: ['ann@example.test'],
			response: expect.stringContaining('found in the Sent folder') as string,
			sentCopy: { status: 'skipped' },
		});
		expect(sent).toHaveLength(1);
	});

	it('is sent once more, the same one, where a provider that files every mail has not filed it', async () => {
		const { sent, send } = scene(1, gmail);
		expect(await send()).toMatchObject({ response: '250 ok' });
		expect(sent.map(({ messageId }) => messageId)).toEqual([
			sent[0]?.messageId,
			sent[0]?.messageId,
		]);
	});

	it('is not sent a third time', async () => {
		const { sent, send } = scene(Infinity, gmail);
		expect(await send()).toMatchObject({ code: 'send.uncertain' });
		expect(sent).toHaveLength(2);
	});

	it.each([
		['elsewhere', plain],
		['where there is no mailbox', {}],
		[
			'of a shared mailbox, whose Sent folder is another',
			{
				...gmail,
				incoming: gmail.incoming && { ...gmail.incoming, additionalMailbox: 'team@example.test' },
			},
		],
	])(
		'%s is reported as uncertain, and not sent by the next try of the node either',
		async (_where, connector) => {
			const { sent, send } = scene(Infinity, connector);
			for (let tries = 0; tries < 3; tries++) {
				expect(await send()).toMatchObject({ code: 'send.uncertain', retryable: false });
			}
			expect(sent).toHaveLength(1);
		},
	);

	it('is found by the next try of the node', async () => {
		const { sent, send } = scene(1, plain, 4);
		expect(await send()).toMatchObject({ code: 'send.uncertain' });
		expect(await send()).toMatchObject({
			response: expect.stringContaining('Sent folder') as string,
		});
		expect(await send()).toHaveProperty('alreadySent', true);
		expect(sent).toHaveLength(1);
	});

	it('is sent again where the user wants that', async () => {
		const { sent, send } = scene(1, plain);
		expect(await send({ whenUncertain: 'sendAgain' })).toMatchObject({ response: '250 ok' });
		expect(sent).toHaveLength(2);
	});
});
