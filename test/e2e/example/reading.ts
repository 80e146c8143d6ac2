import { readCorpus } from '../../support/parsed-mail';
import { ANN, type Proof, type ProvenMail } from './proof';

/** Mails as servers and programs of many makes write them, which the drivers are tested with too. */
export function fromCorpus(name: string, subject: string): ProvenMail['mail'] {
	return { subject, source: readCorpus(name) };
}

export const bounces: Proof = {
	mails: [
		{
			output: 'Gone for Good',
			mail: fromCorpus('bounce/several-recipients', 'Undelivered Mail Returned to Sender'),
		},
		{
			output: 'Gone for Good',
			mail: fromCorpus('bounce/exim', 'Mail delivery failed: returning message to sender'),
		},
		{
			output: 'Still Trying',
			mail: fromCorpus('bounce/postfix-delayed', 'Delayed Mail (still being retried)'),
		},
		{
			output: 'Other Reports',
			mail: fromCorpus('bounce/success', 'Successful Mail Delivery Report'),
		},
		{ output: 'Fallback', mail: { from: ANN, subject: 'It did not come back', text: 'Hello.' } },
	],
	async check(run) {
		const gone = await run.itemsAt('Take off the List', 2);
		const addresses = gone.map(({ json }) => json['address']);
		expect(addresses.sort()).toEqual(['nobody@customer.test', 'one@customer.test']);
		expect(gone.map(({ json }) => json['reason'])).toContainEqual(
			expect.stringMatching(/^5\.2\.2 .*Mailbox full/),
		);
		const recipients = await run.itemsAt('One per Recipient', 5);
		expect(recipients).toHaveLength(5);
	},
};

export const calendarInvitations: Proof = {
	mails: [
		{ output: 'Invitations', mail: fromCorpus('invitation/outlook', 'Planning') },
		{ output: 'Answers', mail: fromCorpus('invitation/reply', 'Accepted: Planning') },
		{ output: 'Cancelled', mail: fromCorpus('invitation/cancel', 'Cancelled: Planning') },
		{ output: 'Fallback', mail: { from: ANN, subject: 'Shall we meet?', text: 'On Monday?' } },
	],
	async check(run) {
		const [entered] = await run.itemsAt('Enter the Appointment', 1);
		expect(entered?.json).toMatchObject({
			title: 'Planung, Teil 1',
			start: '2026-12-01T10:00:00+01:00',
			end: '2026-12-01T11:30:00+01:00',
			place: 'Raum 7; 2. Stock',
			organizer: 'ada@example.test',
		});
		const [answered] = await run.itemsAt('Note Who Comes', 1);
		expect(answered?.json).toMatchObject({ who: 'bill+ng@example.test', answer: 'ACCEPTED' });
		const [removed] = await run.itemsAt('Remove the Appointment', 1);
		const uids = [entered, answered, removed].map((item) => item?.json['uid']);
		expect(new Set(uids).size).toBe(1);
	},
};
