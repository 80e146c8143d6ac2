import { unwrapFlowed } from '../../../../mail/drivers/mime/flowed-text';

describe('unwrapFlowed', () => {
	it('joins lines that end with a space', () => {
		expect(unwrapFlowed('one \ntwo\nthree', false)).toBe('one two\nthree');
	});

	it('drops that space where it belongs to the break', () => {
		expect(unwrapFlowed('東 \n京', true)).toBe('東京');
	});

	it('never joins different depths of quoting', () => {
		expect(unwrapFlowed('> a \n>> b \nc', false)).toBe('> a \n>> b \nc');
		expect(unwrapFlowed('> a \n> b', false)).toBe('> a b');
	});

	it('takes off the stuffed space and leaves the signature alone', () => {
		expect(unwrapFlowed(' From me \n-- \nAda', false)).toBe('From me \n-- \nAda');
	});

	it('reads a megabyte of soft breaks in a moment', () => {
		const from = performance.now();
		unwrapFlowed('word \n'.repeat(200_000), false);
		expect(performance.now() - from).toBeLessThan(1_000);
	});
});
