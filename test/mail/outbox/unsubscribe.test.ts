import { simpleParser } from 'mailparser';
import { composeMessage } from '../../../mail/outbox';
import type { OutgoingMessage } from '../../../mail/outgoing';
import { outgoingMessage } from '../../support/sending';

async function headerOf(changes: Partial<OutgoingMessage>): Promise<string> {
	const composed = await composeMessage(outgoingMessage(changes));
	let source = '';
	for await (const chunk of composed.open()) source += String(chunk);
	await simpleParser(source);
	return `\r\n${source.split('\r\n\r\n')[0] ?? ''}\r\n`.replace(/\r\n[ \t]/g, ' ');
}

const url = 'https://example.test/leave?member=4711&list=a,b';

describe('a mail of a list', () => {
	it('is left by one click, or by a mail', async () => {
		const unsubscribe = { url, address: 'leave@bücher.example', oneClick: true };
		const header = await headerOf({ unsubscribe });
		expect(header).toContain(
			'\r\nList-Unsubscribe: <https://example.test/leave?member=4711&list=a%2Cb>, <mailto:leave@xn--bcher-kva.example?subject=unsubscribe>\r\n',
		);
		expect(header).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
	});

	it('is left by a page without the promise of one click', async () => {
		const header = await headerOf({
			unsubscribe: { url: 'http://example.test/', oneClick: false },
		});
		expect(header).toContain('\r\nList-Unsubscribe: <http://example.test/>\r\n');
		expect(header).not.toContain('List-Unsubscribe-Post');
	});

	it.each([
		['no address', { oneClick: false }],
		['one click without TLS', { url: 'http://example.test/', oneClick: true }],
		['one click by mail', { address: 'leave@example.test', oneClick: true }],
		['another kind of URL', { url: 'javascript:alert(1)', oneClick: false }],
		['a mailto URL', { url: 'mailto:leave@example.test', oneClick: false }],
		['no whole URL', { url: '/leave', oneClick: false }],
		['a line break', { url: 'https://example.test/\r\nBcc: eve@example.test', oneClick: true }],
		['a space', { url: 'https://example.test/ x', oneClick: true }],
		['two addresses', { address: 'a@example.test, b@example.test', oneClick: false }],
		[
			'a URL longer than a line',
			{ url: `https://example.test/${'x'.repeat(990)}`, oneClick: true },
		],
	])('is refused with %s', async (_title, unsubscribe) => {
		await expect(headerOf({ unsubscribe })).rejects.toMatchObject({ code: 'message.invalid' });
	});

	it('cannot end the address from within', async () => {
		const header = await headerOf({
			unsubscribe: { url: 'https://example.test/">,<mailto:eve@example.test', oneClick: true },
		});
		const [value = ''] = /^List-Unsubscribe: .*$/m.exec(header) ?? [];
		expect(value.match(/[<>]/g)).toEqual(['<', '>']);
	});

	it('has the header once: a custom one beside the option is refused', async () => {
		const headers = [{ name: 'list-unsubscribe', value: '<https://other.test>' }];
		expect(await headerOf({ headers })).toContain('list-unsubscribe: <https://other.test>');
		await expect(headerOf({ headers, unsubscribe: { url, oneClick: true } })).rejects.toMatchObject(
			{ code: 'message.invalid' },
		);
	});
});

describe('a read receipt', () => {
	it('is asked for in the name of the sender', async () => {
		const header = await headerOf({
			readReceiptTo: { name: 'Jürgen', address: 'jurgen@bücher.example' },
		});
		expect(header).toContain(
			'\r\nDisposition-Notification-To: =?UTF-8?Q?J=C3=BCrgen?= <jurgen@xn--bcher-kva.example>\r\n',
		);
		expect(await headerOf({})).not.toContain('Disposition');
	});

	it('goes to one address and nowhere else', async () => {
		for (const address of ['a@b.test, c@d.test', 'a@b.test\r\nBcc: c@d.test', '']) {
			await expect(headerOf({ readReceiptTo: { name: '', address } })).rejects.toMatchObject({
				code: 'message.invalid',
			});
		}
	});
});
