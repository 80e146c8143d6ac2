import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { startDovecot } from '../support/dovecot';
import { runMeasured } from '../support/measured-process';
import { startSmtpSink } from '../support/smtp-sink';

/** 270 MB on their way to two servers, on a busy machine. */
jest.setTimeout(120_000);

const USER = 'support@example.test';

const cleanUp: Array<() => Promise<unknown>> = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

it('ten mails of 20 MB, and their copies, take less than 100 MB of memory', async () => {
	const dovecot = await startDovecot({ tls: false, plaintextAuth: true });
	cleanUp.push(async () => await dovecot.stop());
	const sink = await startSmtpSink({ discardsContent: true });
	cleanUp.push(sink.close);
	const folder = await mkdtemp(join(tmpdir(), 'send-memory-'));
	cleanUp.push(async () => await rm(folder, { recursive: true }));
	const file = join(folder, 'file.bin');
	await writeFile(file, randomBytes(20 * 1024 * 1024));

	const password = dovecot.users.find(({ user }) => user === USER)?.password ?? '';
	const { grownBytes } = await runMeasured(
		join(__dirname, 'send-memory-child.ts'),
		[String(sink.port), dovecot.host, String(dovecot.imapPort), USER, password, file],
		z.object({ grownBytes: z.number() }),
	);
	if (process.env.EMAIL_CONNECTORS_FIGURES === '1') {
		process.stderr.write(`10 mails of 20 MB with copies: ${grownBytes} bytes\n`);
	}
	expect(sink.mails).toHaveLength(11);
	expect(await dovecot.messages(USER, 'Sent')).toHaveLength(11);
	expect(grownBytes).toBeLessThan(100 * 1024 * 1024);
});
