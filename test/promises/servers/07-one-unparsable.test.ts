import { startDovecot, type Dovecot } from '../../support/dovecot';
import { fillMaildir } from '../../support/fill-maildir';
import { dovecotDriver, until } from '../../support/real-watch';
import { WatchHost } from '../../support/watch-host';

jest.setTimeout(120_000);
const USER = 'support@example.test';

let server: Dovecot;
const host = new WatchHost();
beforeAll(async () => {
	server = await startDovecot();
});
afterAll(async () => {
	await host.close(async () => await Promise.resolve());
	await server.stop();
});

const header = (subject: string, more = '') =>
	`From: ada@example.test\r\nMessage-ID: <${subject.replaceAll(' ', '-')}@x>\r\nMIME-Version: 1.0\r\n${more}Subject: ${subject}\r\n`;
const multipart = (boundary: string) => `Content-Type: multipart/mixed; boundary="${boundary}"\r\n`;

function nested(depth: number): string {
	const open = Array.from(
		{ length: depth },
		(_, level) => `--b${level}\r\n${multipart(`b${level + 1}`)}\r\n`,
	).join('');
	return `${header('nested', multipart('b0'))}\r\n${open}--b${depth}\r\n\r\ndeep\r\n`;
}

const hostile: Readonly<Record<string, string>> = {
	'5,000 parts': `${header('many parts', multipart('b'))}\r\n${'--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(5_000)}--b--\r\n`,
	'nesting of 500': nested(500),
	'a header of 5 MB': `${header('long header', `X-Long: ${`${'x'.repeat(70)}\r\n `.repeat(70_000)}x\r\n`)}\r\nText.\r\n`,
	'a charset that nobody knows': `${header('odd charset', 'Content-Type: text/plain; charset=no-such-thing\r\nContent-Transfer-Encoding: base64\r\n')}\r\n%%%not base64%%%\r\n`,
	'no end of its parts': `${header('endless', multipart('b'))}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n`,
	'bytes of no kind': `\u0000\u0001\u00ff${'\r'.repeat(100)}${'\u0000'.repeat(1_000)}`,
	'60 MB': `${header('large', multipart('b'))}\r\n--b\r\n\r\nText.\r\n--b\r\nContent-Type: application/zip; name=large.zip\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n${`${'QUJD'.repeat(19)}\r\n`.repeat(770_000)}--b--\r\n`,
	'nothing at all': '\r\n',
};

describe('7. One mail that cannot be parsed among a hundred stops none of the others', () => {
	it('nor do eight of the worst', async () => {
		const sources = Array.from({ length: 100 }, (_, index) =>
			Buffer.from(`${header(`mail ${index}`)}\r\ntext of mail ${index}\r\n`),
		);
		Object.values(hostile).forEach((source, index) => {
			sources[10 + index * 10] = Buffer.from(source, 'latin1');
		});
		fillMaildir(server, USER, sources);

		host.watch(dovecotDriver(server), {
			startWith: { kind: 'all' },
			messagesPerExecution: 20,
			content: {
				chooseAttachments: (head) => head.attachments.filter((file) => file.encodedSizeBytes < 1e6),
				includeSource: false,
				textCharacters: 2e6,
			},
		});
		const ordinary = () =>
			host.given.filter(({ body, head }) => body?.text.trim() === `text of ${head?.subject}`);
		await until(() => ordinary().length === 92, 30_000);
		await until(() => host.given.length === 100 && host.checkpoint?.open.length === 0, 90_000);
		expect(new Set(host.given.map(({ uid }) => uid)).size).toBe(100);
		for (const { problem, source, head } of host.given) {
			if (problem !== undefined) expect(source ?? head).toBeDefined();
		}
		const read = await server.messages(USER);
		expect(read).toHaveLength(100);
	});
});
