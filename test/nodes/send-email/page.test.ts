import fc from 'fast-check';
import { Parser } from 'htmlparser2';
import type { FormField } from '../../../nodes/SendEmail/response/field';
import { toDecisionForm, toForm } from '../../../nodes/SendEmail/response/form';
import { readFormAnswer } from '../../../nodes/SendEmail/response/form-answer';
import { toPage } from '../../../nodes/SendEmail/response/page';
import { toRequestBody } from '../../../nodes/SendEmail/response/request-body';

interface Seen {
	/** Names of the tags with those of their attributes. */
	readonly tags: string[];
	readonly text: string;
	readonly values: readonly string[];
}

/** What a browser finds in HTML. */
function read(html: string): Seen {
	const tags: string[] = [];
	const values: string[] = [];
	let text = '';
	const parser = new Parser({
		onopentag: (name, attributes) => {
			tags.push([name, ...Object.keys(attributes)].join(' '));
			values.push(...Object.values(attributes));
		},
		ontext: (piece) => (text += piece),
	});
	parser.end(html);
	return { tags, text, values };
}

/** Text that tries to leave its place. */
const hostile = fc
	.array(
		fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.constantFrom('<script>', '</textarea>', '"', "'", '>', '&lt;', '</style>', '<!--', '-->'),
		),
	)
	.map((parts) => parts.join(''));

const field = (changes: Partial<FormField> = {}): FormField => ({
	name: 'f',
	label: 'Label',
	type: 'text',
	required: false,
	choices: [],
	...changes,
});

test('no text of a workflow or a visitor becomes markup', () => {
	const toAll = (text: string) => {
		const fields = (['text', 'textarea', 'dropdown', 'checkbox'] as const).map((type) =>
			field({ type, label: text, choices: [text] }),
		);
		const typed = Object.fromEntries(fields.map((_field, index) => [`field-${index}`, text]));
		const answer = readFormAnswer(fields, typed);
		return [
			toPage(text, text, toDecisionForm('approve', text) + toForm(fields, text, answer)),
			toRequestBody(text, [{ label: text, url: `https://x.example/?a=${text}`, isDecline: true }])
				.html,
		].join('');
	};
	// Both with something to show, so that the same elements are there.
	const plain = read(toAll('plain'));
	fc.assert(
		fc.property(hostile, (text) => {
			fc.pre(text.trim() !== '' && text.length < 300);
			const tags = read(toAll(text)).tags.filter((tag) => !/^(br|p class id)$/.test(tag));
			const withoutState = (tag: string) => tag.replace(/ (selected|checked|aria-\S+)/g, '');
			expect(tags.map(withoutState)).toEqual(
				plain.tags.filter((tag) => tag !== 'br').map(withoutState),
			);
		}),
	);
});

test('what was typed stands in the form again as it was', () => {
	const fields = [field(), field({ name: 'long', type: 'textarea' })];
	const typed = { 'field-0': '"><b>', 'field-1': '\n</textarea>&amp;' };

	const html = toForm(fields, 'Submit', readFormAnswer(fields, typed));

	expect(read(html).values).toContain('"><b>');
	expect(html).toContain('>\n\n&lt;/textarea&gt;&amp;amp;</textarea>');
});
