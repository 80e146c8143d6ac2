import { QUOTED_CHARACTERS } from '../../../mail/limits';
import {
	type QuotedMessage,
	toCompleteBody,
	toForwardQuote,
	toReplyQuote,
} from '../../../mail/outbox';

const message: QuotedMessage = {
	subject: 'Offer',
	from: [{ name: 'Ann Lee', address: 'ann@example.test' }],
	to: [{ name: '', address: 'support@example.test' }],
	cc: [{ name: 'Müller, Bob', address: 'bob@example.test' }],
	sentAt: new Date('2026-03-01T10:00:00Z'),
	text: 'Hello\n\n> earlier\nBye  ',
	html: '<p>Hello</p>',
};

describe('a quoted message', () => {
	it('stands below the answer with who wrote it when, in the time zone of the workflow', () => {
		const { text, html } = toReplyQuote(message, 'Europe/Berlin');
		expect(text).toBe(
			'On Sun, 1 Mar 2026, 11:00 CET, Ann Lee <ann@example.test> wrote:\n> Hello\n>\n>> earlier\n> Bye\n',
		);
		expect(html).toContain('Ann Lee &lt;ann@example.test&gt; wrote:');
		expect(html).toMatch(
			/<blockquote type="cite"[^>]*>Hello<br>\n<br>\n&gt; earlier<br>\nBye<\/blockquote>$/,
		);
	});

	it('does without date and sender where it has none', () => {
		const quote = toReplyQuote({ ...message, sentAt: undefined, from: [] }, 'UTC');
		expect(quote.text).toMatch(/^the sender wrote:\n> Hello/);
	});

	it('is handed on with its most important headers', () => {
		const { text, html } = toForwardQuote(message, 'UTC');
		expect(text).toBe(
			[
				'---------- Forwarded message ----------',
				'From: Ann Lee <ann@example.test>',
				'Date: Sun, 1 Mar 2026, 10:00 UTC',
				'Subject: Offer',
				'To: support@example.test',
				'Cc: "Müller, Bob" <bob@example.test>',
				'',
				'Hello',
				'',
				'> earlier',
				'Bye',
				'',
			].join('\n'),
		);
		expect(html).toContain('Subject: Offer<br>');
	});

	it('is quoted as text also where it has HTML alone', () => {
		const quote = toReplyQuote({ ...message, text: ' ', html: '<p>One</p><p>Two</p>' }, 'UTC');
		expect(quote.text).toMatch(/wrote:\n> One\n>\n> Two\n$/);
	});

	it.each([
		'<script>alert(1)</script>',
		'<img src=x onerror="alert(1)">',
		'<img src="file:///etc/passwd">',
		'<style>@import "https://evil.test"</style>',
		'</blockquote></div><iframe src="https://evil.test">',
		'<!--',
		'<a href="javascript:alert(1)">x</a>',
		'<svg/onload=alert(1)>',
		"' onclick='alert(1)",
	])('can run and load nothing: %s', (hostile) => {
		const body = { ...message, text: hostile, subject: hostile };
		const from = [{ name: hostile, address: `x@${hostile}` }];
		for (const { html } of [
			toReplyQuote({ ...body, from }, 'UTC'),
			toReplyQuote({ ...body, from, text: '', html: hostile }, 'UTC'),
			toForwardQuote({ ...body, from }, 'UTC'),
		]) {
			const tags = [...html.matchAll(/<\/?([^\s>]*)[^>]*>/g)].map(([, name]) => name);
			expect(tags.filter((name) => !['br', 'div', 'blockquote'].includes(name ?? ''))).toEqual([]);
			expect(html.match(/</g)).toHaveLength(tags.length);
		}
	});

	it('has no control characters and no halves of characters', () => {
		const text = `a\0b\u0007c\ud800d\r\ne\rf`;
		expect(toReplyQuote({ ...message, text }, 'UTC').text).toMatch(/wrote:\n> abcd\n> e\n> f\n$/);
	});

	it('does not grow without end, and takes no time for what is hostile', () => {
		const started = performance.now();
		for (const text of [
			'😀'.repeat(QUOTED_CHARACTERS),
			' '.repeat(2 * QUOTED_CHARACTERS),
			`${' '.repeat(QUOTED_CHARACTERS - 10)}x`,
			'>'.repeat(QUOTED_CHARACTERS),
			'\n'.repeat(QUOTED_CHARACTERS),
		]) {
			const quote = toReplyQuote({ ...message, text, html: '' }, 'UTC');
			expect(quote.text.length).toBeLessThan(3 * QUOTED_CHARACTERS + 200);
		}
		const many = Array.from({ length: 20_000 }, (_, index) => ({
			name: '',
			address: `a${index}@example.test`,
		}));
		const { text } = toForwardQuote({ ...message, to: many }, 'UTC');
		expect(text).toContain('a49@example.test, and 19950 more\n');
		expect(performance.now() - started).toBeLessThan(5_000);
	});
});

describe('the body of an answer', () => {
	const quote = { text: 'Ann wrote:\n> Hello\n', html: '<blockquote>Hello</blockquote>' };
	const signature = { text: 'Support' };

	it('has the signature above the quote, and no line at which readers fold it away', () => {
		expect(toCompleteBody({ text: 'Thanks.\n' }, signature, quote)).toEqual({
			text: 'Thanks.\n\nSupport\n\nAnn wrote:\n> Hello\n',
		});
		const { html, text } = toCompleteBody(
			{ html: '<html><body><p>Thanks.</p></body></html>' },
			signature,
			quote,
		);
		expect(html).toMatch(
			/<p>Thanks\.<\/p>.*Support<\/div><blockquote>Hello<\/blockquote><\/body><\/html>$/,
		);
		expect(html).not.toContain('-- ');
		expect(text).toBe('Thanks.\n\nSupport\n\nAnn wrote:\n> Hello\n');
	});

	it('may be the quote alone', () => {
		expect(toCompleteBody({ text: '' }, undefined, quote)).toEqual({ text: quote.text });
		expect(toCompleteBody({ html: '' }, undefined, quote)).toEqual(quote);
	});
});
