import type { RuleField, RuleOperator } from './route';

/** A choice that a user makes from a list. */
export interface Choice<T extends string = string> {
	readonly value: T;
	readonly label: string;
	readonly description?: string;
}

/** What a user reads about a kind of rule. Descriptions are sentence fragments without a final period. */
export interface RuleFieldText {
	readonly field: RuleField;
	readonly label: string;
	readonly description: string;
	/** The first is the usual one; absent: there is only one way to compare. */
	readonly operators?: ReadonlyArray<Choice<RuleOperator>>;
	/** What belongs into the value; absent: the rule needs none, and one that is there is ignored. */
	readonly value?: {
		readonly label: string;
		readonly placeholder: string;
		readonly description: string;
		/** The value is one or several of these; absent: it is typed. */
		readonly choices?: readonly Choice[];
		/** Beside what is typed, names that the host offers out of the company directory. */
		readonly offered?: { readonly label: string; readonly description: string };
	};
}

const list = 'separated by semicolons. One of them is enough.';

const textOperators: ReadonlyArray<Choice<RuleOperator>> = [
	{ value: 'contains', label: 'Contains' },
	{ value: 'is', label: 'Is' },
	{ value: 'beginsWith', label: 'Begins With' },
	{ value: 'endsWith', label: 'Ends With' },
	{
		value: 'matches',
		label: 'Matches Pattern',
		description:
			'A regular expression in RE2 syntax. Named groups such as (?P<order>[0-9]+) arrive as data in the item.',
	},
];

const keyWords = {
	label: 'Key Words',
	placeholder: 'e.g. invoice; payment reminder',
	description:
		'Words or phrases, separated by semicolons; double quotes keep a semicolon that belongs to a phrase. One of them is enough, upper and lower case are the same. Or one pattern.',
};

const addresses = `Addresses, *@example.org for a whole domain, *@*.example.org for its sub-domains; ${list}`;

/** Every kind of rule, in the order of the editor. Its function is the row of the same field in `rule-field.ts`. */
export const ruleFieldTexts: readonly RuleFieldText[] = [
	{
		field: 'attachmentName',
		label: 'Attachment Name',
		description: 'The file name of an attachment',
		operators: textOperators,
		value: { ...keyWords, placeholder: 'e.g. invoice; order' },
	},
	{
		field: 'attachmentType',
		label: 'Attachment Type',
		description: 'An attachment has one of these file extensions or MIME types',
		value: {
			label: 'Attachment Types',
			placeholder: 'e.g. .pdf; .docx; image/*',
			description: `File extensions or MIME types, ${list} Images inside the text do not count.`,
		},
	},
	{
		field: 'authentication',
		label: 'Authentication',
		description: 'What your mail server found out about SPF, DKIM and DMARC',
		value: {
			label: 'Verdicts',
			placeholder: 'e.g. dmarc=fail',
			description: 'One of them is enough. Needs the option Trusted Authentication Servers.',
			choices: [
				{ value: 'dkim=fail', label: 'DKIM Failed' },
				{ value: 'dkim=pass', label: 'DKIM Passed' },
				{ value: 'dmarc=fail', label: 'DMARC Failed' },
				{ value: 'dmarc=pass', label: 'DMARC Passed' },
				{ value: 'spf=fail', label: 'SPF Failed' },
				{ value: 'spf=pass', label: 'SPF Passed' },
			],
		},
	},
	{
		field: 'bounce',
		label: 'Bounced Recipient',
		description: 'A report of non-delivery tells this of one of its recipients',
		operators: [
			{ value: 'status', label: 'Status' },
			{ value: 'address', label: 'Address' },
		],
		value: {
			label: 'Statuses or Addresses',
			placeholder: 'e.g. permanent; 4.2.2',
			description: `With Status: permanent, temporary, success, or codes such as 5.1.1 or 5.7. With Address: ${addresses.charAt(0).toLowerCase()}${addresses.slice(1)}`,
		},
	},
	{
		field: 'calendar',
		label: 'Calendar Method',
		description: 'What a calendar invitation is: new, cancelled, answered',
		value: {
			label: 'Methods',
			placeholder: 'e.g. request',
			description: 'One of them is enough',
			choices: [
				{ value: 'accepted', label: 'Accepted', description: 'A reply that accepts' },
				{ value: 'cancel', label: 'Cancelled', description: 'The event is taken back' },
				{ value: 'counter', label: 'Counter-Proposal', description: 'Asks for another time' },
				{ value: 'declined', label: 'Declined', description: 'A reply that declines' },
				{ value: 'publish', label: 'Published', description: 'Only tells of an event' },
				{ value: 'reply', label: 'Reply', description: 'Any answer to an invitation' },
				{ value: 'request', label: 'Request', description: 'An invitation or a change of it' },
				{ value: 'tentative', label: 'Tentative', description: 'A reply that may accept' },
			],
		},
	},
	{
		field: 'header',
		label: 'Header',
		description: 'Any header of the e-mail',
		operators: textOperators,
		value: keyWords,
	},
	{
		field: 'importance',
		label: 'Important',
		description: 'The sender marked the e-mail as important',
	},
	{
		field: 'kind',
		label: 'Kind',
		description: 'What the e-mail is: a reply, a bounce, an out-of-office note, and so on',
		value: {
			label: 'Kinds',
			placeholder: 'e.g. bounce',
			description: 'One of them is enough',
			choices: [
				{ value: 'automatic', label: 'Automatic', description: 'Made by a program' },
				{ value: 'bounce', label: 'Bounce', description: 'A report of non-delivery' },
				{ value: 'bulk', label: 'Bulk', description: 'Newsletters and mailing lists' },
				{ value: 'calendarInvitation', label: 'Calendar Invitation' },
				{ value: 'mailingList', label: 'Mailing List' },
				{ value: 'newThread', label: 'New Thread', description: 'Answers no other e-mail' },
				{ value: 'outOfOffice', label: 'Out of Office' },
				{ value: 'reply', label: 'Reply' },
			],
		},
	},
	{
		field: 'mark',
		label: 'Mark',
		description: 'How the e-mail is marked on the server',
		value: {
			label: 'Marks',
			placeholder: 'e.g. flagged',
			description: `read, unread, flagged, keywords of the server (categories in Outlook), or focused and other with Microsoft Graph, ${list}`,
		},
	},
	{
		field: 'recipient',
		label: 'Recipient',
		description: 'The e-mail goes to one of these addresses or domains',
		operators: [
			{ value: 'visible', label: 'In To, Cc or Bcc' },
			{ value: 'to', label: 'In To' },
			{ value: 'cc', label: 'In Cc' },
			{
				value: 'delivered',
				label: 'Delivered To',
				description:
					'The address that the mail server delivered to (Delivered-To, X-Original-To), also for blind copies and forwarded e-mails',
			},
		],
		value: {
			label: 'Recipients',
			placeholder: 'e.g. support@example.com; *@example.org',
			description: addresses,
		},
	},
	{
		field: 'sender',
		label: 'Sender',
		description: 'From has one of these addresses or domains',
		value: {
			label: 'Senders',
			placeholder: 'e.g. jane@example.com; *@example.org',
			description: addresses,
		},
	},
	{
		field: 'company',
		label: 'Sender Company',
		description: 'The sender belongs to one of these companies of the directory',
		value: {
			label: 'Companies by Name',
			placeholder: 'e.g. Acme; Example Ltd',
			description: `Further names from the company directory, ${list} For a directory that the editor cannot read.`,
			offered: {
				label: 'Companies',
				description:
					'Choose from the company directory, or specify names using an expression. One of them is enough.',
			},
		},
	},
	{
		field: 'size',
		label: 'Size',
		description: 'How large the whole e-mail is, with its attachments',
		operators: [
			{ value: 'larger', label: 'Larger Than' },
			{ value: 'smaller', label: 'Smaller Than' },
		],
		value: { label: 'Size (kB)', placeholder: 'e.g. 500', description: 'In kilobytes' },
	},
	{
		field: 'subject',
		label: 'Subject',
		description: 'The subject of the e-mail',
		operators: textOperators,
		value: keyWords,
	},
	{
		field: 'body',
		label: 'Text',
		description: 'The readable text of the e-mail',
		operators: textOperators,
		value: { ...keyWords, placeholder: 'e.g. cancel my order; refund' },
	},
];
