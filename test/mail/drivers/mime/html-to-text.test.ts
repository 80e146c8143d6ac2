import { htmlToText } from '../../../../mail/drivers/mime/html-to-text';

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
	])('ends within a second with a text or a warning: %s', (_title, html) => {
		const from = performance.now();
		const { text, warning } = htmlToText(html);
		expect(performance.now() - from).toBeLessThan(1_000);
		expect(text !== '' || warning !== undefined).toBe(true);
	});

	it('finds the words at the bottom of a deep pile', () => {
		expect(htmlToText(`${'<div>'.repeat(5_000)}deep &amp; dark`)).toEqual({
			text: 'deep & dark',
			warning: 'The HTML nests too deeply: its text was taken without layout.',
		});
	});

	it('says that it left out HTML that is too long or too fine', () => {
		expect(htmlToText('x'.repeat(2_000_000)).warning).toMatch(/too long/);
		expect(htmlToText('<i>'.repeat(60_000)).warning).toMatch(/too many elements/);
	});
});
