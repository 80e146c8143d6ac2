import { executeSendEmail } from '../../nodes/SendEmail/run';
import { executeContext } from '../support/execute-context';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink';

const REFUSED = '550 5.1.1 <bob@example.test> unknown';

describe('18. A recipient that is refused does not keep the mail from the others, and is not hidden', () => {
	let sink: SmtpSink;
	beforeEach(async () => {
		sink = await startSmtpSink();
		sink.behave('recipient', (address) => (address.startsWith('bob') ? REFUSED : undefined));
	});
	afterEach(async () => await sink.close());

	const run = async (options: object, continueOnFail = false) => {
		const context = executeContext({
			items: [{ json: {} }],
			continueOnFail,
			executionId: '18',
			parameters: {
				operation: 'send',
				to: 'ann@example.test, bob@example.test',
				subject: 'Hello',
				messageFormat: 'text',
				text: 'Hello',
				options,
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
		return output[0]?.json;
	};

	it('as data', async () => {
		expect(await run({})).toMatchObject({
			accepted: ['ann@example.test'],
			rejected: [{ address: 'bob@example.test', reply: REFUSED, temporary: false }],
		});
		expect(sink.mails.map(({ to }) => to)).toEqual([['ann@example.test']]);
	});

	it('or as an error, which sends the mail no second time when the node is tried again', async () => {
		const options = { partialRejectionIsError: true };
		for (let tries = 0; tries < 3; tries++) {
			const error = JSON.stringify(await run(options, true));
			expect(error).toContain('bob@example.test');
			expect(error).toContain('unknown');
		}
		expect(sink.mails).toHaveLength(1);
	});
});
