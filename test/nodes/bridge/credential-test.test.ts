import type { INodeCredentialTestResult } from 'n8n-workflow';
import { testConnector } from '../../../nodes/bridge/credential-test';
import { RELAY_PASSWORD, relayValue } from '../../support/administrator';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink';

let team: SmtpSink;
let relay: SmtpSink;
const before = { ...process.env };

beforeEach(async () => {
	team = await startSmtpSink({ users: { 'team@example.test': 'team-password' } });
	relay = await startSmtpSink({ users: { 'relay@corp.test': RELAY_PASSWORD } });
});

afterEach(async () => {
	process.env = { ...before };
	await Promise.all([team.close(), relay.close()]);
});

function force(changes: Readonly<Record<string, unknown>> = {}): void {
	const { host: outgoingHost, port: outgoingPort } = relay;
	process.env['N8N_EMAIL_GLOBAL_CONNECTOR'] = JSON.stringify(
		relayValue({ outgoingHost, outgoingPort, outgoingSecurity: 'none', ...changes }),
	);
}

async function press(
	changes: Readonly<Record<string, string | number>> = {},
): Promise<INodeCredentialTestResult> {
	return await testConnector('smtpImapApi', {
		id: '7',
		name: 'Team',
		type: 'smtpImapApi',
		data: {
			emailService: 'other',
			useFor: 'outgoing',
			outgoingHost: team.host,
			outgoingPort: team.port,
			outgoingSecurity: 'none',
			user: 'team@example.test',
			password: 'team-password',
			...changes,
		},
	});
}

describe('the test of a connector', () => {
	it('says nothing of a global connector where there is none', async () => {
		const { status, message } = await press();
		expect([status, message]).toEqual(['OK', expect.not.stringContaining('global')]);
		expect(relay.connections).toBe(0);
	});

	it('says that a global connector is in force, and that both work', async () => {
		force();
		const { status, message } = await press();
		expect(status).toBe('OK');
		expect(message).toContain(
			'All e-mail leaves by the administrator\'s global connector "Company relay" (set in the environment of n8n), which works.',
		);
		expect([team.signIns, relay.signIns]).toEqual([1, 1]);
	});

	it('fails where the global connector fails, and says which', async () => {
		force({ password: 'not-it-at-all' });
		const { status, message } = await press();
		expect(status).toBe('Error');
		expect(message).toMatch(
			/^All e-mail leaves by .*"Company relay".*, which does not work\. Outgoing failed while signing in/,
		);
		expect(message).toContain('Outgoing: signed in');
		expect(message).not.toContain('not-it-at-all');
	});

	it('fails where the connector itself fails, though its e-mail leaves by another', async () => {
		force();
		const { status, message } = await press({ password: 'wrong-password' });
		expect([status, message]).toEqual(['Error', expect.stringMatching(/^Outgoing failed/)]);
		expect(message).toContain('which works');
	});

	it('fails where the connector has a wrong field, and checks the global connector all the same', async () => {
		force();
		const { status, message } = await press({ outgoingPort: 'x' });
		expect([status, message]).toEqual(['Error', expect.stringContaining('Outgoing Port')]);
		expect(message).toContain('which works');
	});

	it('fails where the global connector is malformed, and names the place', async () => {
		process.env['N8N_EMAIL_GLOBAL_CONNECTOR'] = `{"password":"${RELAY_PASSWORD}"}`;
		const { status, message } = await press();
		expect([status, message]).toEqual([
			'Error',
			expect.stringContaining('N8N_EMAIL_GLOBAL_CONNECTOR: outgoingHost must be filled'),
		]);
		expect(message).not.toContain(RELAY_PASSWORD);
	});

	it('sends its test e-mail by the global connector and by its rules', async () => {
		force({ redirectAllTo: 'qa@corp.test', bccArchive: 'archive@corp.test' });
		const { status, message } = await press({ testAddress: 'ann@example.test' });
		expect([status, message]).toEqual([
			'OK',
			expect.stringMatching(/which works: the test e-mail to qa@corp.test was accepted: 250/),
		]);
		expect(team.mails).toEqual([]);
		expect(relay.mails.map(({ to }) => to)).toEqual([['qa@corp.test', 'archive@corp.test']]);
	});
});
