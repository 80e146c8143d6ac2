import fc from 'fast-check';
import { htmlToText } from '../../../../mail/drivers/mime/html-to-text';
import { toCpuMs } from '../../../support/cpu-time';

describe('htmlToText', () => {
	it('keeps words, lines, links and lists; drops styles and pictures', () => {
		const { text, warning } = htmlToText(
			'<style>p{}</style><h1>Title</h1><p>Dear <b>Bob</b>,<br>see <a href="https://x.test/">here</a>.' +
				'<img src="x.png" alt="logo"></p><ul><li>one<li>two</ul>',
		);
		expect(text).toBe('Title\n\nDear Bob,\nsee here [https://x.test/].\n\n * one\n * two');
		expect(warning).toBeUndefined();
	});

	it('keeps the cells of a table apart', () => {
		const { text } = htmlToText('<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>');
		expect(text.split('\n').map((line) => line.trim())).toEqual(['a b', 'c']);
	});

	it('names a link once where its text is the address', () => {
		expect(htmlToText('<a href="https://x.test/">https://x.test/</a>').text).toBe(
			'https://x.test/',
		);
	});

	it.each([
		['20,000 nested divs', `${'<div>'.repeat(20_000)}deep${'</div>'.repeat(20_000)}`],
		['10,000 open <b>', '<b>x'.repeat(10_000)],
		['3,000 nested tables', `${'<table><tr><td>'.repeat(3_000)}cell`],
		['20,000 open paragraphs and fonts', `${'<font><p>'.repeat(20_000)}word`],
		['20,000 open scripts', `word${'<script>'.repeat(20_000)}`],
		['deep divs around open scripts', `${'<div>'.repeat(300)}word${'<script>'.repeat(19_000)}`],
		['a tag that never ends', `word <a ${'x="'.repeat(100_000)}`],
		['100,000 brackets', '<'.repeat(49_000) + '>'.repeat(49_000)],
		['50,000 nested quotes with lines', '<blockquote>x<br>'.repeat(50_000)],
		['100,000 nested lists', '<ul><li>x'.repeat(100_000)],
		['200,000 closing tags', '</p></ul>x'.repeat(100_000)],
	])('ends soon with a text or a warning: %s', (_title, html) => {
		const costMs = toCpuMs(() => {
			const { text, warning } = htmlToText(html);
			expect(text !== '' || warning !== undefined).toBe(true);
		});
		expect(costMs).toBeLessThan(2_000);
	});

	it('finds the words at the bottom of a deep pile', () => {
		expect(htmlToText(`${'<div>'.repeat(5_000)}deep &amp; dark`)).toEqual({ text: 'deep & dark' });
	});

	it('says that it left out HTML that is too long', () => {
		expect(htmlToText('x'.repeat(2_000_000)).warning).toMatch(/too long/);
	});

	it('marks quotes and the levels of lists', () => {
		const { text } = htmlToText(
			'<p>Yes.</p><blockquote><p>Shall we?</p><p>Really?</p></blockquote>' +
				'<ol><li>one<ul><li>inner<br>line</li></ul></li><li>two</li></ol>end',
		);
		expect(text).toBe(
			'Yes.\n\n> Shall we?\n>\n> Really?\n\n 1. one\n    * inner\n      line\n 2. two\n\nend',
		);
	});

	it('keeps the lines of preformatted text, and collapses all other white space', () => {
		expect(htmlToText('a \n\t b<pre>x\n  y</pre>c<b> d</b>e').text).toBe('a b\n\nx\n  y\n\nc de');
	});

	it.each(['#top', 'javascript:alert(1)', 'cid:logo', 'data:text/html,x', ''])(
		'does not show where a link leads that no reader can follow: %s',
		(href) => {
			expect(htmlToText(`<a href="${href}">here</a>`).text).toBe('here');
		},
	);

	it('decodes entities in texts and addresses', () => {
		expect(htmlToText('&euro; &#x1F600; <a href="https://x.test/?a=1&amp;b=2">go</a>').text).toBe(
			'€ 😀 go [https://x.test/?a=1&b=2]',
		);
	});

	it('never throws, and shows no script, whatever it is given', () => {
		const piece = fc.oneof(
			fc.constantFrom(
				...[
					'<div>',
					'</div>',
					'<blockquote>',
					'<ul><li>',
					'</ul>',
					'</li>',
					'<a href="',
					'">',
					'<!--',
				],
				...[
					'<script>secret',
					'</script>',
					'<pre>',
					'</pre>',
					'&#xffffff;',
					'&#0;',
					'&',
					'<![CDATA[',
					'<',
				],
			),
			fc.string({ unit: 'binary', maxLength: 8 }),
		);
		fc.assert(
			fc.property(fc.array(piece), (pieces) => {
				expect(typeof htmlToText(pieces.join('')).text).toBe('string');
			}),
		);
	});
});
