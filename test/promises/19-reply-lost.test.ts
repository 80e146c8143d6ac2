import { executeSendEmail } from '../../nodes/SendEmail/run';
import { executeContext } from '../support/execute-context';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink';

const MAILS = 20;

describe('19. A mail whose answer is lost after DATA is not sent a second time', () => {
	let sink: SmtpSink;
	beforeEach(async () => {
		sink = await startSmtpSink();
	});
	afterEach(async () => await sink.close());

	/** n8n's Retry On Fail: the whole node again, in the same execution. */
	const runTwice = async (executionId: string) => {
		const run = async () => {
			const context = executeContext({
				items: Array.from({ length: MAILS }, (_, index) => ({ json: { index } })),
				continueOnFail: true,
				executionId,
				parameters: {
					operation: 'send',
					to: 'ann@example.test',
					subject: (item: { json: { index?: unknown } }) => `Mail ${String(item.json.index)}`,
					messageFormat: 'text',
					text: 'Hello',
					options: {},
				},
				credential: {
					emailService: 'other',
					useFor: 'outgoing',
					outgoingHost: sink.host,
					outgoingPort: sink.port,
					outgoingSecurity: 'none',
					authentication: 'none',
					primaryAddress: 'support@example.test',
				},
			});
			const [output = []] = await executeSendEmail(context);
			return output.map(({ json }) => json);
		};
		return { first: await run(), second: await run() };
	};
	const subjects = () =>
		sink.mails.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw.toString())?.[1]).sort();

	it('but reported as uncertain, by each try of the node', async () => {
		let replies = 0;
		sink.behave('reply', () => (++replies === 7 ? 'drop' : undefined));
		const { first, second } = await runTwice('19');
		for (const results of [first, second]) {
			const failed = results.filter((json) => 'error' in json);
			expect(failed).toHaveLength(1);
			expect(JSON.stringify(failed)).toContain('the answer of the server was lost');
		}
		expect(second.filter(({ alreadySent }) => alreadySent === true)).toHaveLength(MAILS - 1);
		expect(new Set(subjects()).size).toBe(MAILS);
		expect(sink.mails).toHaveLength(MAILS);
	});

	it('while one that was cut off before its end is, since nobody can have taken it', async () => {
		let mails = 0;
		sink.behave('recipient', () => (++mails === 7 ? 'drop' : undefined));
		const { first, second } = await runTwice('19b');
		expect(first.some((json) => 'error' in json)).toBe(false);
		expect(second.some((json) => 'error' in json)).toBe(false);
		expect(new Set(subjects()).size).toBe(MAILS);
		// The first run was complete: the second is no second try, but a second run.
		expect(sink.mails).toHaveLength(2 * MAILS);
	});
});
