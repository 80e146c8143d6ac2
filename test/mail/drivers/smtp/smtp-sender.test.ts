import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Connector, OutgoingServer } from '../../../../mail/connector';
import { createSmtpSender, SharedPools } from '../../../../mail/drivers/smtp';
import type { MailError } from '../../../../mail/errors';
import type { ComposedMessage, Sender } from '../../../../mail/ports';
import { signedCertificate, certificateAuthority } from '../../../support/certificate';
import { findFreePorts } from '../../../../tools/free-port';
import { composedMessage, login, sendingConnector } from '../../../support/sending';
import { type SinkOptions, type SmtpSink, startSmtpSink } from '../../../support/smtp-sink';

const opened: Array<() => Promise<void>> = [];

afterEach(async () => {
	for (const close of opened.splice(0).reverse()) await close();
});

async function openSink(options?: SinkOptions): Promise<SmtpSink> {
	const sink = await startSmtpSink(options);
	opened.push(sink.close);
	return sink;
}

function openSender(
	server: Pick<OutgoingServer, 'host' | 'port'> & Partial<OutgoingServer>,
	changes?: Partial<Connector>,
): Sender {
	const sender = createSmtpSender(sendingConnector(server, changes), new SharedPools(0));
	opened.push(async () => await sender.close());
	return sender;
}

async function failure(work: Promise<unknown>): Promise<MailError> {
	return await work.then(
		() => {
			throw new Error('It should have failed.');
		},
		(error: MailError) => error,
	);
}

const { limits } = sendingConnector({ host: '', port: 0 });

describe('an SMTP sender', () => {
	it('sends the very bytes of the message, with its envelope', async () => {
		const sink = await openSink();
		const message = composedMessage(['ann@example.test', 'bob@example.test'], {
			body: '.a line that starts with a dot\r\n..\r\nand another',
		});
		const delivery = await openSender(sink).send(message);

		expect(delivery.accepted).toEqual(['ann@example.test', 'bob@example.test']);
		expect(delivery.rejected).toEqual([]);
		expect(delivery.response).toMatch(/^250 /);
		expect(sink.mails).toHaveLength(1);
		expect(sink.mails[0]?.raw.equals(await buffer(message.open()))).toBe(true);
		expect(sink.mails[0]?.to).toEqual(['ann@example.test', 'bob@example.test']);
	});

	it('sends 200 mails over no more connections than the connector allows, each of them used again', async () => {
		const sink = await openSink();
		const sender = openSender(sink);
		const subjects = Array.from({ length: 200 }, (_, index) => `Mail ${index}`);
		await Promise.all(
			subjects.map(async (subject) => await sender.send(composedMessage(undefined, { subject }))),
		);

		expect(sink.mails).toHaveLength(200);
		expect(sink.connections).toBe(3);
		const received = sink.mails.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1]);
		expect(new Set(received)).toEqual(new Set(subjects));
	});

	it('opens no connection before there is a mail, and leaves none open', async () => {
		const sink = await openSink();
		const sender = openSender(sink);
		expect(sink.connections).toBe(0);
		await sender.send(composedMessage());
		await sender.close();
		expect(sink.connections).toBe(1);
		await expectSoon(() => sink.openConnections === 0);
	});

	it('signs in with the mechanism that the server offers', async () => {
		for (const mechanism of ['PLAIN', 'LOGIN']) {
			const sink = await openSink({ users: { ann: 'secret' }, mechanisms: [mechanism] });
			await openSender({ ...sink, login: login('ann', 'secret') }).send(composedMessage());
			expect(sink.mails[0]?.user).toBe('ann');
		}
	});

	it('protects the connection with STARTTLS before it signs in', async () => {
		const sink = await openSink({
			users: { ann: 'secret' },
			protection: 'starttls',
			certificate: await signedCertificate(),
		});
		const { certificatePem: caPem } = await certificateAuthority();
		await openSender(
			{ ...sink, security: 'starttls', login: login('ann', 'secret') },
			{ tls: { minVersion: 'TLSv1.2', allowUntrusted: false, caPem } },
		).send(composedMessage());
		expect(sink.mails[0]?.user).toBe('ann');
	});

	it('speaks TLS from the first byte', async () => {
		const sink = await openSink({ protection: 'tls', certificate: await signedCertificate() });
		const { certificatePem: caPem } = await certificateAuthority();
		await openSender(
			{ ...sink, security: 'tls' },
			{ tls: { minVersion: 'TLSv1.2', allowUntrusted: false, caPem } },
		).send(composedMessage());
		expect(sink.mails).toHaveLength(1);
	});

	it('spreads the messages of an account over the second, whichever node sends them', async () => {
		const sink = await openSink();
		const paced = { limits: { ...limits, messagesPerSecond: 20 } };
		const [one, other] = [openSender(sink, paced), openSender(sink, paced)];
		const startMs = performance.now();
		await Promise.all([one, other, one, other, one].map((s) => s.send(composedMessage())));
		expect(performance.now() - startMs).toBeGreaterThanOrEqual(4 * 50 - 5);
	});

	it('declares the size of the message', async () => {
		const sink = await openSink({ announcedSizeBytes: 10_000 });
		const message = composedMessage();
		await openSender(sink).send(message);
		expect(sink.mails[0]?.mailParameters).toMatchObject({ SIZE: String(message.sizeBytes) });
	});
});

describe('slow and simple servers', () => {
	it('may take longer over a whole message than over a command', async () => {
		const sink = await openSink();
		sink.delayData(1_000);
		const impatient = { limits: { ...limits, connectionTimeoutMs: 400 } };
		const sender = openSender(sink, impatient);
		expect((await sender.send(composedMessage())).accepted).toEqual(['ann@example.test']);
		sink.behave('mailFrom', () => 'silence');
		const startMs = performance.now();
		expect((await failure(sender.send(composedMessage()))).code).toBe('connection.timeout');
		expect(performance.now() - startMs).toBeLessThan(4_000);
	});

	it('may know no extension at all', async () => {
		const sink = await openSink({ hiddenExtensions: ['PIPELINING', 'SMTPUTF8', '8BITMIME'] });
		sink.behave('recipient', (address) => (address.startsWith('b') ? '550 No' : undefined));
		const delivery = await openSender(sink).send(
			composedMessage(['ann@example.test', 'bob@example.test']),
		);
		expect(delivery.accepted).toEqual(['ann@example.test']);
		expect(sink.mails[0]?.mailParameters).not.toHaveProperty('BODY');
	});
});

describe('refused mails', () => {
	it('tell accepted from rejected recipients with the words of the server', async () => {
		const sink = await openSink();
		sink.behave('recipient', (address) =>
			address.startsWith('bob') ? '550 5.1.1 <bob@example.test> unknown user' : undefined,
		);
		const delivery = await openSender(sink).send(
			composedMessage(['ann@example.test', 'bob@example.test']),
		);
		expect(delivery.accepted).toEqual(['ann@example.test']);
		expect(delivery.rejected).toEqual([
			{
				address: 'bob@example.test',
				reply: '550 5.1.1 <bob@example.test> unknown user',
				temporary: false,
			},
		]);
		expect(sink.mails[0]?.to).toEqual(['ann@example.test']);
	});

	it('name every recipient when all are refused', async () => {
		const sink = await openSink();
		sink.behave('recipient', (address) => `550 5.1.1 ${address.slice(0, 3)} is unknown`);
		const error = await failure(
			openSender(sink).send(composedMessage(['ann@example.test', 'bob@example.test'])),
		);
		expect(error).toMatchObject({ code: 'recipient.rejected', retryable: false });
		expect(error.message).toContain('ann@example.test: 550 5.1.1 ann is unknown');
		expect(error.message).toContain('bob@example.test: 550 5.1.1 bob is unknown');
		expect(sink.mails).toHaveLength(0);
	});

	it.each([
		['mailFrom', '550 5.7.60 No right to send as this sender', 'sender.rejected', false],
		['mailFrom', '530 5.7.0 Authentication required', 'auth.required', false],
		['mailFrom', '421 4.7.0 Too many messages', 'server.throttled', true],
		['mailFrom', '451 4.3.0 Try again', 'server.throttled', true],
		['mailFrom', '552 5.3.4 Too big', 'message.tooLarge', false],
		['recipient', '450 4.2.0 Greylisted', 'server.throttled', true],
		['recipient', '550 5.1.1 Unknown', 'recipient.rejected', false],
		['data', '552 Message exceeds the size', 'message.tooLarge', false],
		['data', '552 5.2.2 Mailbox full', 'message.rejected', false],
		['data', '554 5.7.1 Looks like spam', 'message.rejected', false],
		['data', '554 5.2.252 SendAsDenied', 'sender.rejected', false],
		['data', '452 4.3.1 Disk full', 'server.throttled', true],
	] as const)('at %s with "%s" are %s', async (step, reply, code, retryable) => {
		const sink = await openSink();
		sink.behave(step, () => reply);
		const error = await failure(openSender(sink).send(composedMessage()));
		expect(error).toMatchObject({ code, retryable });
		expect(error.message).toContain(reply);
		expect(sink.mails).toHaveLength(0);
	});

	it('leave the connection good for the next mail', async () => {
		const sink = await openSink();
		const sender = openSender(sink);
		sink.behave('mailFrom', (address) => (address.startsWith('bad') ? '550 5.7.1 No' : undefined));
		await sender.send(composedMessage());
		await failure(sender.send(composedMessage(undefined, { from: 'bad@example.test' })));
		await sender.send(composedMessage());
		expect(sink.mails).toHaveLength(2);
		expect(sink.connections).toBe(1);
	});

	it('are not even begun when the server has announced a smaller size', async () => {
		const sink = await openSink({ announcedSizeBytes: 1_000 });
		const error = await failure(
			openSender(sink).send(composedMessage(undefined, { body: 'x'.repeat(2_000) })),
		);
		expect(error.code).toBe('message.tooLarge');
		expect(sink.steps.filter((step) => step.startsWith('mailFrom'))).toEqual([]);
	});
});

describe('connections that break', () => {
	it('before the message make a failure that may be tried again', async () => {
		const sink = await openSink();
		sink.behave('mailFrom', () => 'drop');
		const error = await failure(openSender(sink).send(composedMessage()));
		expect(error).toMatchObject({ code: 'connection.lost', retryable: true });
	});

	it('after the whole message leave its outcome open, and say so', async () => {
		const sink = await openSink();
		sink.behave('data', () => 'drop');
		const error = await failure(openSender(sink).send(composedMessage()));
		expect(error).toMatchObject({ code: 'send.uncertain', retryable: false });
		expect(error.remedy).toContain('may have been delivered');
	});

	it('in the middle of a message are certain: the server cannot have taken it', async () => {
		const sink = await openSink();
		const endless: ComposedMessage = {
			...composedMessage(),
			open: () =>
				Readable.from(
					(async function* () {
						yield Buffer.alloc(100_000, 'text\r\n');
						await sink.close();
						yield Buffer.from('more');
						await new Promise(() => undefined);
					})(),
				),
		};
		const error = await failure(openSender(sink).send(endless));
		expect(error).toMatchObject({ code: 'connection.lost', retryable: true });
	});

	it('while they were idle cost nothing: the mail goes over a new one', async () => {
		const sink = await openSink();
		const sender = openSender(sink, { limits: { ...limits, parallelConnections: 1 } });
		await sender.send(composedMessage());
		sink.behave('mailFrom', (_from, connection) => (connection === 1 ? 'drop' : undefined));
		await sender.send(composedMessage());
		sink.behave('mailFrom', (_from, connection) =>
			connection === 2 ? '421 4.4.2 Timeout exceeded' : undefined,
		);
		await sender.send(composedMessage());
		expect(sink.mails.map(({ connection }) => connection)).toEqual([1, 2, 3]);
	});
});

describe('servers that do not let us in', () => {
	it('refuse a wrong password once, however many mails wait', async () => {
		const sink = await openSink({ users: { ann: 'secret' } });
		const sender = openSender({ ...sink, login: login('ann', 'wrong') });
		const errors = await Promise.all(
			Array.from({ length: 50 }, async () => await failure(sender.send(composedMessage()))),
		);
		expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['auth.rejected']));
		await failure(sender.send(composedMessage()));
		expect(sink.signIns).toBe(1);
		expect(errors[0]?.message).not.toContain('wrong');
	});

	it('do not get a password that they have not offered to take', async () => {
		const none = await openSink();
		const error = await failure(
			openSender({ ...none, login: login('ann', 'secret') }).send(composedMessage()),
		);
		expect(error.code).toBe('auth.unavailable');

		const other = await openSink({ users: { ann: 'secret' }, mechanisms: ['XOAUTH2'] });
		const unusable = await failure(
			openSender({ ...other, login: login('ann', 'secret') }).send(composedMessage()),
		);
		expect(unusable.code).toBe('auth.unavailable');
		expect(unusable.remedy).toContain('XOAUTH2');
		expect(other.signIns).toBe(0);
	});

	it('are not spoken to in clear text where STARTTLS is required', async () => {
		const sink = await openSink({ users: { ann: 'secret' } });
		const error = await failure(
			openSender({ ...sink, security: 'starttls', login: login('ann', 'secret') }).send(
				composedMessage(),
			),
		);
		expect(error.code).toBe('tls.noStarttls');
		expect(sink.signIns).toBe(0);
	});

	it('must have a certificate that somebody vouches for', async () => {
		const sink = await openSink({ protection: 'tls', certificate: await signedCertificate() });
		const error = await failure(openSender({ ...sink, security: 'tls' }).send(composedMessage()));
		expect(error.code).toBe('tls.untrusted');
	});

	it('are reported as refused where nobody listens', async () => {
		const [port = 0] = await findFreePorts(1, '127.0.0.1');
		const error = await failure(openSender({ host: '127.0.0.1', port }).send(composedMessage()));
		expect(error.code).toBe('connection.refused');
	});

	it.each(['connect', 'signIn', 'mailFrom', 'recipient'] as const)(
		'are given up when they fall silent at %s',
		async (step) => {
			const sink = await openSink({ users: { ann: 'secret' } });
			sink.behave(step, () => 'silence');
			const startMs = performance.now();
			const error = await failure(
				openSender(
					{ ...sink, login: login('ann', 'secret') },
					{ limits: { ...limits, connectionTimeoutMs: 400 } },
				).send(composedMessage()),
			);
			expect(error).toMatchObject({ code: 'connection.timeout', retryable: true });
			expect(performance.now() - startMs).toBeLessThan(4_000);
		},
	);

	it('may take fewer connections than allowed: the mails go over those', async () => {
		const sink = await openSink();
		sink.behave('connect', (_about, connection) =>
			connection > 1 ? '421 4.7.0 Too many connections' : undefined,
		);
		const sender = openSender(sink);
		await Promise.all(Array.from({ length: 20 }, () => sender.send(composedMessage())));
		expect(sink.mails).toHaveLength(20);
		expect(new Set(sink.mails.map(({ connection }) => connection))).toEqual(new Set([1]));
	});
});

describe('cancelling', () => {
	it('ends the waiting for a connection, and lets a transmission finish', async () => {
		const sink = await openSink();
		const sender = openSender(sink, { limits: { ...limits, parallelConnections: 1 } });
		const cancel = new AbortController();
		let letGo: () => void = () => undefined;
		const begun = new Promise<void>((resolve) => (letGo = resolve));
		sink.behave('data', () => {
			cancel.abort();
			letGo();
			return undefined;
		});
		const running = sender.send(composedMessage(), cancel.signal);
		const waiting = failure(sender.send(composedMessage(), cancel.signal));
		await begun;
		expect((await running).accepted).toEqual(['ann@example.test']);
		expect((await waiting).code).toBe('send.cancelled');
		expect(sink.mails).toHaveLength(1);
	});
});

async function expectSoon(condition: () => boolean): Promise<void> {
	const endMs = Date.now() + 2_000;
	while (!condition()) {
		if (Date.now() > endMs) throw new Error('It did not come true.');
		await new Promise((resolve) => setImmediate(resolve));
	}
}
