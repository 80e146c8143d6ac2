import { parseStructuredValue } from '../../../../mail/drivers/mime/parameter';

const parse = (text: string) => {
	const { value, parameters } = parseStructuredValue(text);
	return { value, parameters: { ...parameters } };
};

describe('a structured header field', () => {
	it.each<[string, string, Record<string, string>]>([
		['TEXT/Plain', 'text/plain', {}],
		['', '', {}],
		[
			'text/plain; charset=utf-8; FORMAT=flowed',
			'text/plain',
			{ charset: 'utf-8', format: 'flowed' },
		],
		['a/b; name="x; y=\\"z\\""', 'a/b', { name: 'x; y="z"' }],
		['a/b (c; d=e); name=(f)"g(h)"', 'a/b', { name: 'g(h)' }],
		['a/b; name=one two.pdf; x=1', 'a/b', { name: 'one two.pdf', x: '1' }],
		['a/b; name="open', 'a/b', { name: 'open' }],
		['a/b;; ; name=x;', 'a/b', { name: 'x' }],
		['a/b; name=first; name=second', 'a/b', { name: 'first' }],
		["a/b; name*=utf-8'en'%E2%82%AC.pdf", 'a/b', { name: '€.pdf' }],
		["a/b; name*0*=utf-8''%E2; name*1*=%82%AC; name*2=.pdf", 'a/b', { name: '€.pdf' }],
		['a/b; name*1=b; name*0=a', 'a/b', { name: 'ab' }],
		["a/b; name=utf-8''%E2%82%AC.pdf", 'a/b', { name: '€.pdf' }],
		['a/b; name="=?utf-8?B?4oKs?="', 'a/b', { name: '€' }],
		["a/b; name=it's; x='y'", 'a/b', { name: "it's", x: "'y'" }],
	])('is read: %s', (text, value, parameters) => {
		expect(parse(text)).toEqual({ value, parameters });
	});

	it('changes no prototype, whatever the sender calls his parameters', () => {
		const { parameters } = parseStructuredValue(
			"a/b; __proto__=x; __proto__*0*=utf-8''y; constructor=z",
		);
		expect(({} as Record<string, unknown>)['x']).toBeUndefined();
		expect(Object.getPrototypeOf(parameters)).toBeNull();
		expect(parameters['toString']).toBeUndefined();
	});

	it('is read in linear time', () => {
		const start = performance.now();
		for (const text of [
			`a/b; name="${'\\'.repeat(100_000)}`,
			`a/b${'; '.repeat(50_000)}`,
			`a/b; ${'('.repeat(100_000)}`,
			`a/b${';a=b'.repeat(25_000)}`,
			`a/b; ${'a'.repeat(100_000)}`,
			`a/b;${' '.repeat(100_000)}x`,
			`a/b; name*0*=${"'".repeat(100_000)}`,
		]) {
			parseStructuredValue(text);
		}
		expect(performance.now() - start).toBeLessThan(1_000);
	});
});
