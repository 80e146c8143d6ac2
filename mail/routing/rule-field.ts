import { toExcerpt } from '../excerpt';
import { toAddressAlternative } from './address-pattern';
import { toAttachmentAlternative } from './attachment-type';
import type { CompanyDirectory } from './company-directory';
import { createSetCondition, type Condition } from './condition';
import type { EnvelopeView } from './envelope-view';
import type { RuleField, RuleOperator } from './route';
import type { Refuse } from './refusal';
import { compileBounceStatus } from './rule-bounce';
import { compileCalendarMethods } from './rule-calendar';
import { compileAuthentication, compileKinds, compileMarks, compileSize } from './rule-fact';
import { compileTextRule } from './rule-text';
import { splitFilledList } from './value-list';

export interface RuleContext {
	readonly directory: CompanyDirectory;
	readonly trustedServers: readonly string[];
	readonly refuse: Refuse;
}

/** A rule as typed, with its operator filled in. */
export interface RuleValue {
	readonly operator: RuleOperator;
	readonly value: string;
	readonly header: string;
}

/** Reads a rule as typed, once; the condition then answers for each message. */
export type CompileRule = (rule: RuleValue, context: RuleContext) => Condition;

/** One row per rule kind; what the user reads about it is the row of the same field in `rule-field-text.ts`. */
export const ruleFields: Readonly<Record<RuleField, CompileRule>> = {
	attachmentName: ({ operator, value }, { refuse }) => {
		const source = { name: 'attachment name', texts: (view: EnvelopeView) => view.attachmentNames };
		return compileTextRule(source, operator, value, refuse);
	},
	attachmentType: ({ value }, { refuse }) =>
		createSetCondition(
			splitFilledList(value, 'attachment types', refuse).map((pattern) =>
				toAttachmentAlternative(pattern, refuse),
			),
			(view) => view.attachmentKeys,
		),
	authentication: ({ value }, { trustedServers, refuse }) =>
		compileAuthentication(value, trustedServers, refuse),
	body: ({ operator, value }, { refuse }) => {
		const source = { name: 'text', texts: (view: EnvelopeView) => view.bodyText };
		return compileTextRule(source, operator, value, refuse);
	},
	bounce: ({ operator, value }, { refuse }) =>
		operator === 'address'
			? createSetCondition(
					splitFilledList(value, 'recipients', refuse).map((pattern) =>
						toAddressAlternative(pattern, 'bounced recipient', refuse),
					),
					(view) => view.bouncedKeys,
				)
			: compileBounceStatus(value, refuse),
	calendar: ({ value }, { refuse }) => compileCalendarMethods(value, refuse),
	company: ({ value }, { directory, refuse }) => compileCompanies(value, directory, refuse),
	header: ({ operator, value, header }, { refuse }) => {
		const name = header.trim().replace(/:$/, '').toLowerCase();
		// RFC 5322, section 3.6.8.
		if (!/^[\x21-\x39\x3b-\x7e]+$/.test(name)) {
			return refuse(`${toExcerpt(header)} is not the name of a header`);
		}
		const texts = (view: EnvelopeView) => view.header(name);
		return compileTextRule({ name: `header ${name}`, texts }, operator, value, refuse);
	},
	importance: () => (view) => (view.important ? { because: 'importance is high' } : undefined),
	kind: ({ value }, { refuse }) => compileKinds(value, refuse),
	mark: ({ value }, { refuse }) => compileMarks(value, refuse),
	recipient: ({ operator, value }, { refuse }) => compileRecipients(value, refuse, operator),
	sender: ({ value }, { refuse }) =>
		createSetCondition(
			splitFilledList(value, 'senders', refuse).map((pattern) =>
				toAddressAlternative(pattern, 'sender', refuse),
			),
			(view) => view.senderKeys,
		),
	size: ({ operator, value }, { refuse }) => compileSize(operator, value, refuse),
	subject: ({ operator, value }, { refuse }) => {
		const source = { name: 'subject', texts: (view: EnvelopeView) => view.subject };
		return compileTextRule(source, operator, value, refuse);
	},
};

type RecipientPlace = Readonly<{
	name: string;
	keys(view: EnvelopeView): ReadonlySet<string>;
}>;

const visible: RecipientPlace = { name: 'recipient', keys: (view) => view.recipientKeys };

const recipientPlaces: Readonly<Partial<Record<RuleOperator, RecipientPlace>>> = {
	visible,
	to: { name: 'recipient in To', keys: (view) => view.toKeys },
	cc: { name: 'recipient in Cc', keys: (view) => view.ccKeys },
	delivered: { name: 'delivery address', keys: (view) => view.deliveredKeys },
};

/** The recipients of a rule, and of a route itself. */
export function compileRecipients(
	value: string,
	refuse: Refuse,
	operator: RuleOperator = 'visible',
): Condition {
	const { name, keys } = recipientPlaces[operator] ?? visible;
	return createSetCondition(
		splitFilledList(value, 'recipients', refuse).map((pattern) =>
			toAddressAlternative(pattern, name, refuse),
		),
		keys,
	);
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
			? { because: `company of the sender is ${toExcerpt(company.name)}` }
			: undefined;
}
