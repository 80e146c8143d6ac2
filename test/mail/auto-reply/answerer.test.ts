import type { AnsweredSendersRecord } from '../../../mail/auto-reply/answered-senders';
import { Answerer, type AutoReplySettings } from '../../../mail/auto-reply/answerer';
import { createTemplate } from '../../../mail/auto-reply/template';
import { MailError } from '../../../mail/errors';
import type { MessageHead } from '../../../mail/message';
import type { OutgoingMessage } from '../../../mail/outgoing';
import { recordingLog } from '../../support/sending';
import { addresses, createHead } from '../routing/head';

const HOUR = 3_600_000;

const settings: AutoReplySettings = {
	text: {
		subject: createTemplate('Got it: {subject}', ''),
		body: createTemplate('Number {reference}', ''),
		format: 'text',
	},
	includesCopies: false,
	periodMs: 24 * HOUR,
};

/** A mailbox that answers, and what it has sent and noted; a second one with the same disk is its next process. */
function openMailbox(address: string, disk: { record: AnsweredSendersRecord } = { record: [] }) {
	const sent: OutgoingMessage[] = [];
	const steps: string[] = [];
	const log = recordingLog();
	let failure: Error | undefined;
	const answerer = new Answerer({
		from: { name: '', address },
		own: [address],
		memory: {
			read: () => disk.record,
			write: async (record) => {
				disk.record = record;
				steps.push('noted');
				await Promise.resolve();
			},
		},
		send: async (message) => {
			steps.push('sent');
			await Promise.resolve();
			if (failure !== undefined) throw failure;
			sent.push(message);
		},
		log,
	});
	let count = 0;
	return {
		disk,
		sent,
		steps,
		log,
		fail: (error: Error | undefined) => (failure = error),
		receive: async (parts: Partial<MessageHead>, now = 0, changes = {}) => {
			const mail = {
				deliveryId: `delivery-${++count}`,
				head: createHead(parts),
				route: 'A',
				company: '',
			};
			const plan = answerer.answer(mail, { ...settings, ...changes }, now);
			await answerer.settled();
			return plan;
		},
	};
}

describe('A mailbox that answers', () => {
	test('notes the sender before it answers, and answers once within the period', async () => {
		const mailbox = openMailbox('us@b.test');
		await mailbox.receive({ subject: 'Help' });
		expect(mailbox.steps).toEqual(['noted', 'sent']);
		expect(mailbox.sent).toMatchObject([{ subject: 'Got it: Help', text: 'Number DELIVERY' }]);
		expect(await mailbox.receive({}, 23 * HOUR)).toEqual({
			sends: false,
			reason: 'its sender has had an answer within the period',
		});
		await mailbox.receive({}, 25 * HOUR);
		expect(mailbox.sent).toHaveLength(2);
	});

	test('answers one of two mails that come together from one sender', async () => {
		const mailbox = openMailbox('us@b.test');
		const plans = await Promise.all([mailbox.receive({}), mailbox.receive({})]);
		expect(plans.map(({ sends }) => sends)).toEqual([true, false]);
		expect(mailbox.sent).toHaveLength(1);
	});

	test('does not answer twice after its process has died between note and answer', async () => {
		const mailbox = openMailbox('us@b.test');
		mailbox.fail(new MailError('send.uncertain', { subject: 'x' }));
		await mailbox.receive({});
		const next = openMailbox('us@b.test', mailbox.disk);
		await next.receive({}, HOUR);
		expect(next.sent).toEqual([]);
	});

	test('answers the next mail where the first answer could not be sent, and says so in the log', async () => {
		const mailbox = openMailbox('us@b.test');
		mailbox.fail(new MailError('connection.refused', { subject: 'smtp.b.test:587' }));
		await mailbox.receive({});
		expect(mailbox.log.lines.join()).toContain(
			'An acknowledgement was not sent: The server refused',
		);
		mailbox.fail(undefined);
		await mailbox.receive({}, 1);
		expect(mailbox.sent).toHaveLength(1);
	});

	test('sends copies where it is asked to', async () => {
		const mailbox = openMailbox('us@b.test');
		const to = addresses('us@b.test', 'carol@x.test');
		await mailbox.receive({ to }, 0, { includesCopies: true });
		expect(mailbox.sent[0]?.cc).toEqual(addresses('carol@x.test'));
	});
});

test('Two mailboxes that answer each other stop after one answer', async () => {
	const ours = openMailbox('a@one.test');
	const theirs = openMailbox('b@two.test');
	const deliver = async (message: OutgoingMessage, to: typeof ours) =>
		await to.receive({
			from: [message.from],
			to: [...message.to],
			headers: new Map(message.headers.map(({ name, value }) => [name.toLowerCase(), [value]])),
		});
	await ours.receive({ from: addresses('b@two.test') });
	for (const message of ours.sent) await deliver(message, theirs);
	for (const message of theirs.sent) await deliver(message, ours);
	expect([ours.sent.length, theirs.sent.length]).toEqual([1, 0]);
});
