import fc from 'fast-check';
import {
	type FieldType,
	fieldTypes,
	type FormField,
	readFields,
} from '../../../nodes/SendEmail/response/field';
import { readFormAnswer } from '../../../nodes/SendEmail/response/form-answer';

const toField = (type: FieldType, changes: Partial<FormField> = {}): FormField => ({
	name: 'f',
	label: 'F',
	type,
	required: false,
	choices: ['red', 'blue'],
	...changes,
});

function valueOf(type: FieldType, typed: unknown) {
	const { values, problems } = readFormAnswer([toField(type)], { 'field-0': typed });
	return problems.size > 0 ? 'refused' : values['f'];
}

test.each<[FieldType, unknown, unknown]>([
	['text', ' a\r\nBcc: b ', 'a Bcc: b'],
	['text', 'x'.repeat(1001), 'refused'],
	['textarea', 'a\r\nb', 'a\nb'],
	['textarea', 'x'.repeat(20_001), 'refused'],
	['number', '1e2', 100],
	['number', '-0.5', -0.5],
	['number', 'Infinity', 'refused'],
	['number', 'ten', 'refused'],
	['date', '2026-02-28', '2026-02-28'],
	['date', '2026-02-30', 'refused'],
	['date', '28.2.2026', 'refused'],
	['email', 'ann@example.test', 'ann@example.test'],
	['email', 'ann@example.test, bob@example.test', 'refused'],
	['email', 'Ann <ann@example.test>', 'refused'],
	['dropdown', 'red', 'red'],
	['dropdown', 'green', 'refused'],
	['checkbox', 'yes', true],
	['checkbox', undefined, false],
	['text', undefined, null],
	['number', '', null],
])('as %s, %j is %j', (type, typed, expected) => {
	expect(valueOf(type, typed)).toEqual(expected);
});

test.each(fieldTypes)('a required field of type %s must be filled in', (type) => {
	const { problems } = readFormAnswer([toField(type, { required: true })], { 'field-0': '' });
	expect([...problems.keys()]).toEqual([0]);
});

test('whatever is sent, the answer has exactly the fields of the form', () => {
	const fields = fieldTypes.map((type) => toField(type, { name: type }));
	fc.assert(
		fc.property(fc.anything(), fc.dictionary(fc.string(), fc.anything()), (any, more) => {
			for (const body of [any, more, { 'field-0': any, 'field-1': any, constructor: any }]) {
				expect(Object.keys(readFormAnswer(fields, body).values)).toEqual([...fieldTypes]);
			}
		}),
	);
});

test('a label stands in for a name, and choices are one per line', () => {
	expect(readFields([{ label: 'Colour', type: 'dropdown', choices: 'red\r\n\n blue ' }])).toEqual([
		{
			name: 'Colour',
			label: 'Colour',
			type: 'dropdown',
			required: false,
			choices: ['red', 'blue'],
		},
	]);
});

test.each([
	['two fields of one name', [{ label: 'A' }, { name: 'A' }], 'two fields have the name "A"'],
	['no label', [{ label: 'A' }, { label: ' ' }], 'field 2 has no label'],
	['a name that is no property', [{ label: '__proto__' }], 'field 1 has no label'],
	['a drop-down without choices', [{ label: 'A', type: 'dropdown' }], '"A" has no choices'],
	['an unknown type', [{ label: 'A', type: 'file' }], 'field 1, type'],
	['a list of fields that is none', { label: 'A' }, 'Form: it'],
	['too many fields', Array.from({ length: 51 }, (_, i) => ({ label: `${i}` })), 'more than 50'],
])('%s is refused', (_what, fields, reason) => {
	expect(() => readFields(fields)).toThrow(reason);
});
