import { simpleParser } from 'mailparser';
import { executeSendEmail } from '../../nodes/SendEmail/run';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink';
import { linksOf, WaitingNode, type WaitingNodeOptions } from '../support/waiting-node';

let sink: SmtpSink;

beforeEach(async () => {
	sink = await startSmtpSink();
});

afterEach(async () => await sink.close());

const parameters = {
	operation: 'sendAndWait',
	to: 'ann@example.test',
	subject: 'Invoice 4711',
	message: 'Please look at it.',
	responseType: 'approval',
	approvalType: 'double',
	responseOptions: {},
	options: {},
};

function toNode(
	changes: Record<string, unknown> = {},
	options: Partial<Omit<WaitingNodeOptions, 'parameters'>> = {},
): WaitingNode {
	return new WaitingNode({
		items: [{ json: { invoice: 4711 } }],
		credential: {
			emailService: 'other',
			useFor: 'outgoing',
			authentication: 'none',
			outgoingHost: sink.host,
			outgoingPort: sink.port,
			outgoingSecurity: 'none',
			primaryAddress: 'support@example.test',
			signatureText: 'Your support',
		},
		...options,
		parameters: { ...parameters, ...changes },
	});
}

/** Asks, and gives the links of the e-mail. */
async function ask(node: WaitingNode): Promise<Record<string, string>> {
	await executeSendEmail(node.context);
	const mail = await simpleParser(sink.mails.at(-1)?.raw ?? '');
	return linksOf(mail.text);
}

async function failure(node: WaitingNode): Promise<string> {
	const error: unknown = await executeSendEmail(node.context).catch((thrown: unknown) => thrown);
	return error instanceof Error ? error.message : 'it did not fail';
}

test('the e-mail has the message, a link for each answer in both forms, and the signature', async () => {
	const node = toNode({
		message: 'a < b\n& "c"',
		responseOptions: { approveLabel: 'Ja & gern', declineLabel: 'Nein' },
	});

	await executeSendEmail(node.context);

	const mail = await simpleParser(sink.mails[0]?.raw ?? '');
	const links = linksOf(mail.text);
	expect(Object.keys(links)).toEqual(['Ja & gern', 'Nein']);
	expect(mail.text).toContain('a < b\n& "c"');
	expect(mail.text).toContain('Your support');
	expect(mail.html).toContain('a &lt; b<br>\n&amp; &quot;c&quot;');
	expect(mail.html).toContain(`<a href="${links['Nein']?.replaceAll('&', '&amp;')}"`);
	expect(mail.html).toContain('>Ja &amp; gern</a>');
	expect(node.waitTill?.getUTCFullYear()).toBe(3000);
});

test('files of the item go along', async () => {
	const binary = { invoice: { data: 'JVBERg==', mimeType: 'application/pdf', fileName: 'i.pdf' } };
	const node = toNode({ options: { attachments: 'invoice' } }, { items: [{ json: {}, binary }] });

	await executeSendEmail(node.context);

	const mail = await simpleParser(sink.mails[0]?.raw ?? '');
	expect(mail.attachments.map(({ filename }) => filename)).toEqual(['i.pdf']);
});

test('where one can only approve there is one link', async () => {
	expect(Object.keys(await ask(toNode({ approvalType: 'single' })))).toEqual(['Approve']);
});

test('the item says of itself that nobody has answered, in case nobody does, and stays as it was for the node before', async () => {
	const items = [{ json: { invoice: 4711 } }];
	const [item] = items;
	const node = toNode({}, { items });

	const output = await executeSendEmail(node.context);

	expect(items).toEqual([{ json: { invoice: 4711, noResponse: true } }]);
	expect(item).toEqual({ json: { invoice: 4711 } });
	expect(output).toEqual([[{ json: { invoice: 4711 } }]]);
});

test('an e-mail that cannot be sent is an error, and nothing waits', async () => {
	sink.behave('recipient', () => '550 5.1.1 No such user');
	const node = toNode();

	expect(await failure(node)).toContain('No such user');
	expect(node.waitTill).toBeUndefined();
});

test.each([
	['several items', {}, { items: [{ json: {} }, { json: {} }] }, 'one item at a time'],
	[
		'an n8n that signs no links',
		{},
		{ without: ['getSignedResumeUrl'] as const },
		'signs no links',
	],
	[
		'a date that is over',
		toLimit({ limitType: 'atSpecifiedTime', maxDateAndTime: '2020-01-01' }),
		{},
		'over already',
	],
	[
		'no date',
		toLimit({ limitType: 'atSpecifiedTime', maxDateAndTime: 'soon' }),
		{},
		'no valid date',
	],
	['no time', toLimit({ resumeAmount: 0 }), {}, 'more than 0'],
	['a form without fields', { responseType: 'customForm' }, {}, 'no field'],
	[
		'a form that is no JSON',
		{ responseType: 'customForm', formDefinition: 'json', formJson: '[{' },
		{},
		'no valid JSON',
	],
	['no recipient', { to: '' }, {}, 'no recipient'],
])('%s is refused before any mail', async (_what, changes, options, reason) => {
	const node = toNode(changes, options);

	expect(await failure(node)).toContain(reason);
	expect(sink.mails).toEqual([]);
	expect(node.waitTill).toBeUndefined();
});

function toLimit(values: object) {
	return { responseOptions: { limitWaitTime: { values } } };
}

test('the wait ends at the time given, which is one of the time zone of the workflow', async () => {
	const node = toNode(
		toLimit({ limitType: 'atSpecifiedTime', maxDateAndTime: '2998-07-01T12:00:00' }),
	);

	await executeSendEmail(node.context);

	expect(node.waitTill?.toISOString()).toBe('2998-07-01T10:00:00.000Z');
});

test('in a loop each mail has links of its own, and those of the one before answer nothing', async () => {
	const node = toNode();
	const first = await ask(node);
	await node.visit('POST', first['Approve'] ?? '', { decision: 'approve' });
	node.runIndex = 1;
	const second = await ask(node);

	const used = await node.visit('POST', first['Approve'] ?? '', { decision: 'approve' });
	expect(used.status).toBe(410);
	expect(node.waitTill).toBeDefined();

	await node.visit('POST', second['Decline'] ?? '', { decision: 'decline' });
	expect(node.results.flat().map(({ json }) => json['approved'])).toEqual([true, false]);
});

test('a page that cannot be made leaves the execution waiting, and says nothing of why', async () => {
	let isBroken = false;
	const node = toNode({
		message: () => {
			if (isBroken) throw new Error('secret reason');
			return 'Hello';
		},
	});
	const { Approve = '' } = await ask(node);
	isBroken = true;

	const visit = await node.visit('POST', Approve, { decision: 'approve' });

	expect(visit.status).toBe(500);
	expect(visit.html).not.toContain('secret reason');
	expect(node.errors.join()).toContain('secret reason');
	expect(node.waitTill).toBeDefined();
});

test('a form is answered with all its fields, as n8n hands on what a browser sends', async () => {
	const node = toNode({
		responseType: 'customForm',
		formFields: {
			field: [
				{ label: 'Reason', required: true },
				{ label: 'Urgent', type: 'checkbox' },
			],
		},
	});
	const { Respond = '' } = await ask(node);
	expect((await node.visit('GET', Respond)).html).toContain('enctype="multipart/form-data"');

	const again = await node.visit('POST', Respond, { data: { 'field-1': 'yes' }, files: {} });
	expect(again.status).toBe(422);
	expect(again.html).toContain('value="yes" checked');
	await node.visit('POST', Respond, {
		data: { 'field-0': 'Because', 'field-1': 'yes' },
		files: {},
	});

	expect(node.results).toMatchObject([
		[{ json: { fields: { Reason: 'Because', Urgent: true }, noResponse: false } }],
	]);
});
