import * as z from 'zod';
import { parseAddress } from '../../../mail/address';
import type { FormField } from './field';
import { LINE_CHARACTERS, TEXT_CHARACTERS } from './limit';

/** Null: an optional field that was left empty. */
export type FieldValue = string | number | boolean | null;

export interface FormAnswer {
	/** As they were typed, by position, so that the form can be shown again. */
	readonly typed: readonly string[];
	/** By position: why a value is not taken. */
	readonly problems: ReadonlyMap<number, string>;
	/** By name of field. Complete if there are no problems. */
	readonly values: Readonly<Record<string, FieldValue>>;
}

/** Fields go by their position: nothing that a browser sends names a property. */
export function toInputName(index: number): string {
	return `field-${index}`;
}

const typedText = z.union([z.string(), z.array(z.string()).transform((all) => all.join('\n'))]);

/** Reads what a browser sent. Whoever has the link may send anything: nothing is taken on trust, nothing throws. */
export function readFormAnswer(fields: readonly FormField[], body: unknown): FormAnswer {
	const sent = z
		.record(z.string(), z.unknown())
		.catch({})
		.parse({ ...Object(body) });
	const typed = fields.map((_field, index) =>
		typedText.catch('').parse(sent[toInputName(index)] ?? ''),
	);
	const problems = new Map<number, string>();
	const values = fields.map((field, index): [string, FieldValue] => {
		const result = toValue(field, typed[index] ?? '');
		if ('problem' in result) problems.set(index, result.problem);
		return [field.name, 'value' in result ? result.value : null];
	});
	return { typed, problems, values: Object.fromEntries(values) };
}

type Result = { readonly value: FieldValue } | { readonly problem: string };

function toValue(field: FormField, typed: string): Result {
	if (field.type === 'checkbox') {
		const value = typed !== '';
		return field.required && !value ? { problem: 'Please tick this box' } : { value };
	}
	const isLong = field.type === 'textarea';
	const text = isLong
		? typed.replace(/\r\n?/g, '\n').trim()
		: typed.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
	if (text === '')
		return field.required ? { problem: 'Please fill in this field' } : { value: null };
	const most = isLong ? TEXT_CHARACTERS : LINE_CHARACTERS;
	if (text.length > most) return { problem: `Please use at most ${most} characters` };
	return readers[field.type](text, field);
}

const readers: Readonly<
	Record<Exclude<FormField['type'], 'checkbox'>, (text: string, field: FormField) => Result>
> = {
	date: (text) => (isDate(text) ? { value: text } : { problem: 'Please enter a date: YYYY-MM-DD' }),
	dropdown: (text, { choices }) =>
		choices.includes(text) ? { value: text } : { problem: 'Please choose one of the list' },
	email: (text) =>
		isAddress(text) ? { value: text } : { problem: 'Please enter one e-mail address' },
	number: (text) =>
		Number.isFinite(Number(text)) ? { value: Number(text) } : { problem: 'Please enter a number' },
	text: (text) => ({ value: text }),
	textarea: (text) => ({ value: text }),
};

/** A day that exists. */
function isDate(text: string): boolean {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
	const date = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isAddress(text: string): boolean {
	try {
		return parseAddress(text, 'Email').address === text;
	} catch {
		// It throws for everything that is no address, which is the answer.
		return false;
	}
}
