import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { startDovecot } from '../../support/dovecot';
import { fillMaildir } from '../../support/fill-maildir';
import { runMeasured } from '../../support/measured-process';

jest.setTimeout(300_000);

const MB = 1024 * 1024;
const USER = 'support@example.test';
const HEADER = `From: ada@example.test\r\nTo: ${USER}\r\nSubject: order\r\nMIME-Version: 1.0\r\n`;
const result = z.object({
	given: z.number(),
	different: z.number(),
	highestRss: z.number(),
	seconds: z.number(),
	binaryBytes: z.number(),
});

/** A folder with this many mails, worked off by a process with a heap of 256 MB. */
async function workOff(source: Buffer, count: number): Promise<z.infer<typeof result>> {
	const server = await startDovecot();
	try {
		fillMaildir(server, USER, [source], { count });
		const child = join(__dirname, 'backlog-child.ts');
		const password = server.users[0]?.password ?? '';
		const { host, imapPort: port } = server;
		const account = { protocol: 'imap', host, port, user: USER, password };
		return await runMeasured(child, [JSON.stringify(account), String(count)], result, 256);
	} finally {
		await server.stop();
	}
}

const text = (bytes: number) =>
	Buffer.from(`${HEADER}\r\n${`${'An order of some length. '.repeat(3)}\r\n`.repeat(bytes / 77)}`);

/** With `EMAIL_CONNECTORS_FIGURES=1` the figures are shown. */
function show(title: string, { given, highestRss, seconds }: z.infer<typeof result>): void {
	if (process.env.EMAIL_CONNECTORS_FIGURES === undefined) return;
	const rate = Math.round(given / seconds);
	process.stdout.write(
		`${title}: ${Math.round(highestRss / MB)} MB at most, ${Math.round(seconds)} s, ${rate} e-mails/s\n`,
	);
}

describe('9. 10,000 unread e-mails of 100 kB are worked off with a heap of 256 MB', () => {
	it('each of them once', async () => {
		const worked = await workOff(text(100_000), 10_000);
		show('10,000 of 100 kB', worked);
		expect(worked).toMatchObject({ given: 10_000, different: 10_000 });
	});

	it('and ten times as many small ones need hardly more', async () => {
		const few = await workOff(text(1_000), 2_000);
		show('2,000 of 1 kB', few);
		const many = await workOff(text(1_000), 20_000);
		show('20,000 of 1 kB', many);
		expect(few.different).toBe(2_000);
		expect(many.different).toBe(20_000);
		expect(many.highestRss - few.highestRss).toBeLessThan(80 * MB);
	});
});

describe('10. An attachment of 30 MB needs no 30 MB', () => {
	it('where it is larger than what travels in an item', async () => {
		const file = Buffer.from(
			randomBytes(30 * MB)
				.toString('base64')
				.replace(/.{76}/g, '$&\r\n'),
		);
		const mail = Buffer.concat([
			Buffer.from(
				`${HEADER}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the film.\r\n--b\r\n` +
					'Content-Type: video/mp4; name=film.mp4\r\nContent-Disposition: attachment\r\n' +
					'Content-Transfer-Encoding: base64\r\n\r\n',
			),
			file,
			Buffer.from('\r\n--b--\r\n'),
		]);
		const without = await workOff(text(1_000), 10);
		const withFile = await workOff(mail, 10);
		show('10 with 30 MB each', withFile);
		expect(withFile).toMatchObject({ given: 10, binaryBytes: 0 });
		expect(withFile.highestRss - without.highestRss).toBeLessThan(30 * MB);
	});
});
