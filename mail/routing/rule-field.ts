import { toExcerpt } from '../excerpt';
import { toAddressAlternative } from './address-pattern';
import { toAttachmentAlternative } from './attachment-type';
import type { CompanyDirectory } from './company-directory';
import { createSetCondition, type Condition } from './condition';
import type { RuleField } from './route';
import type { Refuse } from './refusal';
import { foldText } from './text-fold';
import { splitFilledList } from './value-list';

export interface RuleContext {
	readonly directory: CompanyDirectory;
	readonly refuse: Refuse;
}

/** Reads a rule's value as typed, once; the condition then answers for each message. */
export type CompileRule = (value: string, context: RuleContext) => Condition;

/** One row per rule kind; what the user reads about it is the row of the same field in `rule-field-text.ts`. */
export const ruleFields: Readonly<Record<RuleField, CompileRule>> = {
	attachmentType: (value, { refuse }) =>
		createSetCondition(
			splitFilledList(value, 'attachment types', refuse).map((pattern) =>
				toAttachmentAlternative(pattern, refuse),
			),
			(view) => view.attachmentKeys,
		),
	importance: () => (view) => (view.important ? 'importance is high' : undefined),
	recipient: (value, { refuse }) => compileRecipients(value, refuse),
	sender: (value, { refuse }) =>
		createSetCondition(
			splitFilledList(value, 'senders', refuse).map((pattern) =>
				toAddressAlternative(pattern, 'sender', refuse),
			),
			(view) => view.senderKeys,
		),
	company: (value, { directory, refuse }) => compileCompanies(value, directory, refuse),
	subject: (value, { refuse }) => compileKeyWords(value, refuse),
};

/** The recipients of a rule, and of a route itself. */
export function compileRecipients(value: string, refuse: Refuse): Condition {
	return createSetCondition(
		splitFilledList(value, 'recipients', refuse).map((pattern) =>
			toAddressAlternative(pattern, 'recipient', refuse),
		),
		(view) => view.recipientKeys,
	);
}

function compileKeyWords(value: string, refuse: Refuse): Condition {
	const keyWords = splitFilledList(value, 'key words', refuse).map((keyWord) => ({
		folded: foldText(keyWord),
		because: `subject contains ${toExcerpt(keyWord)}`,
	}));
	return ({ subject }) => keyWords.find(({ folded }) => subject.includes(folded))?.because;
}

function compileCompanies(value: string, directory: CompanyDirectory, refuse: Refuse): Condition {
	const keys = new Set<string>();
	for (const name of splitFilledList(value, 'companies', refuse)) {
		const company = directory.byName(name);
		if (company === undefined) {
			return refuse(`the company directory has no company ${toExcerpt(name)}`);
		}
		keys.add(company.key);
	}
	return ({ company }) =>
		company !== undefined && keys.has(company.key)
			? `company of the sender is ${toExcerpt(company.name)}`
			: undefined;
}
