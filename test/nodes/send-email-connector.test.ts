import { inspect } from 'node:util';
import { simpleParser } from 'mailparser';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { executeSendEmail } from '../../nodes/SendEmail/run';
import { openSending } from '../../nodes/SendEmail/sending';
import { RELAY_PASSWORD, relayValue } from '../support/administrator';
import { executeContext } from '../support/execute-context';
import { outgoingMessage } from '../support/sending';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink';

const TEAM_PASSWORD = 'team-password';

let team: SmtpSink;
let relay: SmtpSink;
const before = { ...process.env };

beforeEach(async () => {
	team = await startSmtpSink({ users: { 'team@example.test': TEAM_PASSWORD } });
	relay = await startSmtpSink({ users: { 'relay@corp.test': RELAY_PASSWORD } });
});

afterEach(async () => {
	process.env = { ...before };
	await Promise.all([team.close(), relay.close()]);
});

function toValue(changes: Readonly<Record<string, unknown>> = {}): string {
	const { host: outgoingHost, port: outgoingPort } = relay;
	return JSON.stringify(
		relayValue({ outgoingHost, outgoingPort, outgoingSecurity: 'none', ...changes }),
	);
}

function force(rules: Readonly<Record<string, unknown>> = {}): void {
	process.env['N8N_EMAIL_GLOBAL_CONNECTOR'] = toValue(rules);
}

interface Changes {
	readonly parameters?: Readonly<Record<string, unknown>>;
	readonly credential?: Readonly<Record<string, string | number | boolean>>;
	readonly continueOnFail?: boolean;
}

function context({ parameters, credential, continueOnFail }: Changes = {}) {
	return executeContext({
		items: [{ json: {} }],
		continueOnFail,
		parameters: {
			connector: 'smtpImapApi',
			operation: 'send',
			to: 'ann@example.test',
			subject: 'Hello',
			messageFormat: 'text',
			text: 'Hello Ann',
			...parameters,
		},
		credential: {
			emailService: 'other',
			useFor: 'outgoing',
			outgoingHost: team.host,
			outgoingPort: team.port,
			outgoingSecurity: 'none',
			user: 'team@example.test',
			password: TEAM_PASSWORD,
			fromName: 'Team',
			connectionTimeoutMs: 2_000,
			...credential,
		},
	});
}

async function send(changes?: Changes) {
	const [[item] = []] = await executeSendEmail(context(changes));
	return item?.json;
}

async function failure(work: Promise<unknown>): Promise<NodeApiError | NodeOperationError> {
	const error: unknown = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	throw new Error(`It should have failed as n8n's nodes do, but: ${String(error)}`);
}

describe('a global connector in force', () => {
	it('sends what is asked of another connector, which the mail is still from', async () => {
		force();
		const json = await send();
		expect([team.connections, relay.mails.length]).toEqual([0, 1]);
		expect(relay.mails[0]).toMatchObject({ user: 'relay@corp.test', from: 'team@example.test' });
		const mail = await simpleParser(relay.mails[0]?.raw ?? '');
		expect(mail.from?.value).toEqual([{ name: 'Team', address: 'team@example.test' }]);
		expect(json?.['connector']).toEqual({
			asked: 'Support mailbox',
			used: 'Company relay',
			override: 'environment',
		});
	});

	it('comes from a credential overwrite as well', async () => {
		const globalConnector = toValue();
		process.env['CREDENTIALS_OVERWRITE_DATA'] = JSON.stringify({
			smtpImapApi: { globalConnector },
		});
		const json = await send();
		expect([team.connections, relay.mails.length]).toEqual([0, 1]);
		expect(json?.['connector']).toMatchObject({ override: 'overwrite' });
	});

	it('is not what a user has stored in the hidden field', async () => {
		const json = await send({ credential: { globalConnector: toValue() } });
		expect([team.mails.length, relay.connections]).toEqual([1, 0]);
		expect(json?.['connector']).toEqual({ asked: 'Support mailbox', used: 'Support mailbox' });
	});

	it('is not replaced by what a user has stored in the hidden field', async () => {
		force();
		const own = JSON.stringify(
			relayValue({ outgoingHost: team.host, outgoingPort: team.port, outgoingSecurity: 'none' }),
		);
		await send({ credential: { globalConnector: own } });
		expect([team.connections, relay.mails.length]).toEqual([0, 1]);
	});

	it('names those whom a redirected mail was for, and nobody of them gets it', async () => {
		force({ redirectAllTo: 'qa@corp.test', bccArchive: 'archive@corp.test', forceFrom: true });
		const parameters = { cc: 'bob@example.test', bcc: 'eve@example.test' };
		const json = await send({ parameters });
		expect(relay.mails[0]).toMatchObject({
			from: 'relay@corp.test',
			to: ['qa@corp.test', 'archive@corp.test'],
		});
		expect(json).toMatchObject({
			accepted: ['qa@corp.test', 'archive@corp.test'],
			connector: {
				redirectedFrom: {
					to: ['ann@example.test'],
					cc: ['bob@example.test'],
					bcc: ['eve@example.test'],
				},
			},
		});
		const mail = await simpleParser(relay.mails[0]?.raw ?? '');
		expect(mail.replyTo?.text).toContain('team@example.test');
	});

	it('sends although the connector asked for is broken: its servers do not matter', async () => {
		force();
		await send({ credential: { outgoingHost: '', outgoingPort: 'x', password: '', caPem: 'x' } });
		expect(relay.mails).toHaveLength(1);
	});

	it.each([
		['is switched off', { enabled: false }, /switched off.*Support mailbox/],
		['is for incoming mail only', { useFor: 'incoming' }, /not made for this.*Support mailbox/],
		['has no valid From', { fromAddress: 'nobody' }, /From Address/],
	])('sends nothing for a connector that %s', async (_, credential, message) => {
		force();
		expect((await failure(send({ credential }))).message).toMatch(message);
		expect([team.connections, relay.connections]).toEqual([0, 0]);
	});

	it('applies its rules also to messages that are written and not sent', async () => {
		force({ redirectAllTo: 'qa@corp.test', forceFrom: true });
		const sending = await openSending(context());
		expect(sending.apply(outgoingMessage())).toMatchObject({
			from: { address: 'relay@corp.test' },
			to: [{ address: 'qa@corp.test' }],
		});
		expect(sending.override).toMatchObject({ origin: 'environment' });
		await sending.close();
	});

	it.each([
		['no JSON', '{'],
		['no host', JSON.stringify(relayValue({ outgoingHost: '' }))],
		['a slip of the pen', JSON.stringify(relayValue({ redirectAlTo: 'qa@corp.test' }))],
	])('that is malformed (%s) lets nothing leave by any door', async (_, value) => {
		process.env['N8N_EMAIL_GLOBAL_CONNECTOR'] = value;
		const error = await failure(send());
		expect(error.message).toContain('N8N_EMAIL_GLOBAL_CONNECTOR');
		expect(error.description).toContain('no e-mail leaves');
		expect([team.connections, relay.connections]).toEqual([0, 0]);
	});

	it('whose server refuses the From says whose connector it is and what may be done', async () => {
		force();
		relay.behave('mailFrom', () => '553 5.7.1 Sender address not owned');
		const error = await failure(send());
		expect(error.message).toMatch(
			/not let this account send from this address \(team@example.test\)/,
		);
		expect(error.description).toContain('Company relay');
		expect(error.description).toContain('relay@corp.test');
		expect(error.description).toContain('forceFrom');
	});

	it('keeps its password out of items, errors and the log', async () => {
		const lines: string[] = [];
		const record = (line: unknown) => void lines.push(inspect(line, { depth: 9 }));
		const logger = { debug: record, info: record, warn: record, error: record };
		const run = async (changes: Changes) => {
			const given = Object.assign(context({ continueOnFail: true, ...changes }), { logger });
			return inspect(await executeSendEmail(given), { depth: 20 });
		};
		force();
		relay.behave('signIn', () => `535 5.7.8 Not this password`);
		const seen = [await run({})];
		relay.behave('signIn', undefined);
		seen.push(await run({}));
		relay.behave('data', () => `554 5.7.1 Refused`);
		seen.push(await run({}));
		const error = await failure(send());
		seen.push(inspect(error, { depth: 20 }), JSON.stringify(error));
		expect(seen[0]).toContain('535');
		expect(seen[1]).toContain('Company relay');
		expect(seen[2]).toContain('554');
		for (const text of [...seen, ...lines]) expect(text).not.toContain(RELAY_PASSWORD);
	});
});

describe('the default connector', () => {
	const parameters = { connector: 'default' };

	it('sends where the node leaves the choice to the administrator', async () => {
		process.env['N8N_EMAIL_DEFAULT_CONNECTOR'] = toValue();
		const json = await send({ parameters });
		expect([team.connections, relay.mails.length]).toEqual([0, 1]);
		expect(relay.mails[0]?.from).toBe('relay@corp.test');
		expect(json?.['connector']).toEqual({ asked: 'Company relay', used: 'Company relay' });
	});

	it('does not send where the node has chosen', async () => {
		process.env['N8N_EMAIL_DEFAULT_CONNECTOR'] = toValue();
		await send();
		expect([team.mails.length, relay.connections]).toEqual([1, 0]);
	});

	it('that nobody has set is an error, and never another sender', async () => {
		const error = await failure(send({ parameters }));
		expect(error.message).toMatch(/No default connector is set/);
		expect(error.description).toContain('N8N_EMAIL_DEFAULT_CONNECTOR');
		expect(team.connections).toBe(0);
	});

	it('that is malformed is an error, and never another sender', async () => {
		process.env['N8N_EMAIL_DEFAULT_CONNECTOR'] = toValue({ outgoingHost: '' });
		const error = await failure(send({ parameters }));
		expect(error.message).toContain('N8N_EMAIL_DEFAULT_CONNECTOR: outgoingHost must be filled');
		expect([team.connections, relay.connections]).toEqual([0, 0]);
	});

	it('gives way to the global connector, and is not needed then', async () => {
		force({ name: 'Forced' });
		expect((await send({ parameters }))?.['connector']).toEqual({
			asked: 'Default of This n8n',
			used: 'Forced',
			override: 'environment',
		});
		process.env['N8N_EMAIL_DEFAULT_CONNECTOR'] = toValue({ fromAddress: 'default@corp.test' });
		expect((await send({ parameters }))?.['connector']).toMatchObject({ asked: 'Company relay' });
		expect(relay.mails.map(({ from }) => from)).toEqual(['relay@corp.test', 'default@corp.test']);
	});
});

describe('the choice of a connector', () => {
	it.each(['={{ $json.connector }}', 'gmailOAuth2', 'toString', 7])(
		'%j is refused: nothing that an item may bring decides who sends',
		async (connector) => {
			process.env['N8N_EMAIL_DEFAULT_CONNECTOR'] = toValue();
			const error = await failure(send({ parameters: { connector } }));
			expect(error.message).toContain('Connector: must be chosen from the list');
			expect([team.connections, relay.connections]).toEqual([0, 0]);
		},
	);

	it('of an older workflow, which knew of no choice, is its credential', async () => {
		await send({ parameters: { connector: undefined } });
		expect(team.mails).toHaveLength(1);
	});
});

describe('a From that the server refuses', () => {
	it('is named with the server’s words and the remedy', async () => {
		team.behave('mailFrom', () => '553 5.7.1 Sender address not owned');
		const error = await failure(send({ parameters: { fromAddress: 'alias@example.test' } }));
		expect(error.message).toMatch(/send from this address \(alias@example.test\).*not owned/);
		expect(error.description).toMatch(/Use the address of the account, or an alias/);
	});

	it('is named also where the server says so of the recipient only', async () => {
		team.behave('recipient', () => '553 5.7.1 Sender address not owned');
		const error = await failure(send({ parameters: { fromAddress: 'alias@example.test' } }));
		expect(error.message).toMatch(/send from this address \(alias@example.test\)/);
	});
});
