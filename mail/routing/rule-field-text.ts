import type { RuleField } from './route';

/** What a user reads about a kind of rule. Descriptions are sentence fragments without a final period. */
export interface RuleFieldText {
	readonly field: RuleField;
	readonly label: string;
	readonly description: string;
	/** What belongs into the value; absent: the rule needs none, and one that is there is ignored. */
	readonly value?: {
		readonly label: string;
		readonly placeholder: string;
		readonly description: string;
	};
}

/** Every kind of rule, in the order of the editor. Its function is the row of the same field in `rule-field.ts`. */
export const ruleFieldTexts: readonly RuleFieldText[] = [
	{
		field: 'attachmentType',
		label: 'Attachment Type',
		description: 'An attachment has one of these file extensions or MIME types',
		value: {
			label: 'Attachment Types',
			placeholder: 'e.g. .pdf; .docx; image/*',
			description:
				'File extensions or MIME types, separated by semicolons. One of them is enough; images inside the text do not count.',
		},
	},
	{
		field: 'importance',
		label: 'Important',
		description: 'The sender marked the e-mail as important',
	},
	{
		field: 'recipient',
		label: 'Recipient',
		description: 'To, Cc or Bcc has one of these addresses or domains',
		value: {
			label: 'Recipients',
			placeholder: 'e.g. support@example.com; *@example.org',
			description:
				'Addresses, separated by semicolons; *@example.org for a whole domain, *@*.example.org for its sub-domains. One of them is enough.',
		},
	},
	{
		field: 'sender',
		label: 'Sender',
		description: 'From has one of these addresses or domains',
		value: {
			label: 'Senders',
			placeholder: 'e.g. jane@example.com; *@example.org',
			description:
				'Addresses, separated by semicolons; *@example.org for a whole domain, *@*.example.org for its sub-domains. One of them is enough.',
		},
	},
	{
		field: 'company',
		label: 'Sender Company',
		description: 'The sender belongs to one of these companies of the directory',
		value: {
			label: 'Companies',
			placeholder: 'e.g. Acme; Example Ltd',
			description:
				'Names from the company directory, separated by semicolons. One of them is enough.',
		},
	},
	{
		field: 'subject',
		label: 'Subject Key Words',
		description: 'The subject contains one of these key words',
		value: {
			label: 'Key Words',
			placeholder: 'e.g. invoice; payment reminder',
			description:
				'Words or phrases, separated by semicolons; double quotes keep a semicolon that belongs to a phrase. One of them is enough, upper and lower case are the same.',
		},
	},
];
