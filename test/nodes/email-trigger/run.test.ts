import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { startEmailTrigger } from '../../../nodes/EmailTrigger/run';
import { startImapServer, type ImapServer } from '../../support/imap-server';

/** n8n around an active Email Trigger: its credential may change while the trigger runs. */
function createContext(staticData: Record<string, unknown>, readPort: () => number) {
	const log = () => undefined;
	return {
		logger: { debug: log, info: log, warn: log, error: log },
		getMode: () => 'trigger',
		getActivationMode: () => 'activate',
		getTimezone: () => 'UTC',
		getNode: () => ({ id: 'n1', name: 'Email Trigger' }),
		getWorkflow: () => ({ id: 'w1' }),
		getWorkflowStaticData: () => staticData,
		getNodeParameter: (_name: string, fallback: unknown) => fallback,
		getCredentials: async () => ({
			emailService: 'other',
			useFor: 'incoming',
			incomingHost: '127.0.0.1',
			incomingPort: readPort(),
			incomingSecurity: 'none',
			user: 'ada@example.com',
			password: 'secret',
		}),
		emit: log,
	} as unknown as ITriggerFunctions;
}

let server: ImapServer;
let trigger: ITriggerResponse | undefined;

beforeEach(async () => {
	server = await startImapServer();
});
afterEach(async () => {
	await trigger?.closeFunction?.();
	await server.close();
});

describe('an active trigger', () => {
	it('keeps the checkpoint under the account that its corrected connector leads to', async () => {
		const gone = await startImapServer();
		await gone.close();
		const ports = [gone.port, gone.port];
		const staticData: Record<string, unknown> = {};
		trigger = await startEmailTrigger(
			createContext(staticData, () => ports.shift() ?? server.port),
		);
		await server.waitFor('IDLE');
		expect(staticData).toHaveProperty(
			[`emailTrigger n1 imap://ada@example.com@127.0.0.1:${server.port} INBOX`, 'checkpoint'],
			expect.objectContaining({ open: [] }),
		);
	});
});
