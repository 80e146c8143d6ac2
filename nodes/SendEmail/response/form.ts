import { escapeHtml } from '../../../mail/html-escape';
import type { FormField } from './field';
import { type FormAnswer, toInputName } from './form-answer';
import { LINE_CHARACTERS, TEXT_CHARACTERS } from './limit';

/** What the button of the approval page sends: a POST without it decides nothing. */
export const DECISION = 'decision';

export type Decision = 'approve' | 'decline';

/** The button that confirms. Without an action a form goes to the address of its page, with n8n's signature. */
export function toDecisionForm(decision: Decision, label: string): string {
	return [
		'<form method="post">',
		`<input type="hidden" name="${DECISION}" value="${decision}">`,
		`<button type="submit" class="${decision}">${escapeHtml(label)}</button>`,
		'</form>',
	].join('\n');
}

/** @param answer set: the form is shown again, with what was typed and what is wrong with it */
export function toForm(
	fields: readonly FormField[],
	submitLabel: string,
	answer?: FormAnswer,
): string {
	return [
		// The only type that n8n takes where it finds `customForm` in a node that waits.
		'<form method="post" enctype="multipart/form-data">',
		...fields.map((field, index) =>
			toField(field, index, answer?.typed[index] ?? '', answer?.problems.get(index)),
		),
		`<button type="submit">${escapeHtml(submitLabel)}</button>`,
		'</form>',
	].join('\n');
}

function toField(
	field: FormField,
	index: number,
	typed: string,
	problem: string | undefined,
): string {
	const id = toInputName(index);
	const attributes = [
		`id="${id}"`,
		`name="${id}"`,
		field.required ? 'required' : '',
		problem === undefined ? '' : `aria-invalid="true" aria-describedby="${id}-problem"`,
	]
		.filter(Boolean)
		.join(' ');
	const label = `<label for="${id}"${field.required ? ' class="required"' : ''}>${escapeHtml(field.label)}</label>`;
	const isTick = field.type === 'checkbox';
	const input = toInput(field, attributes, typed);
	return [
		`<div class="field${isTick ? ' tick' : ''}">`,
		...(isTick ? [input, label] : [label, input]),
		problem === undefined ? '' : `<p class="problem" id="${id}-problem">${escapeHtml(problem)}</p>`,
		'</div>',
	]
		.filter(Boolean)
		.join('\n');
}

function toInput(
	{ type, choices, required }: FormField,
	attributes: string,
	typed: string,
): string {
	switch (type) {
		case 'checkbox':
			return `<input type="checkbox" ${attributes} value="yes"${typed === '' ? '' : ' checked'}>`;
		case 'dropdown':
			return [
				`<select ${attributes}>`,
				// An empty first choice: nobody chooses by overlooking.
				`<option value="">${required ? '' : '–'}</option>`,
				...choices.map((choice) => toChoice(choice, choice === typed)),
				'</select>',
			].join('\n');
		case 'textarea':
			// HTML drops the first line break behind the tag.
			return `<textarea ${attributes} maxlength="${TEXT_CHARACTERS}">\n${escapeHtml(typed)}</textarea>`;
		case 'date':
		case 'email':
		case 'number':
		case 'text': {
			const step = type === 'number' ? ' step="any"' : '';
			return `<input type="${type}" ${attributes}${step} maxlength="${LINE_CHARACTERS}" value="${escapeHtml(typed)}">`;
		}
	}
}

function toChoice(choice: string, isChosen: boolean): string {
	const value = escapeHtml(choice);
	return `<option value="${value}"${isChosen ? ' selected' : ''}>${value}</option>`;
}
