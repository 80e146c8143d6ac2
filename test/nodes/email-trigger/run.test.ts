import type { ITriggerResponse } from 'n8n-workflow';
import { startEmailTrigger } from '../../../nodes/EmailTrigger/run';
import { startImapServer, type ImapServer } from '../../support/imap-server';
import { createTriggerContext, useUserFolder } from '../../support/trigger-context';

let server: ImapServer;
let trigger: ITriggerResponse | undefined;

useUserFolder();
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
			createTriggerContext(staticData, { readPort: () => ports.shift() ?? server.port }),
		);
		await server.waitFor('IDLE');
		expect(staticData).toHaveProperty(
			[`emailTrigger n1 imap://ada@example.com@127.0.0.1:${server.port} INBOX`, 'checkpoint'],
			expect.objectContaining({ open: [] }),
		);
	});
});
