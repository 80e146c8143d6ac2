import { executeSendEmail } from '../../../nodes/SendEmail/run';
import { executeContext } from '../../support/execute-context';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink';

let sink: SmtpSink;

beforeEach(async () => {
	sink = await startSmtpSink({ users: { 'support@example.test': 'secret' } });
});

afterEach(async () => await sink.close());

async function check(
	checkOptions: object = {},
	credential: Record<string, string | number | boolean> = {},
	items = [{ json: {} }],
) {
	const [output = []] = await executeSendEmail(
		executeContext({
			items,
			parameters: { operation: 'checkConnector', checkOptions },
			credential: {
				emailService: 'other',
				useFor: 'outgoing',
				outgoingHost: sink.host,
				outgoingPort: sink.port,
				outgoingSecurity: 'none',
				user: 'support@example.test',
				password: 'secret',
				connectionTimeoutMs: 2_000,
				...credential,
			},
		}),
	);
	return output;
}

test('a connector that works is reported step by step, in one item for all that came in', async () => {
	const output = await check({}, {}, [{ json: {} }, { json: {} }]);

	expect(output).toMatchObject([
		{
			json: {
				ok: true,
				connector: { asked: 'Support mailbox', used: 'Support mailbox' },
				summary: expect.stringContaining('Outgoing: signed in'),
				checkedAt: expect.any(String),
			},
			pairedItem: [{ item: 0 }, { item: 1 }],
		},
	]);
	expect(output[0]?.json['steps']).toContainEqual(
		expect.objectContaining({ side: 'outgoing', step: 'authentication', ok: true }),
	);
});

test('a connector that does not work is data, without a secret in it', async () => {
	const [item] = await check({}, { password: 'wrong-password' });

	expect(item?.json).toMatchObject({ ok: false });
	expect(item?.json['summary']).toContain('rejected the user name or password');
	expect(JSON.stringify(item)).not.toContain('wrong-password');
});

test.each([
	['that is switched off', { enabled: false }, 'switched off'],
	['with a field that is missing', { outgoingHost: '' }, 'must be filled'],
])('so is one %s', async (_what, credential, reason) => {
	const [item] = await check({}, credential);

	expect(item?.json).toMatchObject({ ok: false, steps: [] });
	expect(item?.json['summary']).toContain(reason);
});

test('it is an error where that is asked for', async () => {
	await expect(check({ failWhenNotOk: true }, { password: 'wrong' })).rejects.toThrow(
		'rejected the user name or password',
	);
	await expect(check({ failWhenNotOk: true })).resolves.toHaveLength(1);
});

test("the connector's test e-mail is sent only where that is asked for", async () => {
	await check({}, { testAddress: 'admin@example.test' });
	expect(sink.mails).toEqual([]);

	const [sent] = await check({ sendTestEmail: true }, { testAddress: 'admin@example.test' });
	expect(sink.mails.map(({ to }) => to)).toEqual([['admin@example.test']]);
	expect(sent?.json).toMatchObject({ ok: true });

	const [missing] = await check({ sendTestEmail: true });
	expect(missing?.json['summary']).toContain('Send a Test Email To');
});

describe('with a global connector', () => {
	const VARIABLE = 'N8N_EMAIL_GLOBAL_CONNECTOR';
	let company: SmtpSink;

	beforeEach(async () => {
		company = await startSmtpSink();
		const setting = {
			emailService: 'other',
			useFor: 'outgoing',
			outgoingHost: company.host,
			outgoingPort: company.port,
			outgoingSecurity: 'none',
			authentication: 'none',
			primaryAddress: 'company@example.test',
			connectionTimeoutMs: 2_000,
		};
		process.env[VARIABLE] = JSON.stringify(setting);
	});

	afterEach(async () => {
		Reflect.deleteProperty(process.env, VARIABLE);
		await company.close();
	});

	test('both are checked, and the test e-mail leaves as all mail does', async () => {
		const [item] = await check({ sendTestEmail: true }, { testAddress: 'admin@example.test' });

		expect(item?.json).toMatchObject({
			ok: true,
			connector: { asked: 'Support mailbox', override: 'environment' },
			globalConnector: { ok: true, summary: expect.stringContaining('global connector') },
		});
		expect([sink.mails.length, company.mails.length]).toEqual([0, 1]);
	});

	test('either that does not work is a failure, which the summary begins with', async () => {
		company.behave('connect', () => '554 5.7.1 Go away');
		const [item] = await check();
		expect(item?.json).toMatchObject({ ok: false, globalConnector: { ok: false } });
		expect(item?.json['summary']).toMatch(/^All e-mail leaves by .*Go away.*Outgoing: signed in/s);
	});

	test('a malformed one is a failure, too, and no test e-mail leaves', async () => {
		process.env[VARIABLE] = '{';
		const [item] = await check({ sendTestEmail: true }, { testAddress: 'admin@example.test' });
		expect(item?.json).toMatchObject({ ok: false, globalConnector: { ok: false } });
		expect(sink.mails).toEqual([]);
	});
});
