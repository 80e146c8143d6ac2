import { Pop3Connection } from '../../../../mail/drivers/pop3/connection';
import { MailError } from '../../../../mail/errors';
import { MemoryStream } from '../../../support/memory-stream';

const MAIL = 'Subject: \xe4\r\n\r\n.dot\r\n..two\r\n\xff\x00end\r\n';
const STUFFED = 'Subject: \xe4\r\n\r\n..dot\r\n...two\r\n\xff\x00end\r\n';

/** What a server says in a whole session: to nothing, and to each command in turn. */
const dialogue: ReadonlyArray<readonly [string, string]> = [
	['', '+OK ready <1@pop>\r\n'],
	['CAPA', '+OK list\r\nUSER\r\nSASL PLAIN XOAUTH2\r\nUIDL\r\nTOP\r\n.\r\n'],
	['AUTH PLAIN', '+ \r\n'],
	['YQ==', '+OK in\r\n'],
	['UIDL', '+OK\r\n1 a\r\n2 b\r\n.\r\n'],
	['RETR 1', `+OK 40 octets\r\n${STUFFED}.\r\n`],
	['TOP 2 0', '-ERR [SYS/TEMP] not now\r\n'],
	['TOP 1 0', '+OK\r\nSubject: a\r\n\r\n.\r\n'],
	['DELE 1', '+OK\r\n'],
	['QUIT', '+OK bye\r\n'],
];
const toBytes = (text: string) => Buffer.from(text, 'latin1');

/** A connection to a server that says its part; `say` decides how. */
function connect(
	say: (stream: MemoryStream, answer: Buffer, index: number) => void,
	silenceMs = 1_000,
) {
	let index = 0;
	const stream = new MemoryStream((_, to) => {
		index++;
		say(to, toBytes(dialogue[index]?.[1] ?? ''), index);
	});
	const connection = new Pop3Connection(stream, 'pop.example.test:110', {
		silenceMs,
		pollMs: 0,
		lingerMs: 0,
	});
	say(stream, toBytes(dialogue[0]?.[1] ?? ''), 0);
	return { connection, stream };
}

const refusal = { code: 'auth.rejected', retryable: false } as const;

/** A whole session; resolves with everything that was learned. */
async function runSession(connection: Pop3Connection): Promise<unknown[]> {
	await connection.readGreeting();
	const { names, mechanisms } = await connection.readCapabilities();
	await connection.authenticate('PLAIN', 'YQ==', refusal);
	const uidl = await connection.lines('UIDL', 'list');
	const pieces: Buffer[] = [];
	for await (const piece of connection.stream('RETR 1', 'UID 1')) pieces.push(piece);
	const tops: unknown[] = [];
	for await (const top of connection.beginnings(['TOP 2 0', 'TOP 1 0'], 'TOP', 12)) {
		tops.push('bytes' in top ? top.bytes.toString() : top.error.code);
	}
	await connection.command('DELE 1', 'UID 1');
	await connection.quit('QUIT');
	return [[...names], [...mechanisms], uidl, Buffer.concat(pieces).toString('latin1'), tops];
}

const EXPECTED = [
	['USER', 'SASL', 'UIDL', 'TOP'],
	['PLAIN', 'XOAUTH2'],
	['1 a', '2 b'],
	MAIL,
	['server.unavailable', 'Subject: a\r\n'],
];

describe('a POP3 dialogue', () => {
	it('says one thing after the other', async () => {
		const { connection, stream } = connect((to, answer) => void to.say([answer]));
		expect(await runSession(connection)).toEqual(EXPECTED);
		expect(stream.lines).toEqual(dialogue.slice(1).map(([line]) => line));
		expect(stream.destroyed).toBe(true);
	});

	it('gives the same wherever the stream of the whole session is cut', async () => {
		const total = dialogue.reduce((sum, [, answer]) => sum + answer.length, 0);
		for (let cut = 0; cut <= total; cut++) {
			let said = 0;
			const { connection } = connect((to, answer) => {
				const at = Math.min(Math.max(cut - said, 0), answer.length);
				said += answer.length;
				void to.say([answer.subarray(0, at), answer.subarray(at)]);
			});
			expect([cut, await runSession(connection)]).toEqual([cut, EXPECTED]);
		}
	});

	it('gives the same when every byte comes alone', async () => {
		const { connection } = connect(
			(to, answer) => void to.say([...answer].map((byte) => Buffer.of(byte))),
		);
		expect(await runSession(connection)).toEqual(EXPECTED);
	});

	it('understands a server that ends its lines with LF alone', async () => {
		const { connection } = connect(
			(to, answer) => void to.say([toBytes(answer.toString('latin1').replaceAll('\r\n', '\n'))]),
		);
		const [, , uidl, mail] = await runSession(connection).then((all) => all);
		expect(uidl).toEqual(['1 a', '2 b']);
		expect(mail).toBe(MAIL.replaceAll('\r\n', '\n'));
	});

	it.each(dialogue.map(([command], index) => [command || 'nothing', index] as const))(
		'tells a connection that was lost after %s',
		async (_command, last) => {
			for (const part of [0, 0.5]) {
				const { connection } = connect((to, answer, index) => {
					if (index < last) return void to.say([answer]);
					void to.say([answer.subarray(0, answer.length * part)]).then(() => to.hangUp());
				});
				await expect(runSession(connection)).rejects.toMatchObject({
					code: 'connection.lost',
					retryable: true,
				});
				expect(connection.isAlive).toBe(false);
			}
		},
	);

	describe('with a server that stops to answer', () => {
		beforeEach(() =>
			jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }),
		);
		afterEach(() => jest.useRealTimers());

		it.each(dialogue.map(([command], index) => [command || 'nothing', index] as const))(
			'gives up a while after %s, whole or half answered',
			async (_command, last) => {
				for (const part of [0, 0.5]) {
					const { connection } = connect((to, answer, index) => {
						const length = index < last ? answer.length : answer.length * part;
						void to.say([answer.subarray(0, length)]);
					}, 30_000);
					const outcome = runSession(connection).then(
						() => 'answered',
						(error: unknown) => (error instanceof MailError ? error.code : error),
					);
					let settled = false;
					void outcome.then(() => (settled = true));
					for (let turn = 0; turn < 100; turn++) await new Promise((go) => setImmediate(go));
					await jest.advanceTimersByTimeAsync(29_000);
					expect(settled).toBe(false);
					await jest.advanceTimersByTimeAsync(1_001);
					expect(await outcome).toBe('connection.timeout');
				}
			},
		);
	});

	it.each([
		['a garbage status line', 'HTTP/1.1 400 Bad Request\r\n'],
		['an empty status line', '\r\n'],
		['a status line that is none by a hair', '+OKAY\r\n'],
		['an over-long line', `+OK ${'x'.repeat(9_000)}\r\n`],
		['an over-long line without an end', `+OK ${'x'.repeat(9_000)}`],
		['an answer that nobody asked for', '+OK\r\n1 a\r\n.\r\n+OK another\r\n'],
	])('ends with %s', async (_title, answer) => {
		const { connection } = connect(
			(to, own, index) => void to.say([index === 4 ? toBytes(answer) : own]),
		);
		await expect(runSession(connection)).rejects.toMatchObject({ code: 'server.protocol' });
		expect(connection.isAlive).toBe(false);
		await expect(connection.command('NOOP', 'x')).rejects.toMatchObject({
			code: 'server.protocol',
		});
	});

	it('ends when the reader of a mail does not want the rest', async () => {
		const { connection } = connect((to, answer, index) => {
			void to.say([index === 5 ? answer.subarray(0, 20) : answer]);
		});
		await connection.readGreeting();
		await connection.readCapabilities();
		await connection.authenticate('PLAIN', 'YQ==', refusal);
		await connection.lines('UIDL', 'list');
		for await (const piece of connection.stream('RETR 1', 'UID 1')) {
			expect(piece.length).toBeGreaterThan(0);
			break;
		}
		expect(connection.isAlive).toBe(false);
	});

	it('is over when the server says goodbye unasked', async () => {
		const { connection, stream } = connect((to, answer) => void to.say([answer]));
		await connection.readGreeting();
		expect(connection.isAlive).toBe(true);
		await stream.say([toBytes('-ERR Disconnected for inactivity.\r\n')]);
		expect(connection.isAlive).toBe(false);
	});

	it('sends commands ahead where the server allows it, and no more than a window of them', async () => {
		const sent: number[] = [];
		const stream = new MemoryStream((line, to) => {
			const answer = line === 'CAPA' ? '+OK\r\nPIPELINING\r\n.\r\n' : `+OK\r\n${line}\r\n.\r\n`;
			setImmediate(() => {
				if (line !== 'CAPA') sent.push(to.lines.length);
				void to.say([toBytes(answer)]);
			});
		});
		const connection = new Pop3Connection(stream, 'x', {
			silenceMs: 1_000,
			pollMs: 0,
			lingerMs: 0,
		});
		await connection.readCapabilities();
		const lines = Array.from({ length: 100 }, (_, index) => `TOP ${index} 0`);
		const got: string[] = [];
		for await (const top of connection.beginnings(lines, 'TOP', 100)) {
			got.push('bytes' in top ? top.bytes.toString().trim() : '');
		}
		expect(got).toEqual(lines);
		expect(sent[0]).toBe(33);
	});
});

describe('a refusal', () => {
	it.each([
		['[AUTH] wrong', 'auth.rejected', false],
		['[IN-USE] locked', 'server.unavailable', true],
		['[in-use]', 'server.unavailable', true],
		['[LOGIN-DELAY] wait', 'server.throttled', true],
		['[SYS/TEMP] later', 'server.unavailable', true],
		['[SYS/PERM] never', 'server.unavailable', false],
		['[OTHER] thing', 'message.unreadable', false],
		['no code, [AUTH] in its prose', 'message.unreadable', false],
		['', 'message.unreadable', false],
	])('"%s" means %s', async (text, code, retryable) => {
		const stream = new MemoryStream((_, to) => void to.say([toBytes(`-ERR ${text}\r\n`)]));
		const connection = new Pop3Connection(stream, 'x', {
			silenceMs: 1_000,
			pollMs: 0,
			lingerMs: 0,
		});
		const otherwise = { code: 'message.unreadable', retryable: false } as const;
		await expect(connection.command('RETR 1', 'UID 1', otherwise)).rejects.toMatchObject({
			code,
			retryable,
			serverReply: text === '' ? undefined : text,
			subject: 'UID 1',
		});
		expect(connection.isAlive).toBe(true);
	});
});
