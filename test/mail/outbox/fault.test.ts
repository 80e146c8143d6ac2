import { createSmtpSender, SharedPools } from '../../../mail/drivers/smtp';
import { createOutbox, SentRegister } from '../../../mail/outbox';
import { Patience } from '../../../mail/outbox/patience';
import type { SendOutcome } from '../../../mail/outgoing';
import { outgoingMessage, recordingLog, sendingConnector } from '../../support/sending';
import { type Answer, type SmtpSink, startSmtpSink, type Step } from '../../support/smtp-sink';

/** Mails of a batch; the fault comes with the twentieth. */
const MAILS = 40;
const FAULTY = 20;

let sink: SmtpSink;
beforeEach(async () => {
	sink = await startSmtpSink();
});
afterEach(async () => await sink.close());

/** A batch as one run of the node sends it, with an execution that may be tried again. */
async function sendBatch(register = new SentRegister(), to = ['ann@example.test'], pauseMs = 20) {
	const connector = sendingConnector(sink);
	const log = recordingLog();
	const patience = new Patience(log, {
		tries: 6,
		firstPauseMs: pauseMs,
		lastPauseMs: pauseMs,
		patienceMs: 10_000,
	});
	const sender = createSmtpSender(connector, new SharedPools(0));
	const outbox = createOutbox({ connector, sender, log, patience, register });
	try {
		return await Promise.allSettled(
			Array.from({ length: MAILS }, async (_, index) => {
				const message = outgoingMessage({
					subject: `Mail ${index}`,
					to: to.map((address) => ({ name: '', address })),
					identityKey: `${index}`,
				});
				return await outbox.send(message);
			}),
		);
	} finally {
		await outbox.close();
	}
}

function onceAt(step: Step, answer: Exclude<Answer, undefined>): void {
	let calls = 0;
	sink.behave(step, () => (++calls === FAULTY ? answer : undefined));
}

const sentSubjects = () =>
	sink.mails.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1] ?? '').sort();
const allSubjects = Array.from({ length: MAILS }, (_, index) => `Mail ${index}`).sort();

function outcomes(results: ReadonlyArray<PromiseSettledResult<SendOutcome>>): SendOutcome[] {
	return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

describe('a batch of 40 arrives whole, each mail once, where the server', () => {
	it.each([
		['puts off the sender once', 'mailFrom', '421 4.7.0 Too many messages'],
		['puts off a mail at its end once', 'data', '451 4.3.0 Try again'],
		['puts off the only recipient once', 'recipient', '450 4.2.0 Greylisted'],
		['has the disk full once', 'data', '452 4.3.1 Disk full'],
		['ends the connection at the sender once', 'mailFrom', 'drop'],
		['ends the connection at a recipient once', 'recipient', 'drop'],
	] as const)('%s', async (_what, step, answer) => {
		onceAt(step, answer);
		const results = await sendBatch();
		expect(outcomes(results)).toHaveLength(MAILS);
		expect(sentSubjects()).toEqual(allSubjects);
	});

	it('lets nobody in at first', async () => {
		let greetings = 0;
		sink.behave('connect', () => (++greetings <= 2 ? '421 4.3.2 Starting up' : undefined));
		// The pool leaves a server alone for half a second, and then for one.
		expect(outcomes(await sendBatch(undefined, undefined, 1_200))).toHaveLength(MAILS);
		expect(sentSubjects()).toEqual(allSubjects);
	});

	it('takes only 20 mails per connection', async () => {
		const taken = new Map<number, number>();
		sink.behave('mailFrom', (_from, connection) => {
			taken.set(connection, (taken.get(connection) ?? 0) + 1);
			return (taken.get(connection) ?? 0) > 10 ? '421 4.7.0 Enough for this connection' : undefined;
		});
		expect(outcomes(await sendBatch())).toHaveLength(MAILS);
		expect(sentSubjects()).toEqual(allSubjects);
	});

	it('allows two connections', async () => {
		sink.behave('connect', () =>
			sink.openConnections > 2 ? '421 4.7.0 Too many connections' : undefined,
		);
		expect(outcomes(await sendBatch())).toHaveLength(MAILS);
		expect(sink.peakConnections).toBeLessThanOrEqual(3);
	});

	it('puts off one of two recipients once', async () => {
		onceAt('recipient', '450 4.2.0 Greylisted');
		const results = outcomes(await sendBatch(undefined, ['ann@example.test', 'bob@example.test']));
		expect(results.map(({ accepted }) => [...accepted].sort())).toEqual(
			Array.from({ length: MAILS }, () => ['ann@example.test', 'bob@example.test']),
		);
		expect(results.flatMap(({ rejected }) => rejected)).toEqual([]);
		const byRecipient = sink.mails.flatMap(({ to }) => to);
		expect(byRecipient).toHaveLength(2 * MAILS);
	});
});

describe('a batch of 40, tried again as a whole after a failure,', () => {
	it.each([
		['a mail was refused', 'data', '554 5.7.1 Looks like spam'],
		['the answer to a mail was lost', 'reply', 'drop'],
	] as const)('sends no mail twice where %s', async (_what, step, answer) => {
		const register = new SentRegister();
		onceAt(step, answer);
		expect(outcomes(await sendBatch(register))).toHaveLength(MAILS - 1);
		const again = outcomes(await sendBatch(register));
		expect(again.filter(({ alreadySent }) => alreadySent)).toHaveLength(MAILS - 1);
		expect(sentSubjects()).toEqual(allSubjects);
	});
});

describe('a mail that nothing was accepted of', () => {
	it.each(['550 5.1.1 Unknown', '554 5.7.1 No'])('is not tried again after %s', async (reply) => {
		sink.behave('recipient', () => reply);
		await sendBatch();
		expect(sink.steps.filter((step) => step.startsWith('mailFrom'))).toHaveLength(MAILS);
	});
});
