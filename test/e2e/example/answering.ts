import { ANN, ANN_MAILBOX, BOB_MAILBOX, type Proof } from './proof';

const automatic = { 'Auto-Submitted': 'auto-generated' };

export const supportDesk: Proof = {
	mails: [
		{
			output: 'Bounces',
			mail: {
				from: 'Mail Delivery System <mailer-daemon@mx.example>',
				to: 'support@example.com',
				subject: 'Undelivered Mail Returned to Sender',
				text: 'No such user.',
				inReplyTo: '<answer@example.com>',
			},
		},
		{
			output: 'Absent',
			mail: {
				from: ANN,
				to: 'support@example.com',
				subject: 'Automatic reply: Your ticket',
				text: 'I am away.',
				inReplyTo: '<answer@example.com>',
				headers: { 'Auto-Submitted': 'auto-replied' },
			},
		},
		{
			output: 'Replies',
			mail: {
				from: ANN,
				to: 'support@example.com',
				subject: 'Re: Your ticket',
				text: 'It works now.',
				inReplyTo: '<answer@example.com>',
				references: '<answer@example.com>',
			},
		},
		{
			output: 'New Requests',
			mail: { from: ANN, to: 'support@example.com', subject: 'It is broken', text: 'Please help.' },
		},
		{
			output: 'Fallback',
			mail: { from: ANN, to: 'info@example.com', subject: 'To another address', text: 'Hello.' },
		},
	],
	async check(run) {
		const [ticket] = await run.itemsAt('Open a Ticket', 1);
		expect(ticket?.json).toEqual({
			number: expect.stringMatching(/^\S{8}$/) as unknown,
			customer: ANN_MAILBOX,
			subject: 'It is broken',
			text: expect.stringMatching(/^Please help\./) as unknown,
		});
		const answer = await run.mailTo(ANN_MAILBOX, 'We have received: It is broken');
		expect(answer.text).toContain(`has the number ${String(ticket?.json['number'])};`);
		const [reply] = await run.itemsAt('Add to the Ticket', 1);
		expect(reply?.json).toMatchObject({ customer: ANN_MAILBOX, answers: '<answer@example.com>' });
		expect(await run.itemsAt('Nobody Has to Answer', 2)).toHaveLength(2);
	},
};

export const acknowledgement: Proof = {
	mails: [
		{
			output: 'Projects',
			mail: {
				from: ANN,
				to: 'service@example.com',
				cc: BOB_MAILBOX,
				subject: 'Project: Bridge & Tower',
				messageId: '<bridge@customer.example>',
				text: 'The plans.',
			},
		},
		{
			output: 'Fallback',
			mail: { from: ANN, subject: 'An ordinary question', text: 'When?' },
		},
		{
			output: 'Projects',
			mail: { from: ANN, subject: '[Project] Bridge, again', text: 'More plans.' },
		},
		{
			output: 'Projects',
			mail: {
				from: 'Build <build@host.example>',
				subject: 'Project: nightly build',
				text: 'Failed.',
				headers: automatic,
			},
		},
	],
	async check(run) {
		const subject = 'Project mail received: Project: Bridge & Tower';
		for (const reader of [ANN_MAILBOX, BOB_MAILBOX]) {
			const answer = await run.mailTo(reader, subject);
			expect(answer.headers.get('auto-submitted')).toBe('auto-replied');
			expect(answer.inReplyTo).toBe('<bridge@customer.example>');
			expect(answer.html).toContain('<b>Project: Bridge &amp; Tower</b>');
		}
		const usual = await run.mailTo(
			ANN_MAILBOX,
			'We have received your e-mail: An ordinary question',
		);
		const tickets = await run.itemsAt('Open a Ticket', 4);
		const byTitle = new Map(tickets.map(({ json }) => [json['subject'], json]));
		const ordinary = byTitle.get('An ordinary question');
		expect(usual.text).toContain(`Its number is ${String(ordinary?.['number'])}.`);
		// Once within the period, and no robot at all.
		for (const title of ['[Project] Bridge, again', 'Project: nightly build']) {
			expect(byTitle.get(title)?.['acknowledgement']).toBe('notSent');
		}
		const all = (await run.mailsTo(ANN_MAILBOX)).map((mail) => mail.subject);
		expect(all).not.toContain('Project mail received: [Project] Bridge, again');
	},
};

export const answersToAKnownNumber: Proof = {
	mails: [
		{
			output: 'Programs',
			mail: { from: ANN, subject: 'Automatic reply', text: 'Away.', headers: automatic },
		},
		{
			output: 'Known Ticket',
			mail: { from: ANN, subject: 'AW: [#10042] my lamp', text: 'It still flickers.' },
		},
		{ output: 'Fallback', mail: { from: ANN, subject: 'My new lamp', text: 'It flickers.' } },
	],
	async check(run) {
		const [known] = await run.itemsAt('Add to the Ticket', 1);
		expect(known?.json).toMatchObject({ ticket: '10042', customer: ANN_MAILBOX });

		// Our own answer brings the number that the next mail is known by.
		const [numbered] = await run.itemsAt('Give a Number', 1);
		const ticket = String(numbered?.json['ticket']);
		const answer = await run.mailTo(ANN_MAILBOX, `[#${ticket}] My new lamp`);
		await run.deliver({ from: ANN, subject: `Re: ${answer.subject ?? ''}`, text: 'Thank you.' });
		const tickets = await run.itemsAt('Add to the Ticket', 2);
		expect(tickets.map(({ json }) => json['ticket'])).toEqual(['10042', ticket]);
	},
};

export const outOfOffice: Proof = {
	mails: [
		{
			output: 'Out of Office',
			mail: {
				from: ANN,
				subject: 'Réponse automatique : Votre offre',
				text: 'Je suis absente.',
				headers: { 'Auto-Submitted': 'auto-replied' },
			},
		},
		{
			output: 'Programs',
			mail: { from: ANN, subject: 'Weekly digest', text: 'News.', headers: { Precedence: 'bulk' } },
		},
		{
			output: 'Fallback',
			mail: { from: ANN, subject: 'Your offer interests us', text: 'Call me.' },
		},
	],
	async check(run) {
		const [away] = await run.itemsAt('Who Is Away', 1);
		expect(away?.json).toEqual({
			address: ANN_MAILBOX,
			since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
			note: expect.stringMatching(/^Je suis absente\./) as unknown,
		});
		const answer = await run.mailTo(ANN_MAILBOX, 'Re: Your offer interests us');
		expect(answer.text).toMatch(/^Dear Ann Lee,/);
		expect(answer.text).toContain('> Call me.');
	},
};
