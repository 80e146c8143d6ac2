import { toCompleteBody } from '../../../mail/outbox';

describe('a complete body', () => {
	it('has a text beside its HTML, each with the signature in its own form', () => {
		const body = toCompleteBody(
			{ html: '<html><body><p>Hello</p></body></html>' },
			{ text: 'Ann\nSupport', html: '<b>Ann</b>' },
		);
		expect(body.text).toBe('Hello\n\n-- \nAnn\nSupport\n');
		expect(body.html).toMatch(/<p>Hello<\/p><div[^>]*>.*<b>Ann<\/b><\/div><\/body><\/html>$/);
	});

	it('has the signature before the last end of the body, or at the end', () => {
		const quoted = '<pre>&lt;/body&gt; and </body ></pre>';
		const { html } = toCompleteBody({ html: `${quoted}<p>x</p></BODY></html>` }, { html: 'Ann' });
		expect(html).toMatch(/<p>x<\/p><div.*Ann<\/div><\/BODY><\/html>$/);
		expect(toCompleteBody({ html: '<p>x</p>' }, { html: 'Ann' }).html).toMatch(/Ann<\/div>$/);
	});

	it('makes the missing form of the signature from the other', () => {
		const fromText = toCompleteBody({ text: 'x', html: 'x' }, { text: 'A & B <Ltd>\nx' });
		expect(fromText.html).toContain('A &amp; B &lt;Ltd&gt;<br>\nx');
		const fromHtml = toCompleteBody({ text: 'x' }, { html: '<p>Ann &amp; Bob</p>' });
		expect(fromHtml.text).toBe('x\n\n-- \nAnn & Bob\n');
		expect(fromHtml.html).toBeUndefined();
	});

	it('stays as it is without a signature', () => {
		expect(toCompleteBody({ text: 'x  ' })).toEqual({ text: 'x  ' });
		expect(toCompleteBody({ text: 'x' }, { text: ' \n' })).toEqual({ text: 'x' });
		expect(toCompleteBody({})).toEqual({});
	});

	it('has no text where the HTML has no words', () => {
		expect(toCompleteBody({ html: '<img src="cid:a">' })).toEqual({ html: '<img src="cid:a">' });
	});
});
