import { ANN, type Proof } from './proof';
import { fromCorpus } from './reading';

const verdict = (words: string) => ({ key: 'Authentication-Results', value: words });

export const sortByKind: Proof = {
	mails: [
		{ output: 'Bounces', mail: fromCorpus('bounce', 'Undelivered Mail Returned to Sender') },
		{
			output: 'Out of Office',
			mail: fromCorpus('absence-note-english', 'Automatic reply: Your order'),
		},
		{
			output: 'Out of Office',
			mail: fromCorpus('absence-note-german', 'Abwesend bis zum 16. November (Rückkehr)'),
		},
		{ output: 'Invitations', mail: fromCorpus('calendar-invitation', 'Invitation: Planning') },
		{ output: 'Mailing Lists', mail: fromCorpus('list-footer', '[list] Question') },
		{ output: 'Replies', mail: fromCorpus('reply-in-thread', 'Re: Order 4711') },
		{ output: 'Suspicious', mail: fromCorpus('dmarc-failed', 'Please confirm your password') },
		// Whoever sends a mail can write such a field into it under another server's name.
		{
			output: 'Fallback',
			mail: fromCorpus('dmarc-forged-verdict', 'A verdict of nobody you trust'),
		},
		{
			output: 'Newsletters',
			mail: {
				from: 'News <news@shop.example>',
				subject: 'Offers in May',
				text: 'Buy.',
				headers: { 'List-Unsubscribe': '<mailto:leave@shop.example>' },
			},
		},
		{
			output: 'Programs',
			mail: {
				from: 'Monitor <monitor@host.example>',
				subject: 'Disk 91 % full',
				text: 'sda1',
				headers: { 'Auto-Submitted': 'auto-generated' },
			},
		},
		{ output: 'Fallback', mail: { from: ANN, subject: 'A letter', text: 'Hello.' } },
	],
	async check(run) {
		const [bounce] = await run.itemsAt('Wrong Addresses', 1);
		expect(bounce?.json).toMatchObject({
			kinds: ['automatic', 'bounce', 'newThread'],
			routeReasons: ['it is a report of non-delivery'],
		});
		const [suspicious] = await run.itemsAt('Security Desk', 1);
		expect(suspicious?.json['routeReasons']).toEqual(['DMARC is fail']);
		const people = await run.itemsAt('New Letters of People', 2);
		expect(people.map(({ json }) => json['kinds'])).toEqual([['newThread'], ['newThread']]);
	},
};

export const suspiciousMail: Proof = {
	mails: [
		{
			output: 'Claims to Be Us',
			mail: { from: 'The Boss <boss@example.com>', subject: 'Transfer at once', text: 'Today!' },
		},
		{
			output: 'DMARC Failed',
			mail: {
				from: 'Bank <service@bank.example>',
				subject: 'Your account',
				text: 'Click.',
				headers: [
					verdict('mx.example.com; spf=pass; dmarc=fail header.from=bank.example'),
					verdict('mx.bank.example; dmarc=pass header.from=bank.example'),
				],
			},
		},
		{
			output: 'Fallback',
			mail: {
				from: 'Colleague <colleague@hamburg.example.com>',
				subject: 'Lunch',
				text: 'At noon?',
				headers: [verdict('mx.example.com; dmarc=pass header.from=hamburg.example.com')],
			},
		},
		{
			output: 'Fallback',
			mail: {
				from: ANN,
				subject: 'A forged verdict',
				text: 'Hello.',
				headers: [verdict('mx.evil.example; dmarc=fail header.from=customer.example')],
			},
		},
	],
	async check(run) {
		const note = await run.mailTo('security@example.com', 'Suspicious: Claims to Be Us');
		expect(note.text).toContain('From: boss@example.com');
		expect(note.text).toContain('Now in: Junk');
		const other = await run.mailTo('security@example.com', 'Suspicious: DMARC Failed');
		expect(other.text).toContain('Why: DMARC is fail');
		const junk = (await run.mailsTo(run.mailbox, 'Junk')).map(({ subject }) => subject);
		expect(junk.sort()).toEqual(['Transfer at once', 'Your account']);
	},
};

export const severalAddresses: Proof = {
	mails: [
		{
			output: 'Sales',
			mail: {
				from: ANN,
				to: 'Sales <sales@example.com>',
				subject: 'Your prices',
				text: 'How much?',
			},
		},
		{
			output: 'Jobs',
			mail: {
				from: ANN,
				to: 'friend@customer.example',
				cc: 'CAREERS@example.com',
				subject: 'My application',
				text: 'Hire me.',
			},
		},
		{
			output: 'Former Name',
			mail: {
				from: ANN,
				to: 'undisclosed@customer.example',
				subject: 'To your old address',
				text: 'Still there?',
				headers: { 'X-Original-To': 'office@former.example' },
			},
		},
		{
			output: 'Fallback',
			// A display name can say anything.
			mail: {
				from: ANN,
				to: '"sales@example.com" <office@example.com>',
				subject: 'To the office',
				text: 'Hello.',
			},
		},
	],
	async check(run) {
		const answer = await run.mailTo('ann@customer.example', 'Re: To your old address');
		expect(answer.text).toContain('Our domain is now example.com');
		expect(answer.inReplyTo).toBeDefined();
	},
};

export const vipCustomersByCompany: Proof = {
	mails: [
		{
			output: 'Urgent',
			mail: {
				from: 'Cleo <cleo@sales.contoso.example>',
				subject: 'Production stands still',
				text: 'Please call.',
				headers: { Importance: 'High' },
			},
		},
		{
			output: 'VIP',
			mail: { from: 'contoso.orders@mail.example', subject: 'The usual order', text: '20 pieces.' },
		},
		{
			output: 'VIP',
			mail: { from: 'fay@fabrikam.example', subject: 'A question of Fabrikam', text: 'When?' },
		},
		{
			output: 'Fallback',
			mail: {
				from: '"boss@contoso.example" <stranger@mail.example>',
				subject: 'Only a display name',
				text: 'Trust me.',
				headers: { Importance: 'High' },
			},
		},
	],
	async check(run) {
		const manager = 'account.manager@example.com';
		const told = await run.mailTo(manager, 'Contoso: Production stands still');
		expect(told.text).toContain('Cleo <cleo@sales.contoso.example> writes:');
		expect(told.headers.get('priority')).toBe('high');
		expect(told.replyTo?.value).toMatchObject([{ address: 'cleo@sales.contoso.example' }]);
		const labelled = await run.itemsAt('Label as VIP', 2);
		const companies = labelled.map(({ json }) => json['company']);
		expect(companies.sort()).toEqual(['Contoso', 'Fabrikam']);
		expect(labelled[0]?.json['mailbox']).toMatchObject({ operation: 'label', flags: ['VIP'] });
	},
};
