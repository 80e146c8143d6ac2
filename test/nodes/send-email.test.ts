import { randomBytes } from 'node:crypto';
import { type ParsedMail, simpleParser } from 'mailparser';
import { type INodeExecutionData, NodeApiError, NodeOperationError } from 'n8n-workflow';
import { executeSendEmail } from '../../nodes/SendEmail/run';
import {
	executeContext,
	type ExecuteContextOptions,
	inlineBinary,
	storedBinary,
} from '../support/execute-context';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink';

let sink: SmtpSink;

beforeEach(async () => {
	sink = await startSmtpSink({ users: { 'support@example.test': 'secret' } });
});

afterEach(async () => await sink.close());

const parameters = {
	operation: 'send',
	to: 'ann@example.test',
	subject: 'Hello',
	messageFormat: 'text',
	text: 'Hello Ann',
	fromAddress: '',
	fromName: '',
	cc: '',
	bcc: '',
	replyTo: '',
	options: {},
};

type Changes = Partial<Omit<ExecuteContextOptions, 'parameters' | 'credential'>> & {
	parameters?: Record<string, unknown>;
	credential?: Record<string, string | number | boolean>;
};

async function send({ parameters: changes, credential, ...rest }: Changes = {}) {
	const [output = []] = await executeSendEmail(
		executeContext({
			items: [{ json: {} }],
			...rest,
			parameters: { ...parameters, ...changes },
			credential: {
				emailService: 'other',
				useFor: 'outgoing',
				outgoingHost: sink.host,
				outgoingPort: sink.port,
				outgoingSecurity: 'none',
				user: 'support@example.test',
				password: 'secret',
				fromName: 'Support Desk',
				replyTo: 'desk@example.test',
				parallelConnections: 3,
				connectionTimeoutMs: 2_000,
				...credential,
			},
		}),
	);
	return output;
}

async function failure(work: Promise<unknown>): Promise<NodeApiError | NodeOperationError> {
	const error: unknown = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	throw new Error(`It should have failed as n8n's nodes do, but: ${String(error)}`);
}

async function received(index = 0): Promise<ParsedMail> {
	return await simpleParser(sink.mails[index]?.raw ?? '');
}

function numbered(count: number): INodeExecutionData[] {
	return Array.from({ length: count }, (_, index) => ({ json: { index } }));
}

const bySubject = { subject: (item: INodeExecutionData) => `Mail ${String(item.json.index)}` };

describe('Send', () => {
	it('sends an e-mail with the identity of the connector and tells what became of it', async () => {
		const [item] = await send({ credential: { signatureText: 'Your support' } });
		const mail = await received();
		expect(mail.from?.value).toEqual([{ name: 'Support Desk', address: 'support@example.test' }]);
		expect(mail.replyTo?.value).toMatchObject([{ address: 'desk@example.test' }]);
		expect(mail.text).toBe('Hello Ann\n\n-- \nYour support\n');
		expect(item).toEqual({
			json: {
				messageId: mail.messageId,
				accepted: ['ann@example.test'],
				rejected: [],
				response: expect.stringMatching(/^250 /) as string,
				connector: { asked: 'Support mailbox', used: 'Support mailbox' },
				savedToSent: { status: 'skipped', reason: expect.stringContaining('no') as string },
				sizeBytes: sink.mails[0]?.raw.length,
			},
			pairedItem: { item: 0 },
		});
	});

	it('takes addresses as text, arrays and objects, as expressions give them', async () => {
		await send({
			parameters: {
				to: ['ann@example.test', { name: 'Bob', address: 'bob@example.test' }],
				cc: 'Carol <carol@example.test>, dave@example.test',
				bcc: { address: 'eve@example.test' },
				fromAddress: 'alias@example.test',
				fromName: 'Alias',
				replyTo: 'other@example.test',
				options: { appendSignature: false },
			},
			credential: { signatureText: 'Your support' },
		});
		const mail = await received();
		expect(sink.mails[0]?.to).toEqual([
			...['ann@example.test', 'bob@example.test', 'carol@example.test'],
			...['dave@example.test', 'eve@example.test'],
		]);
		expect(sink.mails[0]?.raw.toString()).not.toContain('eve@example.test');
		expect(mail.from?.value).toEqual([{ name: 'Alias', address: 'alias@example.test' }]);
		expect(mail.replyTo?.value).toMatchObject([{ address: 'other@example.test' }]);
		expect(mail.text).not.toContain('Your support');
	});

	it('sends HTML with a text for readers that show none', async () => {
		await send({
			parameters: { messageFormat: 'html', html: '<p>Dear <b>Ann</b></p>', text: undefined },
		});
		const mail = await received();
		expect(mail.html).toContain('<b>Ann</b>');
		expect(mail.text?.trim()).toBe('Dear Ann');
	});

	it('sets importance and custom headers', async () => {
		await send({
			parameters: {
				options: {
					importance: 'high',
					customHeaders: {
						header: [
							{ name: 'X-Ticket', value: 4711 },
							{ name: '', value: '' },
						],
					},
				},
			},
		});
		const mail = await received();
		expect(sink.mails[0]?.raw.toString()).toContain('Importance: high\r\n');
		expect(mail.headers.get('x-ticket')).toBe('4711');
	});

	it('attaches binary data from the item and from the store, and shows images inside the HTML', async () => {
		const store = new Map<string, Buffer>();
		const pdf = randomBytes(100_000);
		await send({
			store,
			items: [
				{
					json: {},
					binary: {
						note: inlineBinary('a note', 'note.txt'),
						invoice: storedBinary(store, pdf, 'invoice.pdf'),
						logo: inlineBinary('picture', 'logo.png', 'image/png'),
					},
				},
			],
			parameters: {
				messageFormat: 'html',
				html: '<img src="cid:logo">',
				options: {
					attachments: '*',
					inlineImages: { image: [{ property: 'logo', contentId: 'cid:logo' }] },
				},
			},
		});
		const mail = await received();
		expect(mail.attachments.map(({ filename, cid }) => [filename, cid])).toEqual([
			['logo.png', 'logo'],
			['note.txt', undefined],
			['invoice.pdf', undefined],
		]);
		expect(mail.attachments[2]?.content.equals(pdf)).toBe(true);
	});

	it('sends many items over one pool, and gives their results in the order of the items', async () => {
		const output = await send({ items: numbered(60), parameters: bySubject });
		expect(sink.mails).toHaveLength(60);
		expect(sink.connections).toBeLessThanOrEqual(3);
		const ids = new Map<string, string>();
		for (const { raw } of sink.mails) {
			const mail = await simpleParser(raw);
			ids.set(mail.subject ?? '', mail.messageId ?? '');
		}
		output.forEach(({ json, pairedItem }, index) => {
			expect(pairedItem).toEqual({ item: index });
			expect(json.messageId).toBe(ids.get(`Mail ${index}`));
		});
	});

	it('does nothing without items', async () => {
		expect(await send({ items: [] })).toEqual([]);
		expect(sink.connections).toBe(0);
	});
});

describe('Reply', () => {
	const answered = {
		messageId: '<2@customer.test>',
		references: ['<1@customer.test>'],
		subject: 'RE: Order 7',
		from: { name: 'Ann', address: 'ann@customer.test' },
		replyTo: [],
		to: [{ name: '', address: 'support@example.test' }],
		cc: [],
	};
	const reply = { operation: 'reply', to: '', subject: '', answeredEmail: answered };

	it('answers the sender of the e-mail in its thread', async () => {
		await send({ parameters: reply });
		const mail = await received();
		expect(sink.mails[0]?.to).toEqual(['ann@customer.test']);
		expect(mail.subject).toBe('Re: Order 7');
		expect(mail.inReplyTo).toBe('<2@customer.test>');
		expect(mail.references).toEqual(['<1@customer.test>', '<2@customer.test>']);
	});

	it('answers where the e-mail asks for it, and takes its JSON as text', async () => {
		const replyTo = [{ name: '', address: 'orders@customer.test' }];
		const answeredEmail = JSON.stringify({ ...answered, replyTo });
		await send({ parameters: { ...reply, answeredEmail } });
		expect(sink.mails[0]?.to).toEqual(['orders@customer.test']);
	});

	it('takes another recipient and subject where they are given', async () => {
		await send({ parameters: { ...reply, to: 'boss@example.test', subject: 'Please look' } });
		expect(sink.mails[0]?.to).toEqual(['boss@example.test']);
		expect((await received()).subject).toBe('Please look');
	});

	it('does not answer itself', async () => {
		const from = { name: '', address: 'Support@Example.test' };
		const error = await failure(
			send({ parameters: { ...reply, answeredEmail: { ...answered, from } } }),
		);
		expect(error.message).toContain('no sender but this connector itself');
		expect(sink.mails).toHaveLength(0);
	});

	it.each([
		[{ subject: 'x' }, 'messageId'],
		['no JSON', 'it is no item'],
		[{ ...answered, replyTo: [{ name: 'x' }] }, 'replyTo'],
	])('names what is missing in %j', async (answeredEmail, missing) => {
		const error = await failure(send({ parameters: { ...reply, answeredEmail } }));
		expect(error.message).toContain(`Email to Answer: `);
		expect(error.message).toContain(missing);
	});
});

describe('a node that is tried again', () => {
	const failing = { to: (item: INodeExecutionData) => `${String(item.json.to)}@example.test` };
	const items = ['ann', 'bad', 'eve'].map((to) => ({ json: { to } }));

	it('sends nothing again in the same execution that has left already', async () => {
		sink.behave('recipient', (address) => (address.startsWith('bad') ? '550 5.1.1 No' : undefined));
		const run = { items, parameters: failing, executionId: 'first', continueOnFail: true };
		const outcomes = async (changes: Changes = {}) =>
			(await send({ ...run, ...changes })).map(({ json }) => json.alreadySent ?? 'error' in json);
		expect(await outcomes()).toEqual([false, true, false]);
		sink.behave('recipient', undefined);
		expect(await outcomes()).toEqual([true, false, true]);
		expect(sink.mails.map(({ to }) => to[0]).sort()).toEqual([
			'ann@example.test',
			'bad@example.test',
			'eve@example.test',
		]);
		const ids = sink.mails.map(({ raw }) => /^Message-ID: (.*)\r$/m.exec(raw.toString())?.[1]);
		expect(new Set(ids).size).toBe(3);

		// A loop gives the node another run; n8n may also call it again without a failure before.
		expect(await outcomes({ runIndex: 1 })).toEqual([false, false, false]);
		expect(await outcomes()).toEqual([false, false, false]);
		expect(sink.mails).toHaveLength(9);
	});

	it('sends again in another execution', async () => {
		await send({ executionId: 'one' });
		await send({ executionId: 'other' });
		await send();
		expect(sink.mails).toHaveLength(3);
	});

	it('reports a mail whose answer was lost, again and again, and sends it once', async () => {
		sink.behave('reply', () => 'drop');
		for (let tries = 0; tries < 3; tries++) {
			const error = await failure(send({ executionId: 'lost' }));
			expect(error.message).toContain('the answer of the server was lost');
			expect(error.description).toContain('not sent again');
		}
		expect(sink.mails).toHaveLength(1);
	});

	it('sends such a mail again where the user wants that', async () => {
		let replies = 0;
		sink.behave('reply', () => (++replies === 1 ? 'drop' : undefined));
		const parameters = { options: { whenUncertain: 'sendAgain' } };
		const [item] = await send({ executionId: 'again', parameters });
		expect(item?.json.accepted).toEqual(['ann@example.test']);
		expect(sink.mails).toHaveLength(2);
	});
});

describe('connections', () => {
	it('are kept for the next execution', async () => {
		for (let execution = 0; execution < 5; execution++) await send();
		expect(sink.connections).toBe(1);
	});

	it('are no more than the connector allows, however many executions run at once', async () => {
		await Promise.all(Array.from({ length: 6 }, () => send({ items: numbered(5) })));
		expect(sink.mails).toHaveLength(30);
		expect(sink.connections).toBeLessThanOrEqual(3);
	});

	it('are others for other secrets', async () => {
		await send();
		await failure(send({ credential: { password: 'wrong' } }));
		expect(sink.connections).toBe(2);
	});
});

describe('what goes wrong', () => {
	it.each<[string, Changes, string]>([
		['a broken address', { parameters: { to: 'ann@' } }, 'To: "ann@"'],
		['no recipient', { parameters: { to: '' } }, 'no recipient'],
		['a sender that is none', { parameters: { fromAddress: 'x y' } }, 'From Address'],
		['a list where text belongs', { parameters: { subject: ['a'] } }, 'Subject'],
		['a missing file', { parameters: { options: { attachments: 'invoice' } } }, '"invoice"'],
		[
			'a forbidden header',
			{ parameters: { options: { customHeaders: { header: [{ name: 'Bcc', value: 'x' }] } } } },
			'Header Bcc',
		],
		['a connector that is off', { credential: { enabled: false } }, 'switched off'],
		[
			'a connector that only receives',
			{ credential: { useFor: 'incoming', incomingHost: 'x.test' } },
			'not made',
		],
	])('names %s and sends nothing', async (_title, changes, named) => {
		const error = await failure(send(changes));
		expect(error.message).toContain(named);
		expect(error.description).toBeTruthy();
		expect(sink.mails).toHaveLength(0);
	});

	it('names the files that an item has when one is asked for that it has not', async () => {
		const items = [{ json: {}, binary: { scan: inlineBinary('x') } }];
		const error = await failure(
			send({ items, parameters: { options: { attachments: 'invoice' } } }),
		);
		expect(error.description).toContain('"scan"');
	});

	it('fails on a wrong password with the words of the server, without the password', async () => {
		const error = await failure(send({ credential: { password: 'wrong-password' } }));
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toContain('535 5.7.8 Authentication credentials invalid');
		expect(error.description).toContain('app password');
		expect(JSON.stringify(error)).not.toContain('wrong-password');
	});

	it('stops at the first failure, and says what had been sent', async () => {
		sink.behave('data', (subject) => (subject === 'Mail 20' ? '554 5.7.1 Spam' : undefined));
		const error = await failure(send({ items: numbered(200), parameters: bySubject }));
		expect(error.context.itemIndex).toBe(20);
		expect(error.message).toContain('554 5.7.1 Spam');
		expect(sink.mails.length).toBeLessThan(40);
		expect(error.description).toContain(
			`${sink.mails.length} of the 200 e-mails of this run were sent: items 0-19`,
		);
	});

	it('goes on after a failure where the node is told to, with an item for each', async () => {
		sink.behave('data', (subject) => (subject === 'Mail 1' ? '554 5.7.1 Spam' : undefined));
		const output = await send({
			items: numbered(4),
			parameters: {
				...bySubject,
				to: (item: INodeExecutionData) => (item.json.index === 2 ? 'x' : 'ann@example.test'),
			},
			continueOnFail: true,
		});
		expect(sink.mails).toHaveLength(2);
		expect(output.map(({ json }) => typeof json.error)).toEqual([
			...['undefined', 'string', 'string', 'undefined'],
		]);
		expect(output[1]).toEqual({
			json: {
				error: expect.stringContaining('554 5.7.1 Spam') as string,
				message: expect.stringContaining("server's answer") as string,
			},
			pairedItem: { item: 1 },
		});
	});

	it('tries a wrong password once for all items, also where it goes on', async () => {
		const output = await send({
			items: numbered(30),
			credential: { password: 'wrong' },
			continueOnFail: true,
		});
		expect(output).toHaveLength(30);
		expect(output.every(({ json }) => String(json.error).includes('535'))).toBe(true);
		expect(sink.signIns).toBe(1);
	});

	it('gives each item its error when the connector itself cannot be used', async () => {
		const output = await send({
			items: numbered(2),
			credential: { enabled: false },
			continueOnFail: true,
		});
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(output[0]?.json.error).toContain('switched off');
	});

	it('shows refused recipients in the result, or fails where that is asked for', async () => {
		sink.behave('recipient', (address) =>
			address.startsWith('bob') ? '550 5.1.1 Unknown' : undefined,
		);
		const to = 'ann@example.test, bob@example.test';
		const [item] = await send({ parameters: { to } });
		expect(item?.json.rejected).toEqual([
			{ address: 'bob@example.test', reply: '550 5.1.1 Unknown', temporary: false },
		]);

		const error = await failure(
			send({ parameters: { to, options: { partialRejectionIsError: true } } }),
		);
		expect(error.message).toContain('bob@example.test');
		expect(error.description).toContain('sent to ann@example.test');
	});

	it('stops between two mails when the execution is cancelled', async () => {
		const cancel = new AbortController();
		sink.behave('data', (subject) => {
			if (subject === 'Mail 5') cancel.abort();
			return undefined;
		});
		const error = await failure(
			send({ items: numbered(100), parameters: bySubject, cancelSignal: cancel.signal }),
		);
		expect(error.message).toContain('execution was stopped');
		expect(sink.mails.length).toBeGreaterThanOrEqual(6);
		expect(sink.mails.length).toBeLessThan(20);
		expect(error.description).toContain(`${sink.mails.length} of the 100`);
	});
});
