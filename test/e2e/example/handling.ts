import { randomBytes } from 'node:crypto';
import { itemsOf } from '../../../tools/n8n/execution-data';
import { asClient } from '../../support/imap-folder';
import { ANN, ANN_MAILBOX, type Proof } from './proof';

const PDF = Buffer.from('%PDF-1.4 invoice');

export const invoicesByAttachment: Proof = {
	mails: [
		{
			output: 'Invoices',
			mail: {
				from: ANN,
				subject: 'RECHNUNG 4711',
				text: 'As agreed.',
				attachments: [{ filename: '4711.PDF', content: PDF }],
			},
		},
		{
			output: 'By File Name',
			mail: {
				from: ANN,
				subject: 'For your records',
				text: 'See the file.',
				attachments: [
					{ filename: 'Invoice-4712.xml', content: '<invoice/>' },
					{ filename: 'logo.gif', content: 'GIF89a' },
				],
			},
		},
		{
			output: 'File Is Missing',
			mail: { from: ANN, subject: 'Invoice 4713', text: 'Here it is.' },
		},
		{
			output: 'Fallback',
			mail: {
				from: ANN,
				subject: 'Holiday pictures',
				text: 'Look!',
				attachments: [{ filename: 'beach.pdf', content: PDF }],
			},
		},
	],
	async check(run) {
		const bookkeeping = 'bookkeeping@example.com';
		const first = await run.mailTo(bookkeeping, `Invoice of ${ANN_MAILBOX}: RECHNUNG 4711`);
		expect(first.attachments.map(({ filename, content }) => [filename, String(content)])).toEqual([
			['4711.PDF', String(PDF)],
		]);
		const second = await run.mailTo(bookkeeping, `Invoice of ${ANN_MAILBOX}: For your records`);
		expect(second.attachments.map(({ filename }) => filename)).toEqual(['Invoice-4712.xml']);
		const asked = await run.mailTo(ANN_MAILBOX, 'Re: Invoice 4713');
		expect(asked.text).toContain('please send it as a PDF file');
	},
};

export const forwardToAColleague: Proof = {
	mails: [
		{
			output: 'Contracts',
			mail: {
				from: ANN,
				subject: 'The new contract',
				messageId: '<contract@customer.example>',
				text: 'Signed.',
				attachments: [{ filename: 'contract.pdf', content: PDF }],
			},
		},
		{
			output: 'Spare Parts',
			mail: {
				from: ANN,
				subject: 'My lamp',
				text: 'Do you have a SPARE PART for it?',
				attachments: [{ filename: 'lamp.jpg', content: 'JPEG' }],
			},
		},
		{ output: 'Fallback', mail: { from: ANN, subject: 'Thank you', text: 'All is well.' } },
	],
	async check(run) {
		const contract = await run.mailTo('legal@example.com', 'Fwd: The new contract');
		const [whole] = contract.attachments;
		expect(whole?.contentType).toBe('message/rfc822');
		expect(String(whole?.content)).toContain('Message-ID: <contract@customer.example>');
		expect(String(whole?.content)).toContain(PDF.toString('base64'));
		const part = await run.mailTo('workshop@example.com', 'Fwd: My lamp');
		expect(part.text).toMatch(/^Please answer this customer\.[^]*SPARE PART/);
		expect(part.attachments.map(({ filename }) => filename)).toEqual(['lamp.jpg']);
		expect(part.replyTo?.value).toMatchObject([{ address: ANN_MAILBOX }]);
	},
};

export const largeMailsAside: Proof = {
	mails: [
		{
			output: 'Large',
			mail: {
				from: ANN,
				subject: 'The film',
				text: 'Have fun.',
				attachments: [{ filename: 'film.mp4', content: randomBytes(4_500_000) }],
			},
		},
		{
			output: 'Fallback',
			mail: {
				from: ANN,
				subject: 'The picture',
				text: 'Have fun.',
				attachments: [{ filename: 'film.jpg', content: randomBytes(100_000) }],
			},
		},
	],
	async check(run) {
		const answer = await run.mailTo(ANN_MAILBOX, 'Re: The film');
		expect(answer.text).toContain('Your e-mail of 6 MB has arrived');
		const aside = (await run.mailsTo(run.mailbox, 'Archive')).map(({ subject }) => subject);
		expect(aside).toEqual(['The film']);
		const [item] = await run.itemsAt('Put Aside', 1);
		expect([item?.binary, item?.json['reference']]).toMatchObject([
			undefined,
			{ folder: 'Archive' },
		]);
	},
};

export const markedByAColleague: Proof = {
	async prepare({ dovecot, mailbox }) {
		await asClient(dovecot, async (client) => await client.mailboxCreate('To Do'), mailbox);
		const mail = (subject: string) => `From: ${ANN}\r\nSubject: ${subject}\r\n\r\nHello.\r\n`;
		await dovecot.append(mailbox, 'To Do', mail('Call Ann'), ['\\Flagged', '\\Seen']);
		await dovecot.append(mailbox, 'To Do', mail('Water the plants'));
	},
	present: [
		{ output: 'Urgent', subject: 'Call Ann' },
		{ output: 'Fallback', subject: 'Water the plants' },
	],
	mails: [],
	async check(run) {
		const [urgent] = await run.itemsAt('Task for Today', 1);
		expect(urgent?.json).toEqual({ title: 'Call Ann', from: ANN_MAILBOX, isUrgent: true });
		await run.mailTo(run.mailbox, 'Call Ann', 'Archive');
		await run.mailTo(run.mailbox, 'Water the plants', 'Archive');
	},
};

export const testMode: Proof = {
	mails: [
		{ output: 'Old Way', mail: { from: ANN, subject: 'My order #4711', text: 'Two, please.' } },
		{ output: 'Fallback', mail: { from: ANN, subject: 'A question', text: 'When?' } },
	],
	async check(run) {
		const [live] = await run.itemsAt('Process the Order', 1);
		expect(live?.json).toEqual({ subject: 'My order #4711', isTest: false });

		const test = await run.runByHand();
		expect(itemsOf(test, 'Would Be Processed').map(({ json }) => json)).toEqual([
			{ order: '4711', why: 'subject matches the pattern, at "order #4711"', isTest: true },
		]);
		expect(itemsOf(test, 'Process the Order')).toEqual([]);
		const [other] = itemsOf(test, 'Look at by Hand');
		expect(other?.json).toMatchObject({
			subject: 'A question',
			routeTest: [
				{ route: 'New Way', fits: false },
				{ route: 'Old Way', fits: false },
			],
		});
	},
};

/** The links of a mail of Send and Wait, by their label. */
function linksOf(text = ''): Record<string, string> {
	const links = text.matchAll(/^(.+):\r?\n(http\S+)/gm);
	return Object.fromEntries([...links].map(([, label = '', url = '']) => [label, url]));
}

async function press(url: string | undefined, decision: string): Promise<void> {
	const body = new URLSearchParams({ decision });
	const answer = await fetch(url ?? '', { method: 'POST', body });
	expect(await answer.text()).toContain('Your answer has been recorded');
}

export const approvalByMail: Proof = {
	mails: [
		{
			output: 'Requests',
			mail: { from: ANN, subject: 'Purchase request: a chair', text: 'Mine is broken.' },
		},
		{
			output: 'Requests',
			mail: { from: ANN, subject: 'Purchase request: a yacht', text: 'Mine is small.' },
		},
		{ output: 'Fallback', mail: { from: ANN, subject: 'Good morning', text: 'Hello.' } },
	],
	async check(run) {
		const approver = 'approver@example.com';
		const chair = await run.mailTo(approver, 'Approval: Purchase request: a chair');
		expect(chair.text).toContain(`${ANN_MAILBOX} asks:`);
		const yacht = await run.mailTo(approver, 'Approval: Purchase request: a yacht');
		await run.waiting(2);
		await press(linksOf(chair.text)['Approve'], 'approve');
		await press(linksOf(yacht.text)['Decline'], 'decline');
		const yes = await run.mailTo(ANN_MAILBOX, 'Re: Purchase request: a chair');
		expect(yes.text).toMatch(/^Your request is approved\./);
		const no = await run.mailTo(ANN_MAILBOX, 'Re: Purchase request: a yacht');
		expect(no.text).toMatch(/^Your request is declined/);
	},
};
