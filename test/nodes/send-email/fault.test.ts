import { type INodeExecutionData, NodeApiError } from 'n8n-workflow';
import { inlineBinary } from '../../support/execute-context';
import {
	failureOf,
	numberedItems,
	type SendEmailRun,
	sendToAnn,
	sinkUsers,
	subjectByNumber,
} from '../../support/send-email';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink';

let sink: SmtpSink;

beforeEach(async () => {
	sink = await startSmtpSink({ users: sinkUsers });
});

afterEach(async () => await sink.close());

const send = async (changes: SendEmailRun = {}) => await sendToAnn(sink, changes);

describe('a node that is tried again', () => {
	const failing = { to: (item: INodeExecutionData) => `${String(item.json.to)}@example.test` };
	const items = ['ann', 'bad', 'eve'].map((to) => ({ json: { to } }));

	it('sends nothing again in the same execution that has left already', async () => {
		sink.behave('recipient', (address) => (address.startsWith('bad') ? '550 5.1.1 No' : undefined));
		const run = { items, parameters: failing, executionId: 'first', continueOnFail: true };
		const outcomes = async (changes: SendEmailRun = {}) =>
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
			const error = await failureOf(send({ executionId: 'lost' }));
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

describe('what goes wrong', () => {
	it.each<[string, SendEmailRun, string]>([
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
		const error = await failureOf(send(changes));
		expect(error.message).toContain(named);
		expect(error.description).toBeTruthy();
		expect(sink.mails).toHaveLength(0);
	});

	it('names the files that an item has when one is asked for that it has not', async () => {
		const items = [{ json: {}, binary: { scan: inlineBinary('x') } }];
		const error = await failureOf(
			send({ items, parameters: { options: { attachments: 'invoice' } } }),
		);
		expect(error.description).toContain('"scan"');
	});

	it('fails on a wrong password with the words of the server, without the password', async () => {
		const error = await failureOf(send({ credential: { password: 'wrong-password' } }));
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toContain('535 5.7.8 Authentication credentials invalid');
		expect(error.description).toContain('app password');
		expect(JSON.stringify(error)).not.toContain('wrong-password');
	});

	it('stops at the first failure, and says what had been sent', async () => {
		sink.behave('data', (subject) => (subject === 'Mail 20' ? '554 5.7.1 Spam' : undefined));
		const error = await failureOf(send({ items: numberedItems(200), parameters: subjectByNumber }));
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
			items: numberedItems(4),
			parameters: {
				...subjectByNumber,
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
			items: numberedItems(30),
			credential: { password: 'wrong' },
			continueOnFail: true,
		});
		expect(output).toHaveLength(30);
		expect(output.every(({ json }) => String(json.error).includes('535'))).toBe(true);
		expect(sink.signIns).toBe(1);
	});

	it('gives each item its error when the connector itself cannot be used', async () => {
		const output = await send({
			items: numberedItems(2),
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

		const error = await failureOf(
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
		const error = await failureOf(
			send({ items: numberedItems(100), parameters: subjectByNumber, cancelSignal: cancel.signal }),
		);
		expect(error.message).toContain('execution was stopped');
		expect(sink.mails.length).toBeGreaterThanOrEqual(6);
		expect(sink.mails.length).toBeLessThan(20);
		expect(error.description).toContain(`${sink.mails.length} of the 100`);
	});
});
