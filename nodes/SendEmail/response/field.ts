import * as z from 'zod';
import { MailError } from '../../../mail/errors';
import { FIELD_CHOICES, FORM_FIELDS, LABEL_CHARACTERS } from './limit';

export const fieldTypes = [
	'checkbox',
	'date',
	'dropdown',
	'email',
	'number',
	'text',
	'textarea',
] as const;

export type FieldType = (typeof fieldTypes)[number];

export interface FormField {
	/** Under which the answer arrives. */
	readonly name: string;
	/** What stands above the field. */
	readonly label: string;
	readonly type: FieldType;
	readonly required: boolean;
	/** Of a drop-down. */
	readonly choices: readonly string[];
}

const line = z
	.union([z.string(), z.number(), z.boolean()])
	.nullish()
	.transform((value) => String(value ?? '').trim())
	.refine((text) => text.length <= LABEL_CHARACTERS, {
		error: `must be at most ${LABEL_CHARACTERS} characters`,
	});

const choices = z
	.union([z.array(line), z.string().transform((text) => text.split(/\r\n?|\n/))])
	.nullish()
	.transform((given) => (given ?? []).map((choice) => choice.trim()).filter(Boolean))
	.refine((list) => list.length <= FIELD_CHOICES, {
		error: `must be at most ${FIELD_CHOICES} choices`,
	});

const field = z.object({
	name: line,
	label: line,
	type: z.enum(fieldTypes).default('text'),
	required: z.boolean().default(false),
	choices,
});

const form = z.array(field);

/**
 * The fields of a form, as the editor's list or as JSON. Either of label and name stands in for the other.
 * Throws `settings.invalid`, which names the field.
 */
export function readFields(value: unknown): FormField[] {
	const result = form.safeParse(typeof value === 'string' ? toParsed(value) : value);
	if (!result.success) throw refuse(toPlace(result.error.issues[0]));
	const fields = result.data.map((given) => ({
		...given,
		name: given.name || given.label,
		label: given.label || given.name,
	}));
	if (fields.length === 0) throw refuse('there is no field');
	if (fields.length > FORM_FIELDS) throw refuse(`there are more than ${FORM_FIELDS} fields`);
	fields.forEach((each, index) => {
		checkField(
			each,
			index + 1,
			fields.slice(0, index).map(({ name }) => name),
		);
	});
	return fields;
}

function checkField(
	{ name, type, choices: given }: FormField,
	number: number,
	before: readonly string[],
): void {
	// The second would change the object that the answers are put into.
	if (name === '' || name === '__proto__') throw refuse(`field ${number} has no label`);
	if (before.includes(name)) throw refuse(`two fields have the name "${name}"`);
	if (type === 'dropdown' && given.length === 0) throw refuse(`"${name}" has no choices`);
}

function toParsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw refuse('it is no valid JSON');
	}
}

function toPlace(issue: z.core.$ZodIssue | undefined): string {
	const [index, property] = issue?.path ?? [];
	const place = typeof index === 'number' ? `field ${index + 1}` : 'it';
	return `${place}${property === undefined ? '' : `, ${String(property)}`}: ${issue?.message ?? 'not valid'}`;
}

function refuse(reason: string): MailError {
	return new MailError('settings.invalid', {
		subject: `Form: ${reason}`,
		remedy:
			'Give each field a label; as JSON: [{ "label": "Reason", "name": "reason", "type": "text", "required": true }]. A field of type dropdown needs choices.',
	});
}
